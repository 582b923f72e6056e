"""How files of others are to be read, in the database."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.domain.workbooks.mapping import ColumnMapping
from gevinst_portfolio.tables.shared import outbox
from gevinst_portfolio.tables.uploads import column_mapping
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def mapping_document(c: Columns) -> ColumnElement[Any]:
    """`ColumnMappingOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        name=c.name,
        source=c.source,
        sheet=c.sheet,
        heading_row=c.heading_row,
        decimal_sign=c.decimal_sign,
        columns=c.columns,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


_CHANGEABLE = ("name", "source", "sheet", "heading_row", "decimal_sign", "columns")
RECORDS = Records(outbox, column_mapping, mapping_document, changeable=_CHANGEABLE)
LISTING = Listing(
    column_mapping,
    mapping_document,
    filters={"portfolio": column_mapping.c.portfolio_id},
    sorts={"id": column_mapping.c.id, "name": column_mapping.c.name},
)
_ROW = Query(select(column_mapping).where(column_mapping.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True)
class KeptMapping:
    portfolio_id: UUID
    mapping: ColumnMapping


async def get_mapping(connection: Connection, mapping_id: UUID) -> KeptMapping:
    """The mapping, or `Unknown`."""
    row = await _ROW.find(connection, id=mapping_id)
    if row is None:
        raise Unknown
    columns = tuple((one["heading"], one["member"]) for one in json.loads(row["columns"]))
    mapping = ColumnMapping(row["source"], columns, row["sheet"], row["heading_row"], row["decimal_sign"])
    return KeptMapping(row["portfolio_id"], mapping)
