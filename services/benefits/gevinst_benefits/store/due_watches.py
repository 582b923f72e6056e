"""The worker's place among the due days of indicators (B6)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, bindparam, column, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from gevinst_benefits.tables.indicators import due_watch
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
