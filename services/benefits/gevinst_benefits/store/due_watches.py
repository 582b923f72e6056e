"""The worker's place among the due days of indicators (B6)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, and_, bindparam, column, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from gevinst_benefits.store.measurements import newest_readings
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import due_watch, indicator
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_days: Any = bindparam("days", type_=ARRAY(Date))
_each = func.unnest(_days).table_valued(column("day", Date)).render_derived(name="each_day")
_day = _each.c.day
_watch = insert(due_watch).values(
    organisation_id=bindparam("organisation_id", type_=Text),
    id=bindparam("id", type_=Uuid),
    next_on=select(func.min(_day)).scalar_subquery(),
)
_WATCH = Query(
    _watch.on_conflict_do_update(
        index_elements=due_watch.primary_key,
        set_={
            "next_on": select(func.min(_day))
            .where(or_(due_watch.c.told_until.is_(None), _day > due_watch.c.told_until))
            .correlate(due_watch)
            .scalar_subquery()
        },
    )
)


async def watch(connection: Connection, organisation: str, indicator_id: UUID, days: Sequence[date]) -> None:
    """Have the worker look at the indicator's due days; those it has dealt with stay dealt with."""
    await _WATCH.run(connection, organisation_id=organisation, id=indicator_id, days=list(days))


_passed = bindparam("today", type_=Date)
_ORGANISATIONS = Query(
    select(due_watch.c.organisation_id)
    .distinct()
    .where(due_watch.c.next_on < _passed)
    .order_by(due_watch.c.organisation_id)
)
# Held by one worker; another passes it over.
_CLAIM = Query(
    select(
        due_watch.c.told_until,
        indicator,
        newest_readings(indicator.c).label("readings"),
        benefit.c.project_id,
        benefit.c.state,
        benefit.c.owner_role,
        benefit.c.owner_unit_id,
    )
    .select_from(due_watch)
    .join(
        indicator,
        and_(indicator.c.organisation_id == due_watch.c.organisation_id, indicator.c.id == due_watch.c.id),
    )
    .join(
        benefit,
        and_(
            benefit.c.organisation_id == indicator.c.organisation_id, benefit.c.id == indicator.c.benefit_id
        ),
    )
    .where(due_watch.c.next_on < _passed)
    .order_by(due_watch.c.next_on, due_watch.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(of=due_watch, skip_locked=True)
)
_MOVE = Query(
    update(due_watch)
    .where(due_watch.c.id == bindparam("watch_id", type_=Uuid))
    .values(told_until=bindparam("new_told_until", type_=Date), next_on=bindparam("new_next_on", type_=Date))
)
_written = select(bindparam("organisation_id", type_=Text).label("organisation_id")).cte("written")
_ANNOUNCE = Query(select(_written.c.organisation_id).add_cte(outbox.announced(_written)))


async def organisations_with_passed_days(connection: Connection, today: date) -> list[str]:
    """Whose due days may have passed; for the queue's own transaction, which sees all organisations."""
    return [row["organisation_id"] for row in await _ORGANISATIONS.rows(connection, today=today)]


async def claim(connection: Connection, today: date, *, limit: int) -> list[Mapping[str, Any]]:
    """Indicators whose next due day has passed, by column, with their newest `readings`; held until the
    transaction ends."""
    return [dict(row) for row in await _CLAIM.rows(connection, today=today, limit=limit)]


async def announce(connection: Connection, records: Sequence[dict[str, Any]]) -> None:
    """Write events that no change of anybody's stands behind."""
    await _ANNOUNCE.run_many(connection, records)


async def move(connection: Connection, indicator_id: UUID, *, told_until: date, next_on: date | None) -> None:
    """Note how far the indicator's due days are dealt with, and which comes next."""
    await _MOVE.run(connection, watch_id=indicator_id, new_told_until=told_until, new_next_on=next_on)
