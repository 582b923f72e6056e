"""The organisation in the database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.tables.organisations import organisation
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def organisation_document(c: Columns) -> ColumnElement[Any]:
    """`OrganisationOut`, as PostgreSQL writes it."""
    return document(
        organisation=c.organisation_id,
        name=c.name,
        country=c.country,
        currency=c.currency,
        language=c.language,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


_GET = Query(
    select(organisation_document(organisation.c).label("document"), organisation.c.revision).where(
        organisation.c.organisation_id == bindparam("organisation_id")
    )
)
_ADD = outbox.insert(organisation, organisation_document)
_CHANGE = outbox.update(organisation, organisation_document, columns=("name", "currency", "language"))


async def get_document(connection: Connection, organisation_id: str) -> Stored:
    """The organisation's JSON, or `Unknown` when it is not registered."""
    row = await _GET.find(connection, organisation_id=organisation_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def add_organisation(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def change_organisation(
    connection: Connection, new: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored | None:
    """Change what the organisation says of itself; None when it is not registered."""
    row = await _CHANGE.find(connection, expected=None, **new, **record)
    return None if row is None else Stored(row["document"], row["revision"])
