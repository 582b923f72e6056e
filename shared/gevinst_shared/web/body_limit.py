"""How large a request may be: 1 MB, unless its operation says otherwise.

The framework's own limit answers in plain text from outside the application; this one is refused where the
body is read, and so becomes a problem document like every other refusal.
"""

from collections.abc import Callable
from typing import TypeVar

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

MAX_BODY = 1_000_000
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def takes(most: int) -> Callable[[Endpoint], Endpoint]:
    """Let an operation take bodies of at most `most` bytes."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.max_body = most  # type: ignore[attr-defined]
        return endpoint

    return declare


def bounded(scope: Scope, receive: Receive) -> Receive:
    """`receive`, until more than the operation takes has come in."""
    read = 0
    announced = Headers(scope=scope).get("content-length", "0")

    async def receive_bounded() -> Message:
        nonlocal read
        most = getattr(getattr(scope.get("route"), "endpoint", None), "max_body", MAX_BODY)
        if announced.isdigit() and int(announced) > most:
            raise HTTPException(413)
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413)
        return message

    return receive_bounded
