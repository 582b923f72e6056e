"""Waiting for what happens elsewhere, with an end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
# Seconds until something that will not come is given up. A busy machine may take long for what comes.
PATIENCE = 90.0


async def until(
    is_so: Callable[[], Awaitable[bool]], *, seconds: float = PATIENCE, every: float = 0.05
) -> None:
    """Ask again and again until it is so; `TimeoutError` after `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            if await is_so():
                return
            await asyncio.sleep(every)


async def awaited(found: Callable[[], Awaitable[T | None]], what: str) -> T:
    """What another service makes of an event of the first; it comes by the feed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = await found()
                if answer is not None:
                    return answer
                await asyncio.sleep(0.1)
    raise AssertionError(f"{what} did not come within {PATIENCE:.0f} s")


async def together(acts: Iterable[Awaitable[T]], *, at_once: int = 8) -> list[T]:
    """Do them side by side, so many at a time."""
    room = asyncio.Semaphore(at_once)

    async def act(one: Awaitable[T]) -> T:
        async with room:
            return await one

    return await asyncio.gather(*map(act, acts))
