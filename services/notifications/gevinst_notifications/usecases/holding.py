"""Holding a page of the benefits feed until the portfolio feed has told what was true by then.

The two feeds are read independently, so a gate's decision may arrive before its project, or before the
role of somebody whom it concerns. Whoever is told then could not be found: owner, manager and line are
known from the portfolio alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from gevinst_notifications.store import register
from gevinst_shared.db.engine import Database
from gevinst_shared.feed.envelope import Event

HOLD_SECONDS = 30.0
_LOOK_EVERY = 0.25
_log = logging.getLogger(__name__)


FindNext = Callable[[str], Awaitable[Event | None]]
"""From our cursor in the portfolio feed to its next event, if there is one."""


async def hold(
    database: Database,
    events: Sequence[Event],
    find_next: FindNext,
    *,
    seconds: float = HOLD_SECONDS,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> bool:
    """Wait until the portfolio feed is read as far as `events` reach in time, however long it takes, and
    until every project that they name is known, at most `seconds`; whether they all are.

    No transaction is open while it waits. After the wait people are told with what is known.
    """
    while not await _is_read(database, events, find_next):
        await sleep(_LOOK_EVERY)
    awaited = {(event.organisation, project) for event in events if (project := _project_of(event))}
    waited = 0.0
    while True:
        awaited = {one for one in awaited if not await _is_known(database, *one)}
        if not awaited:
            return True
        if waited >= seconds:
            _log.warning("projects still unknown", extra={"projects": [str(one) for _, one in awaited]})
            return False
        await sleep(_LOOK_EVERY)
        waited += _LOOK_EVERY


async def _is_read(database: Database, events: Sequence[Event], find_next: FindNext) -> bool:
    if not events:
        return True
    async with database.transaction("", read_only=True) as connection:
        cursor = await register.find_cursor(connection, "portfolio")
    following = await find_next(cursor)
    return following is None or following.time > max(event.time for event in events)


async def _is_known(database: Database, organisation: str, project_id: UUID) -> bool:
    async with database.transaction(organisation, read_only=True) as connection:
        return await register.knows_project(connection, project_id)


def _project_of(event: Event) -> UUID | None:
    try:
        return UUID(event.data["project_id"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
