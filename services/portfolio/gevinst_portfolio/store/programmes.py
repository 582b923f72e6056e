"""Programmes in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.tables.projects import programme
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def programme_document(c: Columns) -> ColumnElement[Any]:
    """`ProgrammeOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        name=c.name,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, programme, programme_document, changeable=("name",))
LISTING = Listing(
    programme,
    programme_document,
    filters={"portfolio": programme.c.portfolio_id},
    sorts={"id": programme.c.id, "name": programme.c.name},
)
_PORTFOLIO = Query(select(programme.c.portfolio_id).where(programme.c.id == bindparam("id")))


async def get_portfolio_id(connection: Connection, programme_id: UUID) -> UUID:
    """The portfolio that the programme is part of, or `Unknown`."""
    portfolio_id: UUID | None = await _PORTFOLIO.value(connection, id=programme_id)
    if portfolio_id is None:
        raise Unknown
    return portfolio_id
