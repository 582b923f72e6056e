"""Telling of due days that passed without a measurement, each once (B6, N5).

A worker's place among an indicator's due days moves in the transaction that tells of them: one that is
killed has told of nothing, and of several at once each tells of other indicators.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gevinst_benefits.domain.measuring.indicators import days_missed
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.events.indicators import MeasurementOverdue
from gevinst_benefits.store import due_watches
from gevinst_benefits.store.indicators import indicator_from
from gevinst_benefits.store.measurements import readings_from
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.rounds import Rounds
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

MOST_AT_ONCE = 100
_WATCH = "measurement-watch"
_ROUNDS = Rounds(logging.getLogger(__name__), "due days not looked at", every=60.0, longest=600.0)


class MeasurementWatch:
    """Looks at the due days of every organisation."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def follow(self) -> None:
        """Look for ever; what fails is tried again, later and later."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """Tell of every due day that has passed unmet; how many those were."""
        # A day earlier than anywhere: which day it is is each organisation's own.
        latest = self._now().astimezone(UTC).date() + timedelta(1)
        async with self._database.queue() as connection:
            organisations = await due_watches.organisations_with_passed_days(connection, latest)
        told = 0
        for organisation in organisations:
            told += await self._of_organisation(organisation)
        return told

    async def _of_organisation(self, organisation: str) -> int:
        told = 0
        while True:
            now = self._now()
            async with self._database.transaction(organisation, at=now) as connection:
                work = Work(connection, Actor(_WATCH, organisation), now, new_id())
                claimed, missed = await tell_claimed(work)
            told += missed
            if claimed < MOST_AT_ONCE:
                return told


async def tell_claimed(work: Work) -> tuple[int, int]:
    """Deal with the next indicators whose due days have passed: how many, and how many days were missed."""
    claimed = await due_watches.claim(work.connection, work.today, limit=MOST_AT_ONCE)
    missed = 0
    for row in claimed:
        missed += await _tell(work, row)
    return len(claimed), missed


async def _tell(work: Work, row: Mapping[str, Any]) -> int:
    known = indicator_from(row)
    readings = readings_from({"id": str(known.id), "readings": json.loads(row["readings"] or "[]")})
    missed = days_missed(known, readings, told_until=row["told_until"], today=work.today)
    if row["state"] in {BenefitState.CLOSED, BenefitState.MOVED}:
        missed = ()
    records = []
    for day in missed:
        fact = MeasurementOverdue(
            project_id=row["project_id"],
            benefit_id=known.benefit_id,
            indicator_id=known.id,
            name=known.name,
            due_on=day,
            role=row["measurer_role"] or row["owner_role"],
            unit_id=row["measurer_unit_id"] or row["owner_unit_id"],
        )
        records.append(recorded(work, fact, subject=subject_of("indicators", known.id)))
    await due_watches.announce(work.connection, records)
    next_on = next((day for day in known.due_on if day >= work.today), None)
    told_until = work.today - timedelta(1)
    await due_watches.move(work.connection, known.id, told_until=told_until, next_on=next_on)
    return len(missed)
