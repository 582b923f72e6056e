"""When each partner is read next: on a schedule, soon after a hint, and after failures later and later."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    func,
    literal_column,
    null,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_shared.db.columns import belongs, moment, tenant_key
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

EVERY = timedelta(minutes=3)
# However many hints come, a partner is read no more often.
GAP = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
# A reading that is not over by then was given up by its worker.
LEASE = timedelta(minutes=5)
_MOST_DOUBLINGS = 10
_MOMENT = DateTime(timezone=True)
_PARTNER = bindparam("of_partner", type_=Uuid)
_NOW = bindparam("now", type_=_MOMENT)


def sync_reading(metadata: MetaData) -> Table:
    """How the readings of each partner go. `heard_at` is when it last gave a hint."""
    return Table(
        "sync_reading",
        metadata,
        tenant_key(),
        Column("partner_id", Uuid, primary_key=True),
        # None: not before somebody says so.
        moment("read_at", is_optional=True),
        # Whose reading it is: what another has claimed meanwhile is not kept.
        Column("attempt", BigInteger, nullable=False, server_default="0"),
        moment("leased_until", is_optional=True),
        Column("failures", Integer, nullable=False, server_default="0"),
        Column("fault", Text),
        moment("tried_at", is_optional=True),
        moment("heard_at", is_optional=True),
        belongs("partner_id", to="sync_partner"),
        Index("sync_reading_due", "read_at"),
        info={"queue": True, "unmarked": True},
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """A partner that is to be read now, and by whom."""

    organisation: str
    partner_id: UUID
    attempt: int
    failures: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a reading went: `after` is when to read again, None: not before somebody says so."""

    after: timedelta | None = EVERY
    fault: str | None = None
    is_failure: bool = False


def pause_after(failures: int, chance: float) -> timedelta:
    """How long to leave a partner alone after so many failures in a row; `chance` is from 0 to 1.

    Check: after the first 2.5 to 5 seconds, after the fourth 20 to 40, and never above 15 minutes.
    """
    longest = min(LONGEST_PAUSE, GAP * (1 << min(failures - 1, _MOST_DOUBLINGS)))
    return longest * (0.5 + chance / 2)


class Schedule:
    """The statements over one service's `sync_reading`."""

    def __init__(self, reading: Table) -> None:
        c = reading.c
        mine = c.partner_id == _PARTNER
        made = upsert(reading).values(
            organisation_id=bindparam("organisation_id"),
            partner_id=bindparam("new_partner_id", type_=Uuid),
            read_at=_NOW,
        )
        self._wake = Query(
            made.on_conflict_do_update(
                index_elements=list(reading.primary_key),
                set_={"read_at": made.excluded.read_at, "failures": literal_column("0")},
            )
        )
        soonest = func.greatest(_NOW, c.tried_at + literal_column("interval '5 seconds'"))
        # Whoever reads at the moment looks at `heard_at` in the end, and failures keep their pauses.
        waits = (c.leased_until > _NOW) | (c.failures > 0)
        self._hear = Query(
            update(reading)
            .where(mine, c.read_at.is_not(None))
            .values(heard_at=_NOW, read_at=case((waits, c.read_at), else_=func.least(c.read_at, soonest)))
        )
        due = (
            select(c.organisation_id, c.partner_id)
            .where(c.read_at <= _NOW)
            .order_by(c.read_at)
            .limit(bindparam("limit", type_=Integer))
            .with_for_update(skip_locked=True)
        )
        until = bindparam("until", type_=_MOMENT)
        self._claim = Query(
            update(reading)
            .where(tuple_(c.organisation_id, c.partner_id).in_(due))
            .values(attempt=c.attempt + 1, read_at=until, leased_until=until, tried_at=_NOW)
            .returning(c.organisation_id, c.partner_id, c.attempt, c.failures)
        )
        next_at = bindparam("next_at", type_=_MOMENT)
        failures = bindparam("new_failures", type_=Integer)
        was_heard = (c.heard_at > c.tried_at) & (failures == literal_column("0")) & next_at.is_not(None)
        self._note = Query(
            update(reading)
            .where(mine, c.attempt == bindparam("of_attempt", type_=BigInteger))
            .values(
                read_at=case(
                    # Somebody wants it read anew since it was claimed.
                    (c.read_at < c.leased_until, c.read_at),
                    (was_heard, func.least(next_at, bindparam("soon", type_=_MOMENT))),
                    else_=next_at,
                ),
                leased_until=null(),
                failures=failures,
                fault=bindparam("new_fault", type_=Text),
            )
        )
        self._state = Query(select(reading).where(mine))

    async def wake(self, connection: Connection, organisation: str, partner_id: UUID, now: datetime) -> None:
        """Read the partner from now on."""
        await self._wake.run(connection, organisation_id=organisation, new_partner_id=partner_id, now=now)

    async def hear(self, connection: Connection, partner_id: UUID, now: datetime) -> None:
        """The partner says that it has news: read it next, but not again at once."""
        await self._hear.run(connection, of_partner=partner_id, now=now)

    async def claim(self, connection: Connection, now: datetime, *, limit: int) -> list[Turn]:
        """Take what is due, of all organisations; for the queue's transaction."""
        rows = await self._claim.rows(connection, now=now, until=now + LEASE, limit=limit)
        return [Turn(**row) for row in _turns(rows)]

    async def note(self, connection: Connection, turn: Turn, verdict: Verdict, now: datetime) -> None:
        """Keep how the reading went; nothing, where somebody else has begun another."""
        failures = turn.failures + 1 if verdict.is_failure else 0
        chance = random.random()  # noqa: S311 - that not all read at once
        after = verdict.after
        if verdict.is_failure:
            after = pause_after(failures, chance)
        elif after is not None:
            after *= 0.9 + chance / 5
        await self._note.run(
            connection,
            of_partner=turn.partner_id,
            of_attempt=turn.attempt,
            next_at=None if after is None else now + after,
            soon=now + GAP,
            new_failures=failures,
            new_fault=verdict.fault,
        )

    async def state(self, connection: Connection, partner_id: UUID) -> Any:  # noqa: ANN401 - a row or None
        """How the readings go, by column."""
        return await self._state.find(connection, of_partner=partner_id)


def _turns(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "organisation": row["organisation_id"],
            "partner_id": row["partner_id"],
            "attempt": row["attempt"],
            "failures": row["failures"],
        }
        for row in rows
    ]
