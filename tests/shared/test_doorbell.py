"""Waiting for news."""

import asyncio

import pytest

from gevinst_shared.db.engine import Database
from gevinst_shared.feed.doorbell import Doorbell


async def test_who_is_stopped_while_the_bell_rings_is_stopped() -> None:
    """A worker that misses it waits on for ever, and its process never ends."""
    bell = Doorbell(Database({}, size=1, queue_role="nobody"), "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    waiting = asyncio.create_task(bell.wait(60))
    await asyncio.sleep(0.01)

    bell.end_waiting()
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
