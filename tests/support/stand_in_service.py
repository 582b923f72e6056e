"""A tiny service in the place of a real one: `python stand_in_service.py <name> serve|migrate|work`."""

import asyncio
import json
import os
import sys
import time
from typing import Any

import uvicorn

_FLAKY = iter([503])
_GOES_ON = asyncio.Event()
_STATUS = {
    "operationId": "get_status",
    "summary": "What answers here",
    "tags": ["Status"],
    "security": [],
    "responses": {"200": {"description": "ok"}},
}


async def stand_in(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    noun = scope["path"].split("/", 3)[3] if scope["path"].count("/") > 2 else scope["path"]
    if noun == "notifications/stream":
        await _stream(send)
        return
    if noun == "going-on":
        _GOES_ON.set()
    status, document = await _answer(noun, scope, receive)
    await _send(send, status, json.dumps(document).encode())


async def _answer(noun: str, scope: dict[str, Any], receive: Any) -> tuple[int, Any]:
    match noun:
        case "openapi.json":
            return 200, _openapi(scope["path"].split("/")[1])
        case "flaky":
            return next(_FLAKY, 200), {}
        case "events":
            await asyncio.sleep(float(scope["query_string"].rpartition(b"=")[2]))
            return 200, {"items": []}
        case "broken":
            return 403, {"said": "by the service"}
        case "process":
            return 200, {"process": os.getpid()}
        case _:
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            return 200, {"path": scope["path"], "headers": headers, "bytes": await _length(receive)}


def _openapi(service: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": "1.0.0"},
        "tags": [{"name": "Status", "description": "Is it there and well."}],
        "paths": {
            "/status": {"get": _STATUS},
            f"/{service}-things": {"get": {**_STATUS, "operationId": "list"}},
        },
        "components": {"schemas": {}},
    }


async def _length(receive: Any) -> int:
    length = 0
    while True:
        message = await receive()
        length += len(message.get("body", b""))
        if not message.get("more_body"):
            return length


async def _send(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"etag", b'"1"')]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(send: Any) -> None:
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for number in range(3):
        await send({"type": "http.response.body", "body": b"id: %d\n\n" % number, "more_body": True})
        await _GOES_ON.wait()
    await send({"type": "http.response.body", "body": b""})


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _main(service: str, verb: str) -> None:
    if verb == "serve":
        port = int(os.environ[f"GEVINST_{service.upper()}_PORT"])
        uvicorn.run(stand_in, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)
    elif verb == "work":
        while True:
            time.sleep(60)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
