"""A real HTTP server in the test's own event loop, which answers or fails as a script says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

DROP = "drop"  # takes the request and dies before it answers
REFUSE = "refuse"  # hangs up before it has read anything
HANG = "hang"
OK = "204 No Content"


@dataclass(frozen=True, slots=True)
class Received:
    """One request: headers by lower-case name."""

    method: str
    target: str
    headers: dict[str, str]
    content: bytes


@dataclass
class Receiver:
    """`script` is what becomes of the next requests, a status line's end each, with headers after a
    newline; everything after it is answered `otherwise`. `requests` are those that were read."""

    script: list[str] = field(default_factory=list)
    otherwise: str = OK
    body: bytes = b""
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            while await self._answered(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open.discard(task)
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        play = self.script.pop(0) if self.script else self.otherwise
        if play == REFUSE:
            return False
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        method, target, _ = first.split(" ")
        self.requests.append(Received(method, target, headers, content))
        if play == HANG:
            await asyncio.sleep(3600)
        if play == DROP:
            return False
        status, _, extra = play.partition("\n")
        more = f"{extra}\r\n" if extra else ""
        length = 0 if status.startswith("204") else len(self.body)
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}\r\n".encode() + self.body[:length]
        )
        await writer.drain()
        return True


@contextlib.asynccontextmanager
async def http_receiver(receiver: Receiver) -> AsyncIterator[int]:
    """The receiver behind a port of its own on loopback."""
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(receiver.open):
            task.cancel()
        await server.wait_closed()
