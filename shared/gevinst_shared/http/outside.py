"""Calls to addresses that people typed: only to where everybody may call (OWASP API7).

A host is resolved, refused unless every answer is public or in a network that was allowed, and called at
the very address that was looked at: a name that answers differently a moment later gains nothing. Redirects
are not followed and proxies of the environment not asked.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpcore

from gevinst_shared.values.networks import Address, Network, may_be_reached, read_address
from gevinst_shared.values.web_address import WebAddress

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""From host and port to every address that the host has; `OSError` when it has none."""

_MOST_CONNECTIONS = 100
_KEEP_SECONDS = 30.0
_MOST_POOLS = 32
# Of a call's time: one try to connect, or the handshake; finding and connecting together get twice that.
# Less than all of it, because the library closes a connection that it gave up itself, not one cut off.
_CONNECT_SHARE = 0.25
_MOST_ANSWER_BYTES = 4_000


class NotPublicError(Exception):
    """The host leads into somebody's house; nothing was sent."""


class NotReachedError(Exception):
    """No connection came about; nothing was sent."""


class AnswerLostError(Exception):
    """The request, or a part of it, left; the answer never came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by lower-case name, and the first 4,000 bytes of what was said."""

    status: int
    headers: Mapping[str, str]
    text: str


async def resolve(host: str, port: int) -> Sequence[Address]:
    """Ask the system's resolver; also reads the many ways to write an address as a number."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=1)
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
    """Posts to the outside, many at a time. Use it as `async with`.

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
        # The one used last is the last.
        self._pools: dict[tuple[Network, ...], httpcore.AsyncConnectionPool] = {}
        self._calls: Counter[tuple[Network, ...]] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def post(
        self,
        address: WebAddress,
        content: bytes,
        *,
        headers: Mapping[str, str],
        allowed: Iterable[Network] = (),
    ) -> Answer:
        """The answer, whatever its status; else `NotPublicError`, `NotReachedError` or `AnswerLostError`."""
        call = _Call(address, content, headers, self._seconds * _CONNECT_SHARE)
        try:
            async with asyncio.timeout(self._seconds), self._borrowed(tuple(allowed)) as pool:
                return await call.made(pool)
        except TimeoutError as error:
            raise call.failed(f"no answer within {self._seconds:g} seconds") from error
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
            raise call.failed(str(error) or type(error).__name__) from error

    @asynccontextmanager
    async def _borrowed(self, allowed: tuple[Network, ...]) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """The pool for those networks; the one that nobody has used for longest makes room for a new one."""
        pool = self._pools.pop(allowed, None) or self._pool(allowed)
        self._pools[allowed] = pool
        self._calls[allowed] += 1
        try:
            yield pool
        finally:
            self._calls[allowed] -= 1
            idle = [one for one in self._pools if self._calls[one] == 0]
            for one in idle[: max(0, len(self._pools) - _MOST_POOLS)]:
                del self._calls[one]
                await self._pools.pop(one).aclose()

    def _pool(self, allowed: Sequence[Network]) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls,
            max_connections=_MOST_CONNECTIONS,
            keepalive_expiry=_KEEP_SECONDS,
            network_backend=_Guarded(self._resolve, allowed, self._seconds * 2 * _CONNECT_SHARE),
        )


@dataclass(slots=True)
class _Call:
    """One request, which knows whether any of it has left."""

    address: WebAddress
    content: bytes
    headers: Mapping[str, str]
    connect_seconds: float
    is_out: bool = field(default=False)

    async def made(self, pool: httpcore.AsyncConnectionPool) -> Answer:
        address = self.address
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        headers: dict[bytes | str, bytes | str] = {"Host": address.authority, "User-Agent": "Gevinst"}
        headers.update({**self.headers, "Content-Length": str(len(self.content))})
        extensions: Any = {"trace": self._noted, "timeout": {"connect": self.connect_seconds}}
        async with pool.stream(
            "POST", url, headers=headers, content=self.content, extensions=extensions
        ) as response:
            said = bytearray()
            async for part in response.aiter_stream():
                said += part
                if len(said) >= _MOST_ANSWER_BYTES:
                    break
            text = bytes(said[:_MOST_ANSWER_BYTES]).decode("utf-8", "replace")
            return Answer(response.status, _named(response.headers), text)

    def failed(self, text: str) -> NotReachedError | AnswerLostError:
        return AnswerLostError(text) if self.is_out else NotReachedError(text)

    async def _noted(self, name: str, _what: Mapping[str, Any]) -> None:
        if name.endswith(".send_request_headers.started"):
            self.is_out = True


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at, and to no others."""

    def __init__(self, resolve: Resolve, allowed: Sequence[Network], seconds: float) -> None:
        self._resolve = resolve
        self._seconds = seconds
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        async with asyncio.timeout(self._seconds):
            return await self._first(host, port, timeout, local_address, socket_options)

    async def _first(
        self,
        host: str,
        port: int,
        *rest: Any,
    ) -> httpcore.AsyncNetworkStream:
        """The stream to the first of the host's addresses that answers."""
        addresses = await self._resolve(host, port)
        if not all(may_be_reached(one, self._allowed) for one in addresses):
            raise NotPublicError(f"{host} leads to an address that is not public")
        failed: Exception = OSError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(str(address), port, *rest)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise NotPublicError("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _named(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
