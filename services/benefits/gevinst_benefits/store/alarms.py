"""What falls due, in the database: set in the transaction that decides it, taken once by a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, exists, insert, select, update

from gevinst_benefits.tables.alarms import alarm
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.query import Query
from gevinst_shared.db.work import Work
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something of an organisation that has fallen due."""

    organisation: str
    id: UUID
    kind: str
    subject_id: UUID


_SET = Query(
    insert(alarm).values(
        {column.name: bindparam(column.name) for column in alarm.columns if column.name != "rung_at"}
    )
)
_others = alarm.alias("others")
# One that waits to ring is enough.
_SET_ONCE = Query(
    insert(alarm).from_select(
        ["organisation_id", "id", "kind", "subject_id", "rings_at"],
        select(
            bindparam("organisation_id", type_=Text),
            bindparam("id", type_=Uuid),
            bindparam("kind", type_=Text),
            bindparam("subject_id", type_=Uuid),
            bindparam("rings_at", type_=alarm.c.rings_at.type),
        ).where(
            ~exists(
                select(1).where(
                    _others.c.kind == bindparam("kind", type_=Text),
                    _others.c.subject_id == bindparam("subject_id", type_=Uuid),
                    _others.c.rung_at.is_(None),
                )
            )
        ),
    )
)
_DUE = Query(
    select(alarm.c.organisation_id, alarm.c.id, alarm.c.kind, alarm.c.subject_id)
    .where(alarm.c.rung_at.is_(None), alarm.c.rings_at <= bindparam("now", type_=alarm.c.rings_at.type))
    .order_by(alarm.c.rings_at, alarm.c.id)
    .limit(bindparam("limit"))
)
_TAKE = Query(
    select(alarm.c.id)
    .where(alarm.c.id == bindparam("id"), alarm.c.rung_at.is_(None))
    .with_for_update(skip_locked=True)
)
_RING = Query(
    update(alarm)
    .where(alarm.c.id == bindparam("id"))
    .values(rung_at=bindparam("now", type_=alarm.c.rung_at.type))
)


async def set_alarm(work: Work, kind: str, subject_id: UUID, *, rings_at: datetime) -> None:
    """Have a worker look at the record at a moment."""
    await _SET.run(
        work.connection,
        organisation_id=work.organisation,
        id=new_id(),
        kind=kind,
        subject_id=subject_id,
        rings_at=rings_at,
    )


async def set_alarm_once(work: Work, kind: str, subject_id: UUID, *, rings_at: datetime) -> None:
    """Have a worker look at the record at a moment, unless one already will."""
    await _SET_ONCE.run(work.connection, **_values(work, kind, subject_id, rings_at))


async def look_at_curves(work: Work, indicator_ids: Sequence[UUID]) -> None:
    """Have a worker look where the indicators are on their way, now that they were measured (B7)."""
    rows = [_values(work, "curve-looked-at", one, work.now) for one in indicator_ids]
    if rows:
        await _SET_ONCE.run_many(work.connection, rows)


def _values(work: Work, kind: str, subject_id: UUID, rings_at: datetime) -> dict[str, Any]:
    return {
        "organisation_id": work.organisation,
        "id": new_id(),
        "kind": kind,
        "subject_id": subject_id,
        "rings_at": rings_at,
    }


async def due(database: Database, now: datetime, *, limit: int) -> Sequence[Alarm]:
    """What has fallen due in any organisation and is not done, the oldest first."""
    async with database.queue() as connection:
        rows = await _DUE.rows(connection, now=now, limit=limit)
    return [Alarm(row["organisation_id"], row["id"], row["kind"], row["subject_id"]) for row in rows]


async def take(connection: Connection, found: Alarm, now: datetime) -> bool:
    """Whether the alarm is this transaction's to do; another worker may have it, or have done it."""
    if await _TAKE.value(connection, id=found.id) is None:
        return False
    await _RING.run(connection, id=found.id, now=now)
    return True
