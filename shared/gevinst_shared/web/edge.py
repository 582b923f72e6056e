"""The outermost layer of a service, as plain ASGI: path, request id, trace, headers, log line.

A framework middleware costs more than a hundred microseconds a request; this costs a few.
"""

import logging
import os
import re
import time
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gevinst_shared import logs
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.body_limit import bounded

_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000"),
]
_QUERY = "gevinst.query"
_log = logging.getLogger("gevinst.request")


class Edge:
    """Wraps the application; answers under `/{service}/v1/…` and, for its own probes, without it."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["root_path"] = self._root_path
        scope["query_string"] = scope.pop(_QUERY, scope["query_string"])
        headers = dict(scope["headers"])
        request_id = _uuid(headers.get(b"x-request-id"))
        logs.request_id.set(request_id)
        logs.trace_parent.set(_trace(headers.get(b"traceparent")))
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in _HEADERS if header[0] not in present),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, bounded(scope, receive), send_with_headers)
        finally:
            # The gateway writes a line for every request; here only what did not go well is worth one.
            level = logging.INFO if status >= 400 or not status else logging.DEBUG
            if _log.isEnabledFor(level):
                took = round((time.perf_counter() - started) * 1000, 1)
                # Without the query: it may carry what should not be kept.
                fields = {"method": scope["method"], "path": scope["path"], "status": status, "ms": took}
                _log.log(level, "request answered", extra=fields)


def without_query(scope: Scope) -> Scope:
    """The request as those see it who stand outside of `Edge`, which alone knows the query."""
    if scope["type"] != "http":
        return scope
    return {**scope, "query_string": b"", _QUERY: scope["query_string"]}


def _uuid(header: bytes | None) -> str:
    """The gateway's request id, or a new one."""
    if header is not None:
        try:
            return str(UUID(header.decode("latin-1")))
        except ValueError:
            pass
    return str(new_id())


def _trace(header: bytes | None) -> str:
    """The caller's W3C trace context with a span of our own, or a new trace."""
    random = os.urandom(24).hex()
    text = (header or b"").decode("latin-1")
    trace = text[3:35] if _TRACE.fullmatch(text) else random[:32]
    return f"00-{trace}-{random[32:]}-01"
