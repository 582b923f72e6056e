"""Reminding in the background: when the feeds are read as far as now, so that what is done is known (A6)."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from gevinst_notifications.store import register
from gevinst_notifications.usecases.holding import FindNext
from gevinst_notifications.usecases.reminding import remind_due
from gevinst_shared.db.engine import Database

_PAUSE_SECONDS = 15.0
_LONGEST_PAUSE_SECONDS = 120.0
_log = logging.getLogger(__name__)


async def has_read_all(database: Database, feeds: Mapping[str, FindNext], now: datetime) -> bool:
    """Whether nothing that happened before `now` is still to be read; by name each feed that we follow."""
    for source, find_next in feeds.items():
        async with database.transaction("", read_only=True) as connection:
            cursor = await register.find_cursor(connection, source)
        following = await find_next(cursor)
        if following is not None and following.time <= now:
            return False
    return True


async def follow(
    database: Database,
    feeds: Mapping[str, FindNext],
    now: Callable[[], datetime],
    *,
    ring: Callable[[], None],
) -> None:
    """Remind for ever; what fails is tried again, later and later.

    While a feed cannot be read people hear later rather than of what is done.
    """
    pause = _PAUSE_SECONDS
    while True:
        try:
            moment = now()
            if await has_read_all(database, feeds, moment):
                while await remind_due(database, moment):
                    ring()
            pause = _PAUSE_SECONDS
        except asyncio.CancelledError:
            raise
        except Exception:  # a worker's outermost loop
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
            _log.exception("duties not looked at", extra={"pause": pause})
        await asyncio.sleep(pause)
