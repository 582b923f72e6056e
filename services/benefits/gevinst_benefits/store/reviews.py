"""Reviews of and comments on proposed gates, in the database."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_benefits.store.gates import review_document
from gevinst_benefits.tables.reviews import gate_comment, gate_review
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


def comment_document(c: Columns) -> ColumnElement[Any]:
    """`CommentOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        gate_id=c.gate_id,
        text=c.text,
        created_by=c.created_by,
        created_at=moment(c.created_at),
    )


COMMENTS = Listing(
    gate_comment,
    comment_document,
    filters={"gate": gate_comment.c.gate_id},
    sorts={"id": gate_comment.c.id},
)
_ADVISED = Query(select(gate_review.c.reviewer_id).where(gate_review.c.gate_id == bindparam("gate_id")))
_REVIEW = outbox.insert(gate_review, review_document)
_COMMENT = outbox.insert(gate_comment, comment_document)


async def advised(connection: Connection, gate_id: UUID) -> Sequence[UUID]:
    """The reviewers who have given their advice on the gate."""
    return [row["reviewer_id"] for row in await _ADVISED.rows(connection, gate_id=gate_id)]


async def add_review(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Insert the advice with its event and audit row."""
    row = await _REVIEW.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def add_comment(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Insert the comment with its event and audit row."""
    row = await _COMMENT.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])
