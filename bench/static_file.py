"""A file in memory behind an ASGI server, in the place of a service: what a picture costs at the least.

`python -m bench.static_file serve | work`; `/public/{n}.svg` answers n bytes.
"""

import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import uvicorn

from gevinst_shared.cli.blueprint import service_command

SERVICE = "notifications"  # which the pictures do without
_OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "A file", "version": "1"},
    "paths": {},
    "components": {},
    "tags": [],
}
Send = Callable[[dict[str, Any]], Awaitable[None]]


def with_a_file(service: str, verb: str) -> tuple[str, ...]:
    """How services are called in a house where one only serves the file."""
    if service != SERVICE or verb == "migrate":
        return service_command(service, verb)
    return (sys.executable, "-m", "bench.static_file", verb)


def file_path(size: int) -> str:
    return f"/{SERVICE}/v1/public/{size}.svg"


async def serve(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    name = scope["path"].rsplit("/", 1)[-1]
    body = json.dumps(_OPENAPI).encode() if name == "openapi.json" else _file(name)
    kind = b"application/json" if name == "openapi.json" else b"image/svg+xml"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@cache
def _file(name: str) -> bytes:
    size = name.removesuffix(".svg")
    return b"x" * int(size) if size.isdigit() else b"{}"


if __name__ == "__main__":
    if sys.argv[1] == "work":
        signal.pause()
    port = int(os.environ[f"GEVINST_{SERVICE.upper()}_PORT"])
    uvicorn.run(serve, port=port, access_log=False, log_level="warning")
