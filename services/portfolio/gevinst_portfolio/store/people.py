"""People in the database: little is kept of them (E3)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.tables.organisations import person
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def person_document(c: Columns) -> ColumnElement[Any]:
    """`PersonOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        subject=c.subject,
        name=c.name,
        email=c.email,
        language=c.language,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, person, person_document, changeable=("subject", "name", "email", "language"))
LISTING = Listing(
    person,
    person_document,
    filters={"subject": person.c.subject},
    sorts={"id": person.c.id, "name": person.c.name},
)
_SUBJECT = Query(select(person.c.subject).where(person.c.id == bindparam("id")))


async def get_subject(connection: Connection, person_id: UUID) -> str:
    """What the person is called in tokens, or `Unknown`."""
    subject: str | None = await _SUBJECT.value(connection, id=person_id)
    if subject is None:
        raise Unknown(pointer="/body/person_id")
    return subject
