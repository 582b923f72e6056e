"""What the worker does when something falls due: once, whatever dies on the way (A6, G7, G10)."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from gevinst_benefits.store.alarms import Alarm, due, take
from gevinst_benefits.usecases import (
    conditioning,
    looking_back,
    pausing,
    verifications_due,
    watching_curves,
)
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.rounds import Rounds
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "what fell due not done", every=5.0, longest=60.0)
_AT_ONCE = 100
# The name under which the audit trail keeps what no person did.
CLOCK = "gevinst-clock"

_DOERS: dict[str, Callable[[Work, UUID], Awaitable[None]]] = {
    "condition-lapses": conditioning.lapse,
    "pause-ends": pausing.tell_of_end,
    "effect-review-due": looking_back.tell_of_day,
    "curve-looked-at": watching_curves.tell_of_curve,
    "year-ended": verifications_due.tell_of_year,
}


async def ring_due(database: Database, now: datetime) -> int:
    """Do everything that has fallen due; how many things that were.

    Each is done in the transaction that marks it as done, so a worker that dies leaves it to the next, and
    two workers never do the same. What fails is left for the next round and does not hold up the others.
    """
    count = 0
    while found := await due(database, now, limit=_AT_ONCE):
        done = [await _ring(database, alarm, now) for alarm in found]
        count += sum(done)
        if not all(done):
            return count
    return count


async def follow(database: Database, now: Callable[[], datetime]) -> None:
    """Look for what has fallen due for ever; after a fault later and later."""
    await _ROUNDS.follow(lambda: ring_due(database, now()))


async def _ring(database: Database, alarm: Alarm, now: datetime) -> bool:
    try:
        async with database.transaction(alarm.organisation, at=now) as connection:
            if not await take(connection, alarm, now):
                return False
            work = Work(connection, Actor(CLOCK, alarm.organisation), now, new_id())
            await _DOERS[alarm.kind](work, alarm.subject_id)
    except Exception:  # one organisation's fault must not hold up the others
        _log.exception("alarm not done", extra={"alarm": str(alarm.id), "kind": alarm.kind})
        return False
    return True
