"""A paper as an answer: written after the transaction has ended, in a thread, two at a time."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from urllib.parse import quote

from fastapi import Response
from starlette.types import Receive, Scope, Send

from gevinst_benefits.papers import printing, word_document
from gevinst_benefits.papers.model import Paper

# Whoever takes any bytes gets the first.
_BYTES = "application/octet-stream"
_WRITERS: Mapping[str, tuple[Callable[[Paper], bytes], str]] = {
    printing.MEDIA_TYPE: (printing.pdf, "pdf"),
    word_document.MEDIA_TYPE: (word_document.docx, "docx"),
    _BYTES: (printing.pdf, "pdf"),
}
OFFERED = tuple(_WRITERS)
# Another version of what writes a paper may write other bytes.
_WRITTEN_WITH = " ".join(f"{name} {version(name)}" for name in ("gevinst", "typst", "python-docx", "babel"))
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="papers")


class PaperResponse(Response):
    """Writes the paper while it answers, so that no transaction stays open meanwhile.

    `known` is the request's `If-None-Match`: the tag of a paper that the caller has is answered 304 without
    writing it again. The same paper in the same form has the same tag and the same bytes.
    """

    def __init__(self, paper: Paper, media: str, *, known: str | None) -> None:
        self._paper = paper
        self._write, ending = _WRITERS[media]
        tag = _tag(paper, media)
        headers = {
            "ETag": tag,
            "Vary": "Accept, Accept-Language",
            "Content-Language": paper.language,
            "Content-Disposition": disposition(f"{paper.name}.{ending}"),
        }
        self._is_known = tag in {one.strip().removeprefix("W/") for one in (known or "").split(",")}
        super().__init__(None, 304 if self._is_known else 200, headers=headers, media_type=media)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_known:
            loop = asyncio.get_running_loop()
            self.body = await loop.run_in_executor(_THREADS, self._write, self._paper)
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def disposition(name: str) -> str:
    """`Content-Disposition` of a download: the name in ASCII, and in full (RFC 6266, RFC 8187).

    Check: é.pdf gives `attachment; filename="_.pdf"; filename*=UTF-8''%C3%A9.pdf`.
    """
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "-.") else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _tag(paper: Paper, media: str) -> str:
    said = f"{_WRITTEN_WITH}\n{media}\n{paper!r}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:40]}"'
