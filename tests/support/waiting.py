"""Waiting for what happens elsewhere, with an end."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(is_so: Callable[[], Awaitable[bool]], *, seconds: float, every: float = 0.05) -> None:
    """Ask again and again until it is so; `TimeoutError` after `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            if await is_so():
                return
            await asyncio.sleep(every)
