"""What partners were given and what came of it, as digests: two bodies prove by them that they agree (X2).

Records are put into sixteen parts by a hash of their ids, and each part into sixteen again, so that what
differs is found in a few steps. Only ids and hashes are told, to the administrators of each side.
"""

import json
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from gevinst_shared.db.documents import document, documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.tables import SyncTables

RECORDS_SHOWN = 100
LONGEST_PREFIX = 32
_PARTNER = bindparam("of_partner", type_=Uuid)
_PREFIX = bindparam("prefix", type_=Text)


class Side(StrEnum):
    """What the partner can read of us, or what we have of it."""

    GIVEN = "given"
    RECEIVED = "received"


class Comparing:
    """The digests of one service. Each is one statement, so it is of one moment."""

    def __init__(self, tables: SyncTables) -> None:
        outlet, inlet = tables.outlet, tables.inlet
        partner = tables.partner
        state = {
            Side.GIVEN: {
                "epoch": outlet.c.epoch,
                "number": func.coalesce(outlet.c.number, 0),
                "read_number": func.coalesce(outlet.c.asked_number, 0),
                "pending": _count(tables.pending, tables.pending.c.partner_id == partner.c.id)
                + _count(tables.mark),
            },
            Side.RECEIVED: {
                "epoch": inlet.c.epoch,
                "number": func.coalesce(inlet.c.number, 0),
                "missing": func.coalesce(inlet.c.missing, 0),
                "is_reading": func.coalesce(inlet.c.is_full, true()),
            },
        }
        held = {Side.GIVEN: (outlet, tables.revision), Side.RECEIVED: (inlet, tables.replica)}
        self._of = {}
        for side, (how, what) in held.items():
            mine = _hashed(what)
            found = partner.outerjoin(how, how.c.partner_id == partner.c.id)
            columns = [each.label(name) for name, each in state[side].items()]
            columns += [_parts(mine).label("parts"), _records(mine).label("records")]
            self._of[side] = Query(select(*columns).select_from(found).where(partner.c.id == _PARTNER))

    async def digest(
        self, connection: Connection, partner_id: UUID, side: Side, prefix: str
    ) -> dict[str, Any] | None:
        """How far that side is, and its records whose hashed ids begin with `prefix` (hexadecimal digits).

        The parts of each kind, and the records themselves where they are few; None for a stranger.
        """
        row = await self._of[side].find(connection, of_partner=partner_id, prefix=prefix)
        if row is None:
            return None
        said = {name: value for name, value in row.items() if value is not None}
        return {**said, "parts": json.loads(row["parts"]), "records": json.loads(row["records"])}


def _count(table: Table, *where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()


def _hashed(table: Table) -> FromClause:
    """The partner's records under the prefix: kind, id, hash of the body, and the part that they are in."""
    place = func.md5(table.c.record_id.cast(Text))
    body = func.sha256(func.convert_to(table.c.body.cast(Text), literal_column("'UTF8'")))
    return (
        select(
            table.c.kind,
            table.c.record_id.label("id"),
            func.encode(body, literal_column("'hex'")).label("hash"),
            func.substr(place, literal_column("1"), func.length(_PREFIX) + literal_column("1")).label(
                "prefix"
            ),
        )
        .where(
            table.c.partner_id == _PARTNER,
            table.c.body.is_not(None),
            func.starts_with(place, _PREFIX),
        )
        .cte()
    )


def _parts(mine: FromClause) -> ColumnElement[Any]:
    line = mine.c.id.cast(Text).concat(literal_column("':'")).concat(mine.c.hash)
    lines = func.string_agg(line, aggregate_order_by(literal_column("','"), mine.c.id))
    digest = func.encode(
        func.sha256(func.convert_to(lines, literal_column("'UTF8'"))), literal_column("'hex'")
    )
    part = (
        select(mine.c.kind, mine.c.prefix, func.count().label("count"), digest.label("digest"))
        .group_by(mine.c.kind, mine.c.prefix)
        .subquery()
    )
    shown = document(kind=part.c.kind, prefix=part.c.prefix, count=part.c.count, digest=part.c.digest)
    return select(documents(shown, part.c.kind, part.c.prefix)).scalar_subquery()


def _records(mine: FromClause) -> ColumnElement[Any]:
    few = select(func.count() <= literal_column(str(RECORDS_SHOWN))).select_from(mine).scalar_subquery()
    shown = document(kind=mine.c.kind, id=mine.c.id, hash=mine.c.hash)
    return select(documents(shown, mine.c.kind, mine.c.id)).select_from(mine).where(few).scalar_subquery()
