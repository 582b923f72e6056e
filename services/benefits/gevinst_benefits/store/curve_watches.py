"""The colour in which the way of an indicator was last seen (B7)."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.tables.indicators import curve_watch
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_FIND = Query(select(curve_watch.c.colour).where(curve_watch.c.id == bindparam("id")))
_new = insert(curve_watch).values({column.name: bindparam(column.name) for column in curve_watch.columns})
_KEEP = Query(
    _new.on_conflict_do_update(index_elements=curve_watch.primary_key, set_={"colour": _new.excluded.colour})
)


async def find_colour(connection: Connection, indicator_id: UUID) -> str | None:
    """The colour that was seen last; None when nobody has looked yet."""
    colour: str | None = await _FIND.value(connection, id=indicator_id)
    return colour


async def keep_colour(connection: Connection, organisation: str, indicator_id: UUID, colour: str) -> None:
    await _KEEP.run(connection, organisation_id=organisation, id=indicator_id, colour=colour)
