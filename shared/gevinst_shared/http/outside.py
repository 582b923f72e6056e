"""Calls to addresses that people typed: only to where everybody may call (OWASP API7).

A host is resolved, refused unless every answer is public or in a network that was allowed, and called at
the very address that was looked at: a name that answers differently a moment later gains nothing. Redirects
are not followed and proxies of the environment not asked.

HTTP/1.1 over asyncio's own streams: a call costs a fifth of what it does through a general client.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

import h11

from gevinst_shared.values.networks import Address, Network, may_be_reached, read_address
from gevinst_shared.values.web_address import WebAddress

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""From host and port to every address that the host has; `OSError` when it has none."""

_MOST_KEPT = 100
# Threads of their own, many: a name whose servers are silent takes one for half a minute, and the loop's own
# few are for everything else.
_RESOLVERS = ThreadPoolExecutor(max_workers=64, thread_name_prefix="resolve")
_KEEP_SECONDS = 30.0
# Of a call's time: one try to connect, or the handshake; finding and connecting together get twice that.
_CONNECT_SHARE = 0.25
# Each costs some microseconds, in which nobody else is called: 8 MiB in 20,000 parts are 400 bytes in each.
_MOST_PARTS = 20_000
_MOST_ANSWER_BYTES = 4_000  # of what is said to a post


class NotPublicError(Exception):
    """The host leads into somebody's house; nothing was sent."""


class NotReachedError(Exception):
    """No connection came about; nothing was sent."""


class AnswerLostError(Exception):
    """The request, or a part of it, left; the answer never came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by lower-case name, and what was said, as far as it was read."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


async def resolve(host: str, port: int) -> Sequence[Address]:
    """Ask the system's resolver; also reads the many ways to write an address as a number."""
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.get_running_loop().run_in_executor(_RESOLVERS, ask)
    except UnicodeError as error:
        raise OSError("not a name") from error
    return list(dict.fromkeys(read_address(str(entry[4][0])) for entry in found))


async def found_addresses(
    address: WebAddress, resolve: Resolve = resolve, *, seconds: float = 2.0
) -> Sequence[Address]:
    """Every address that the host has at the moment; none when it has none, or nobody says in time."""
    try:
        async with asyncio.timeout(seconds):
            return await resolve(address.host, address.port)
    except OSError:
        return []


class Outside:
    """Calls to the outside, many at a time. Use it as `async with`.

    Each call ends within `seconds`. Connections are kept for a while, for callers who are allowed the very
    same networks: another may not be allowed where they lead.
    """

    def __init__(
        self,
        *,
        seconds: float = 20.0,
        resolve: Resolve = resolve,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._seconds = seconds
        self._resolve = resolve
        self._tls = tls_context or ssl.create_default_context()
        self._kept: list[_Line] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._kept:
            await self._kept.pop().close()

    async def post(
        self,
        address: WebAddress,
        content: bytes,
        *,
        headers: Mapping[str, str],
        allowed: Iterable[Network] = (),
    ) -> Answer:
        """The answer, whatever its status, of which the first 4,000 bytes are read; else `NotPublicError`,
        `NotReachedError` or `AnswerLostError`."""
        return await self._called(_Call("POST", address, content, headers, _MOST_ANSWER_BYTES), allowed)

    async def get(
        self,
        address: WebAddress,
        *,
        headers: Mapping[str, str],
        allowed: Iterable[Network] = (),
        most_bytes: int,
    ) -> Answer:
        """As `post`; of an answer longer than `most_bytes` one byte more is read, and nothing else."""
        return await self._called(_Call("GET", address, b"", headers, most_bytes + 1), allowed)

    async def _called(self, call: "_Call", allowed: Iterable[Network]) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._made(call, tuple(allowed))
        except TimeoutError as error:
            raise call.failed(f"no answer within {self._seconds:g} seconds") from error
        except (h11.ProtocolError, OSError) as error:
            raise call.failed(str(error) or type(error).__name__) from error

    async def _made(self, call: "_Call", allowed: tuple[Network, ...]) -> Answer:
        address = call.address
        leads_to = (address.scheme, address.host, address.port, allowed)
        line = self._take(leads_to) or await self._connected(address, leads_to)
        try:
            answer = await call.made(line)
        except BaseException:
            line.cut()
            raise
        if line.is_ready_again():
            self._kept.append(line)
            if len(self._kept) > _MOST_KEPT:
                self._kept.pop(0).cut()
        else:
            line.cut()
        return answer

    def _take(self, leads_to: "_LeadsTo") -> "_Line | None":
        """The connection there that was used last, when one was kept."""
        fresh = []
        for line in self._kept:
            if line.is_fresh():
                fresh.append(line)
            else:
                line.cut()
        self._kept = fresh
        found = next((line for line in reversed(fresh) if line.leads_to == leads_to), None)
        if found is not None:
            fresh.remove(found)
        return found

    async def _connected(self, address: WebAddress, leads_to: "_LeadsTo") -> "_Line":
        async with asyncio.timeout(self._seconds * 2 * _CONNECT_SHARE):
            there = await self._reached(address, leads_to[-1])
        is_tls = address.scheme == "https"
        try:
            _, line = await asyncio.get_running_loop().create_connection(
                lambda: _Line(leads_to),
                sock=there,
                ssl=self._tls if is_tls else None,
                server_hostname=address.host if is_tls else None,
                ssl_handshake_timeout=self._seconds * _CONNECT_SHARE if is_tls else None,
            )
        except BaseException:
            there.close()
            raise
        return line

    async def _reached(self, address: WebAddress, allowed: Sequence[Network]) -> socket.socket:
        """The first of the host's addresses that answers; to none when one of them is not public."""
        addresses = await self._resolve(address.host, address.port)
        if not all(may_be_reached(one, allowed) for one in addresses):
            raise NotPublicError(f"{address.host} leads to an address that is not public")
        failed: Exception = OSError(f"{address.host} has no address")
        for one in addresses:
            try:
                async with asyncio.timeout(self._seconds * _CONNECT_SHARE):
                    return await _connected_socket(one, address.port)
            except (OSError, TimeoutError) as error:
                failed = error
        raise failed


_LeadsTo = tuple[str, str, int, tuple[Network, ...]]
"""Scheme, host, port, and the networks that were allowed when it was connected."""


class _Line(asyncio.Protocol):
    """A connection, for one call at a time."""

    _transport: asyncio.Transport

    def __init__(self, leads_to: _LeadsTo) -> None:
        self.leads_to = leads_to
        self._spoken = h11.Connection(h11.CLIENT)
        self._heard = bytearray()
        self._news = asyncio.Event()
        self._is_over = False
        self._kept_until = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        self._news.set()

    def eof_received(self) -> None:
        self._is_over = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.eof_received()

    def send(self, request: h11.Request, content: bytes) -> None:
        parts = (request, h11.Data(content), h11.EndOfMessage())
        self._transport.write(b"".join(self._spoken.send(part) or b"" for part in parts))

    async def next_event(self) -> object:
        """What the receiver says next, as `h11` reads it."""
        while (event := self._spoken.next_event()) is h11.NEED_DATA:
            self._news.clear()
            if not self._heard and not self._is_over:
                await self._news.wait()
            self._spoken.receive_data(bytes(self._heard))  # nothing at all says that it is over
            self._heard.clear()
        return event

    def is_ready_again(self) -> bool:
        """Whether both have said all they had to say and the receiver holds the line."""
        if self._spoken.our_state is not h11.DONE or self._spoken.their_state is not h11.DONE:
            return False
        self._spoken.start_next_cycle()
        self._kept_until = time.monotonic() + _KEEP_SECONDS
        return True

    def is_fresh(self) -> bool:
        """Whether the next call can have it: what was said unasked would pass for that call's answer."""
        return not (self._heard or self._is_over) and time.monotonic() < self._kept_until

    def cut(self) -> None:
        self._transport.abort()

    async def close(self) -> None:
        """Hang up, and wait a moment until that is done."""
        if self._is_over:
            self._transport.abort()
            return
        self._news.clear()
        self._transport.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._news.wait()


@dataclass(slots=True)
class _Call:
    """One request, which knows whether any of it has left. Of the answer `most_bytes` are read."""

    method: str
    address: WebAddress
    content: bytes
    headers: Mapping[str, str]
    most_bytes: int
    is_out: bool = field(default=False)

    async def made(self, line: _Line) -> Answer:
        headers = {"Host": self.address.authority, "User-Agent": "Gevinst", **self.headers}
        if self.method == "POST":
            headers["Content-Length"] = str(len(self.content))
        request = h11.Request(method=self.method, target=self.address.target, headers=list(headers.items()))
        self.is_out = True
        line.send(request, self.content)
        response, said, parts = None, bytearray(), 0
        while len(said) < self.most_bytes:
            event = await line.next_event()
            parts += 1
            if parts > _MOST_PARTS:
                raise ConnectionAbortedError("the answer came in too many parts")
            if isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                said += event.data
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                break
        if response is None:
            raise ConnectionResetError("the receiver hung up")
        return Answer(response.status_code, _named(response.headers), bytes(said[: self.most_bytes]))

    def failed(self, text: str) -> NotReachedError | AnswerLostError:
        return AnswerLostError(text) if self.is_out else NotReachedError(text)


async def _connected_socket(address: Address, port: int) -> socket.socket:
    there = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6)
    try:
        there.setblocking(False)  # noqa: FBT003 - the library's signature
        await asyncio.get_running_loop().sock_connect(there, (str(address), port))
    except BaseException:
        there.close()
        raise
    return there


def _named(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
