"""Waiting for what happens elsewhere, with an end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(is_so: Callable[[], Awaitable[bool]], *, seconds: float, every: float = 0.05) -> None:
    """Ask again and again until it is so; `TimeoutError` after `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            if await is_so():
                return
            await asyncio.sleep(every)


async def awaited(found: Callable[[], Awaitable[T | None]], what: str) -> T:
    """What another service makes of an event of the first; it comes by the feed."""
    for _ in range(150):
        answer = await found()
        if answer is not None:
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError(f"{what} did not come within 15 s")
