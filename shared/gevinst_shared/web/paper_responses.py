"""Papers as answers: PDF or Word by `Accept`, written after the transaction has ended, in a thread."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, Response
from starlette.types import Receive, Scope, Send

from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.papers import printing, word_document
from gevinst_shared.papers.illustrations import illustrated
from gevinst_shared.papers.model import Paper
from gevinst_shared.web.etag import KnownTags, is_known
from gevinst_shared.web.house import house_of
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage, chosen_media

# Whoever takes any bytes gets the first.
_BYTES = "application/octet-stream"
_WRITERS: Mapping[str, tuple[Callable[[Paper], bytes], str]] = {
    printing.MEDIA_TYPE: (printing.pdf, "pdf"),
    word_document.MEDIA_TYPE: (word_document.docx, "docx"),
    _BYTES: (printing.pdf, "pdf"),
}
OFFERED = tuple(_WRITERS)
_BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 50_000_000}}
PAPER_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "A tagged PDF, or a Word document.", "content": dict.fromkeys(OFFERED, _BINARY)},
    304: {"description": "The paper that you have is the latest."},
    406: {"description": "Not available in that form."},
}
# Another version of what writes a paper may write other bytes.
_WRITTEN_WITH = " ".join(
    f"{name} {version(name)}" for name in ("gevinst", "typst", "python-docx", "vl-convert-python", "babel")
)
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="papers")


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """What a caller asks of any paper: its form, the reader's language, and the tag of the one they have."""

    media: str
    language: str
    known: str | None
    pictures: Pictures

    def answer(self, paper: Paper) -> "PaperResponse":
        return PaperResponse(paper, self)


async def _paper_request(
    request: Request,
    *,
    accept_language: AcceptLanguage = None,
    known: KnownTags = None,
) -> PaperRequest:
    media = chosen_media(request.headers.get("accept"), OFFERED)
    return PaperRequest(media, language_of(accept_language), known, house_of(request).pictures)


AskedPaper = Annotated[PaperRequest, Depends(_paper_request)]


class PaperResponse(Response):
    """Draws and writes the paper while it answers, so that no transaction stays open meanwhile.

    The tag of a paper that the caller has is answered 304 without writing it again. The same paper in the
    same form has the same tag and the same bytes; one that had to come without a picture has no tag, so that
    it is asked for again.
    """

    def __init__(self, paper: Paper, asked: PaperRequest) -> None:
        self._paper, self._pictures, media = paper, asked.pictures, asked.media
        self._write, ending = _WRITERS[media]
        tag = _tag(paper, media)
        headers = {
            "ETag": tag,
            "Vary": "Accept, Accept-Language",
            "Content-Language": paper.language,
            "Content-Disposition": disposition(f"{paper.name}.{ending}"),
        }
        self._is_known = is_known(asked.known, tag)
        super().__init__(None, 304 if self._is_known else 200, headers=headers, media_type=media)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_known:
            paper, is_whole = await illustrated(self._paper, self._pictures)
            if not is_whole:
                del self.headers["ETag"]
                self.headers["Cache-Control"] = "no-store"
            loop = asyncio.get_running_loop()
            self.body = await loop.run_in_executor(_THREADS, self._write, paper)
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
