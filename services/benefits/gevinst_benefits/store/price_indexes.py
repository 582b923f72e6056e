"""The organisation's price indexes in the database."""

import json
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, select

from gevinst_benefits.domain.case.price_indexes import KeptIndex
from gevinst_benefits.store.case_frames import index_from
from gevinst_benefits.tables.price_indexes import price_index
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def price_index_document(c: Columns) -> ColumnElement[Any]:
    """`KeptIndexOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        code=c.code,
        name=c.name,
        source=c.source,
        valid_from=c.valid_from,
        values=c.by_year,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, price_index, price_index_document, changeable=())
LISTING = Listing(
    price_index,
    price_index_document,
    filters={"code": price_index.c.code},
    sorts={"valid_from": price_index.c.valid_from},
)
_IN_FORCE = Query(
    select(price_index)
    .where(
        price_index.c.code == bindparam("code"),
        price_index.c.valid_from <= bindparam("on", type_=Date),
    )
    .order_by(price_index.c.valid_from.desc())
    .limit(1)
)
_CODES = Query(select(price_index.c.code).distinct().order_by(price_index.c.code).limit(20))


async def find_in_force(connection: Connection, code: str, *, on: date) -> KeptIndex | None:
    """The edition in force on a day."""
    row = await _IN_FORCE.find(connection, code=code, on=on)
    if row is None:
        return None
    stored = {"name": row["name"], "source": row["source"], "values": json.loads(row["by_year"])}
    index = index_from(stored)
    assert index is not None
    return KeptIndex(row["code"], row["name"], row["source"], row["valid_from"], index)


async def known_codes(connection: Connection) -> list[str]:
    """The first twenty."""
    return [row["code"] for row in await _CODES.rows(connection)]
