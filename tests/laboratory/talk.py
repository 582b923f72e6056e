"""What was said on a connection: requests and their answers, with when each began.

Read forgivingly: a hostile body speaks no clean HTTP, and what is cut off was on the wire all the same.
"""

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.I)
_ENCODING = re.compile(rb"\r\ncontent-encoding:[ \t]*([^\r]+)", re.I)
_CHUNK = re.compile(rb"([0-9a-fA-F]+)[^\r\n]*\r\n")
_BODILESS = re.compile(rb"HTTP/1\.[01] (1\d\d|204|304)\b")


class NotReadableError(Exception):
    """Something is packed in a way that nobody here can open, and so cannot be searched."""


@dataclass
class Said:
    """One direction: pieces in the order of the stream, with the moment of each."""

    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    is_whole: bool = True

    @property
    def content(self) -> bytes:
        return b"".join(piece for _, piece in self.pieces)

    def moments(self, places: Sequence[int]) -> list[float]:
        """When the byte at each place was first seen."""
        ends = list(accumulate(len(piece) for _, piece in self.pieces))
        last = len(self.pieces) - 1
        return [self.pieces[min(last, bisect_right(ends, place))][0] for place in places]


@dataclass
class Conversation:
    """A connection that `client` opened to `server`; each is the name of a place, or None."""

    client: str | None
    server: str | None
    asked: Said = field(default_factory=Said)
    answered: Said = field(default_factory=Said)

    def exchanges(self) -> "Iterator[Exchange]":
        """Requests with their answers, in order; what fits no request stands with the last one."""
        requests, answers = _messages(self.asked), _messages(self.answered)
        began = 0.0
        for request, answer in zip_longest(requests, answers):
            if request is not None:
                began = request.began
            ended = answer.ended if answer is not None else request.ended
            yield Exchange(
                self,
                began,
                ended,
                b"" if request is None else request.content,
                b"" if answer is None else answer.content,
            )


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, each with its head and its unpacked body."""

    of: Conversation
    began: float
    ended: float
    request: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class _Message:
    began: float
    ended: float
    content: bytes


def _messages(said: Said) -> list[_Message]:
    content = said.content
    if not content:
        return []
    parts = list(_cut(content))
    begins = said.moments([start for start, _, _ in parts])
    ends = said.moments([max(start, end - 1) for start, end, _ in parts])
    texts = (text for _, _, text in parts)
    return [_Message(*found) for found in zip(begins, ends, texts, strict=True)]


def _cut(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Start, end, and text of each message; what is no message any more is one of its own."""
    place = 0
    while place < len(content):
        over = content.find(b"\r\n\r\n", place)
        if over < 0:
            yield place, len(content), content[place:]
            return
        head = content[place : over + 4]
        body, end = _body(content, head, over + 4)
        encoding = _ENCODING.search(head)
        packed = b"" if encoding is None else encoding[1].strip().lower()
        yield place, end, head + _unpacked(body, packed)
        place = end


def _body(content: bytes, head: bytes, start: int) -> tuple[bytes, int]:
    if _BODILESS.match(head):
        return b"", start
    if _CHUNKED.search(head):
        return _chunks(content, start)
    length = _LENGTH.search(head)
    if length is not None:
        end = min(len(content), start + int(length[1]))
        return content[start:end], end
    if head.startswith(b"HTTP/"):  # until the connection ends
        return content[start:], len(content)
    return b"", start


def _chunks(content: bytes, start: int) -> tuple[bytes, int]:
    parts = []
    while found := _CHUNK.match(content, start):
        size = int(found[1], 16)
        start = found.end()
        parts.append(content[start : start + size])
        start = min(len(content), start + size + 2)
        if size == 0 or start >= len(content):
            return b"".join(parts), start
    return b"".join([*parts, content[start:]]), len(content)


def _unpacked(body: bytes, encoding: bytes) -> bytes:
    if encoding in {b"", b"identity"}:
        return body
    if encoding not in {b"gzip", b"deflate"}:
        raise NotReadableError(f"a body is packed with {encoding.decode('latin-1')}")
    try:
        return zlib.decompressobj(47).decompress(body)
    except zlib.error as error:
        raise NotReadableError(f"a body cannot be unpacked: {error}") from error
