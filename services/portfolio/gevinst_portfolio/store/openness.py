"""What of a portfolio's decisions is public, which projects are confidential, and notes, in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, select

from gevinst_portfolio.tables.openness import confidentiality, openness, public_note
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def openness_document(c: Columns) -> ColumnElement[Any]:
    """`OpennessOut`, as PostgreSQL writes it."""
    return document(
        portfolio_id=c.id,
        organisation=c.organisation_id,
        is_open=c.is_open,
        body=c.body,
        from_day=c.from_day,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def confidentiality_document(c: Columns) -> ColumnElement[Any]:
    """`ConfidentialityOut`, as PostgreSQL writes it."""
    return document(
        project_id=c.id,
        organisation=c.organisation_id,
        is_confidential=c.is_confidential,
        basis=c.basis,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def note_document(c: Columns) -> ColumnElement[Any]:
    """`PublicNoteOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        decision_id=c.decision_id,
        kind=c.kind,
        text=c.text,
        noted_by=c.noted_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


OPENNESS = Records(outbox, openness, openness_document, changeable=("is_open", "body", "from_day"))
CONFIDENTIALITY = Records(
    outbox, confidentiality, confidentiality_document, changeable=("is_confidential", "basis")
)
NOTES = Records(outbox, public_note, note_document, changeable=())
NOTE_LISTING = Listing(
    public_note,
    note_document,
    filters={"decision": public_note.c.decision_id},
    sorts={"id": public_note.c.id},
)
_IS_WITHDRAWN = Query(
    select(
        exists(
            select(1).where(
                public_note.c.decision_id == bindparam("decision_id"), public_note.c.kind == "withdrawal"
            )
        )
    )
)


async def is_withdrawn(connection: Connection, decision_id: UUID) -> bool:
    return bool(await _IS_WITHDRAWN.value(connection, decision_id=decision_id))
