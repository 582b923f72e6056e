"""How the ways of indicators were last seen, and when to look again (B7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.tables.indicators import curve_watch
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_today: Any = bindparam("today", type_=Date)
_key = bindparam("watch_id", type_=Uuid)
_new = insert(curve_watch).values(
    organisation_id=bindparam("organisation_id", type_=Text), id=_key, next_on=_today
)
_LOOK = Query(_new.on_conflict_do_update(index_elements=curve_watch.primary_key, set_={"next_on": _today}))
_ORGANISATIONS = Query(
    select(curve_watch.c.organisation_id)
    .distinct()
    .where(curve_watch.c.next_on <= _today)
    .order_by(curve_watch.c.organisation_id)
)
_DUE = Query(
    select(curve_watch.c.id)
    .where(curve_watch.c.next_on <= _today)
    .order_by(curve_watch.c.next_on, curve_watch.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_TAKE = Query(
    select(curve_watch.c.id)
    .where(curve_watch.c.id == _key, curve_watch.c.next_on <= _today)
    .with_for_update(skip_locked=True)
)
# Whoever else looks at the same way waits, and then sees what was told.
_COLOUR = Query(select(curve_watch.c.colour).where(curve_watch.c.id == _key).with_for_update())
_KEEP = Query(
    update(curve_watch).where(curve_watch.c.id == _key).values(colour=bindparam("new_colour", type_=Text))
)
_PLAN = Query(
    update(curve_watch).where(curve_watch.c.id == _key).values(next_on=bindparam("new_day", type_=Date))
)


async def look_from(connection: Connection, organisation: str, indicator_id: UUID, day: date) -> None:
    """Have a worker look at the indicator's way from a day on; how it was seen last stays known."""
    await _LOOK.run(connection, organisation_id=organisation, watch_id=indicator_id, today=day)


async def organisations_to_look_at(connection: Connection, today: date) -> list[str]:
    """Whose ways may be due for a look; for the queue's own transaction, which sees all organisations."""
    return [row["organisation_id"] for row in await _ORGANISATIONS.rows(connection, today=today)]


async def list_due(connection: Connection, today: date, *, limit: int) -> Sequence[UUID]:
    """The indicators whose ways are due for a look, the longest waiting first."""
    return [row["id"] for row in await _DUE.rows(connection, today=today, limit=limit)]


async def take(connection: Connection, indicator_id: UUID, today: date) -> bool:
    """Whether the look is this transaction's; another worker may be at it, or have done it."""
    return await _TAKE.value(connection, watch_id=indicator_id, today=today) is not None


async def find_colour(connection: Connection, indicator_id: UUID) -> str | None:
    """The colour that was seen last, held until the transaction ends; None when nobody has looked yet."""
    colour: str | None = await _COLOUR.value(connection, watch_id=indicator_id)
    return colour


async def keep_colour(connection: Connection, indicator_id: UUID, colour: str) -> None:
    await _KEEP.run(connection, watch_id=indicator_id, new_colour=colour)


async def plan_look(connection: Connection, indicator_id: UUID, day: date | None) -> None:
    """Look again on the day; never when there is none."""
    await _PLAN.run(connection, watch_id=indicator_id, new_day=day)
