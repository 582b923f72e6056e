"""Telling when a benefit is behind its curve, or further behind: once for each step (B7).

It is looked at when it was measured, and when time alone may have made it late.
"""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from gevinst_benefits.domain.measuring.looks import next_look, seen_colour
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.events.indicators import BenefitOffCurve
from gevinst_benefits.store import benefits, curve_watches
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.usecases.foreseeing import Outlook, outlook_of
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.rounds import Rounds
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_ORDER = list(Colour)
_OFF = frozenset({Colour.YELLOW, Colour.RED})
_OVER = frozenset({BenefitState.CLOSED, BenefitState.MOVED})
_WATCH = "curve-watch"
_AT_ONCE = 100
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "curves not looked at", every=60.0, longest=600.0)


async def follow(database: Database, now: Callable[[], datetime]) -> None:
    """Look for ever at what time may have made late; after a fault later and later."""
    await _ROUNDS.follow(lambda: look_at_due(database, now()))


async def look_at_due(database: Database, now: datetime) -> int:
    """Look at every way whose day has come, in every organisation; how many those were.

    Each in a transaction of its own, so a worker that dies leaves it to the next, and two tell once.
    """
    # A day earlier than anywhere: which day it is is each organisation's own.
    latest = now.astimezone(UTC).date() + timedelta(1)
    async with database.queue() as queue:
        organisations = await curve_watches.organisations_to_look_at(queue, latest)
    return sum([await look_in(database, organisation, now) for organisation in organisations])


async def look_in(database: Database, organisation: str, now: datetime) -> int:
    """Look at every way of the organisation whose day has come; how many those were."""
    looked = 0
    while True:
        async with database.transaction(organisation, at=now) as connection:
            work = Work(connection, Actor(_WATCH, organisation), now, new_id())
            due = await curve_watches.list_due(connection, work.today, limit=_AT_ONCE)
        for indicator_id in due:
            looked += await _look(database, organisation, indicator_id, now)
        if len(due) < _AT_ONCE:
            return looked


async def tell_of_curve(work: Work, indicator_id: UUID) -> None:
    """Tell when the indicator is off its curve and worse than it was seen last; and plan the next look.

    What a person said instead of the figures is not told over; it is looked at again when that is over.
    """
    before = await curve_watches.find_colour(work.connection, indicator_id)
    outlook = await outlook_of(work, indicator_id, on=None)
    benefit = await benefits.get_row(work.connection, outlook.indicator.benefit_id)
    if benefit["state"] in _OVER:
        await curve_watches.plan_look(work.connection, indicator_id, None)
        return
    await curve_watches.plan_look(work.connection, indicator_id, _next_look(work, outlook))
    # B2: what nobody has promised and nobody has measured is late for nobody.
    is_idle = outlook.value is None and benefit["state"] == BenefitState.PROPOSED
    if outlook.override is not None or is_idle:
        return
    way = outlook.indicator.trajectory
    colour = seen_colour(outlook.light, is_over=way is not None and way.target_on < work.today)
    await curve_watches.keep_colour(work.connection, indicator_id, colour.value)
    is_worse = before is None or _ORDER.index(colour) > _ORDER.index(Colour(before))
    if colour not in _OFF or not is_worse:
        return
    fact = BenefitOffCurve(
        project_id=benefit["project_id"],
        benefit_id=outlook.indicator.benefit_id,
        indicator_id=indicator_id,
        benefit_name=benefit["name"],
        indicator_name=outlook.indicator.name,
        owner_role=benefit["owner_role"],
        owner_unit_id=benefit["owner_unit_id"],
        colour=outlook.light.colour.value,
        cause=outlook.light.cause.value,
    )
    record = recorded(work, fact, subject=subject_of("indicators", indicator_id))
    change = {"before": {"colour": before}, "after": {"colour": colour.value}}
    await announce(work.connection, [record | change])


async def _look(database: Database, organisation: str, indicator_id: UUID, now: datetime) -> int:
    """One whose look fails is put off for a day, so that it does not hold up the others."""
    try:
        async with database.transaction(organisation, at=now) as connection:
            work = Work(connection, Actor(_WATCH, organisation), now, new_id())
            is_ours = await curve_watches.take(connection, indicator_id, work.today)
            if is_ours:
                await tell_of_curve(work, indicator_id)
            return int(is_ours)
    except Exception:  # one indicator's fault must not hold up the others
        _log.exception("curve not looked at", extra={"indicator": str(indicator_id)})
    async with database.transaction(organisation, at=now) as connection:
        work = Work(connection, Actor(_WATCH, organisation), now, new_id())
        await curve_watches.plan_look(connection, indicator_id, work.today + timedelta(1))
    return 0


def _next_look(work: Work, outlook: Outlook) -> date:
    last_days = list(outlook.indicator.due_on)
    if outlook.indicator.trajectory is not None:
        last_days.append(outlook.indicator.trajectory.target_on)
    if outlook.override is not None:
        last_days.append(outlook.override.until)
    return next_look(work.today, last_days=last_days)
