"""Units in the database: a tree whose rows carry their path from the root."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Integer, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_portfolio.tables.organisations import organisation, unit
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def unit_document(c: Columns) -> ColumnElement[Any]:
    """`UnitOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        name=c.name,
        parent_id=c.parent_id,
        path=c.path,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, unit, unit_document, changeable=("name", "parent_id", "path"))
LISTING = Listing(
    unit,
    unit_document,
    filters={"parent": unit.c.parent_id},
    sorts={"id": unit.c.id, "name": unit.c.name},
)
_PATH = Query(select(unit.c.path).where(unit.c.id == bindparam("id")))
_TREE = select(organisation.c.organisation_id)
_HOLD = Query(_TREE.with_for_update(read=True))
_HOLD_ALONE = Query(_TREE.with_for_update(key_share=True))
_MOVED = bindparam("id", type_=Uuid)
_MOVE_BELOW = Query(
    update(unit)
    .values(
        path=func.array_cat(
            bindparam("new_path", type_=ARRAY(Uuid)),
            unit.c.path[bindparam("first_below", type_=Integer) : func.cardinality(unit.c.path)],
            type_=ARRAY(Uuid),
        ),
        revision=unit.c.revision + 1,
    )
    .where(_MOVED == func.any(unit.c.path), unit.c.id != _MOVED)  # noqa: SIM300 - ANY stands to the right
    .returning(unit.c.id, unit.c.name, unit.c.parent_id, unit.c.path)
)


async def hold_tree(connection: Connection, *, is_alone: bool) -> None:
    """Until the end of the transaction nobody moves a unit; with `is_alone`, nobody adds one either."""
    query = _HOLD_ALONE if is_alone else _HOLD
    await query.rows(connection)


async def get_path(connection: Connection, unit_id: UUID) -> list[UUID]:
    """The unit's path from the root, itself last, or `Unknown`."""
    path: list[UUID] | None = await _PATH.value(connection, id=unit_id)
    if path is None:
        raise Unknown
    return path


async def move_below(
    connection: Connection, unit_id: UUID, *, old: Sequence[UUID], new: Sequence[UUID]
) -> list[asyncpg.Record]:
    """Give everything below the unit its new path; the rows that moved."""
    return await _MOVE_BELOW.rows(connection, id=unit_id, new_path=list(new), first_below=len(old) + 1)
