"""A load of HTTP requests from connections that stay open: as little of our own work as Python allows."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvloop

_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def written(self, host: str) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            lines += [f"Content-Length: {len(self.body)}", "Content-Type: application/json"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Measured:
    """What one round saw: requests per second, and the times of single requests in milliseconds."""

    per_second: float
    times_ms: tuple[float, ...]

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run_load(
    base_url: str, requests: Callable[[], Iterator[Request]], *, connections: int, seconds: float
) -> Measured:
    """Measure on a fast event loop of its own; call it from a thread."""
    return uvloop.run(_measure(base_url, requests, connections=connections, seconds=seconds))


async def _measure(
    base_url: str, requests: Callable[[], Iterator[Request]], *, connections: int, seconds: float
) -> Measured:
    """Send what `requests` gives, over `connections` connections at once, for `seconds`.

    Every answer must be a success: a benchmark of errors is none.
    """
    address = urlsplit(base_url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    sources = [requests() for _ in range(connections)]
    opened = [await asyncio.open_connection(host, port, limit=2**22) for _ in range(connections)]
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    times = await asyncio.gather(
        *(
            _converse(reader, writer, source, f"{host}:{port}", until)
            for (reader, writer), source in zip(opened, sources, strict=True)
        )
    )
    took = time.perf_counter() - began
    for _, writer in opened:
        writer.close()
        await writer.wait_closed()
    flat = tuple(one for connection in times for one in connection)
    return Measured(len(flat) / took, flat)


async def _converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Iterator[Request],
    host: str,
    until: float,
) -> list[float]:
    times = []
    for request in requests:
        began = time.perf_counter()
        if began >= until:
            break
        writer.write(request.written(host))
        head = await reader.readuntil(_HEAD_END)
        length = _content_length(head)
        body = await reader.readexactly(length) if length else b""
        if not head.startswith(b"HTTP/1.1 2"):
            raise NotASuccess(f"{request.method} {request.path}: {head[:40]!r} {body[:300]!r}")
        times.append((time.perf_counter() - began) * 1000)
    return times


def _content_length(head: bytes) -> int:
    lower = head.lower()
    start = lower.find(b"content-length:")
    return 0 if start < 0 else int(lower[start + 15 : lower.find(b"\r\n", start)])


class NotASuccess(Exception):  # noqa: N818 - ends the run
    """An answer was not a success."""
