"""HTTP out: one client per process, with timeouts, retries of safe calls, and the caller's trace."""

import asyncio
import random
import ssl

import httpx

from gevinst_shared.logs import request_id, trace_parent

_SAFE = frozenset({"GET", "HEAD"})
_TRANSIENT = frozenset({502, 503, 504})
_TRIES = 3
# For addresses without TLS: to read the trusted certificates takes longer than a call. Nobody is trusted.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def open_client(*, read_seconds: float = 10.0) -> httpx.AsyncClient:
    """A client for our own services and identity providers; close it at the end."""
    return httpx.AsyncClient(
        transport=RetryingTransport(httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=50))),
        timeout=httpx.Timeout(5.0, read=read_seconds),
        event_hooks={"request": [_carry_trace]},
        follow_redirects=False,
        trust_env=False,
    )


class RetryingTransport(httpx.AsyncBaseTransport):
    """Tries a safe call three times when the connection fails or the answer is a gateway's."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        tries = _TRIES if request.method in _SAFE else 1
        for attempt in range(1, tries):
            try:
                response = await self._inner.handle_async_request(request)
            except httpx.TransportError:
                await _pause(attempt)
                continue
            if response.status_code not in _TRANSIENT:
                return response
            await response.aclose()
            await _pause(attempt)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _pause(attempt: int) -> None:
    # Jitter, so that those who failed together do not come back together.
    await asyncio.sleep(random.uniform(0, 0.2 * 2**attempt))  # noqa: S311 - not a secret


async def _carry_trace(request: httpx.Request) -> None:
    if request_id.get():
        request.headers.setdefault("x-request-id", request_id.get())
    if trace_parent.get():
        request.headers.setdefault("traceparent", trace_parent.get())
