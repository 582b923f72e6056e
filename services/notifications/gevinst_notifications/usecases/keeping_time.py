"""Reminding in the background: when the feeds are read as far as now, so that what is done is known (A6)."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from gevinst_notifications.store import register
from gevinst_notifications.usecases.holding import FindNext
from gevinst_notifications.usecases.reminding import remind_due
from gevinst_shared.db.engine import Database
from gevinst_shared.rounds import Rounds

_ROUNDS = Rounds(logging.getLogger(__name__), "duties not looked at", every=15.0, longest=120.0)


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

    async def once() -> None:
        moment = now()
        if await has_read_all(database, feeds, moment):
            while await remind_due(database, moment):
                ring()

    await _ROUNDS.follow(once)
