"""Effect reviews in the database (G10)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_benefits.domain.gates.effect_reviews import EffectOutcome, EffectReview, EffectReviewState
from gevinst_benefits.tables.handovers import effect_review
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def review_document(c: Columns) -> ColumnElement[Any]:
    """`EffectReviewOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        due_on=c.due_on,
        state=c.state,
        outcome=c.outcome,
        reason=c.reason,
        benefits=c.benefits,
        held_by=c.held_by,
        held_at=moment(c.held_at),
        follows_id=c.follows_id,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    effect_review,
    review_document,
    filters={
        "project": effect_review.c.project_id,
        "state": effect_review.c.state,
        "due": lambda day: effect_review.c.due_on <= day,
    },
    sorts={"due": effect_review.c.due_on, "id": effect_review.c.id},
)
RECORDS = Records(
    outbox,
    effect_review,
    review_document,
    changeable=("state", "outcome", "reason", "benefits", "held_by", "held_at"),
)
_SCHEDULED = Query(
    select(effect_review)
    .where(effect_review.c.project_id == bindparam("project_id"), effect_review.c.state == "scheduled")
    .order_by(effect_review.c.id)
    .with_for_update()
)


async def scheduled(connection: Connection, project_id: UUID) -> Sequence[EffectReview]:
    """The project's reviews that are not held yet, held until the transaction ends."""
    return [review_from(dict(row)) for row in await _SCHEDULED.rows(connection, project_id=project_id)]


def review_from(row: Mapping[str, Any]) -> EffectReview:
    """The domain's review of a row."""
    return EffectReview(
        id=row["id"],
        project_id=row["project_id"],
        due_on=row["due_on"],
        state=EffectReviewState(row["state"]),
        outcome=None if row["outcome"] is None else EffectOutcome(row["outcome"]),
        reason=row["reason"],
        held_by=row["held_by"],
        held_at=row["held_at"],
        follows_id=row["follows_id"],
    )


def columns_of(found: EffectReview) -> dict[str, Any]:
    """The columns that the domain's review decides."""
    return {
        "id": found.id,
        "project_id": found.project_id,
        "due_on": found.due_on,
        "state": found.state.value,
        "outcome": None if found.outcome is None else found.outcome.value,
        "reason": found.reason,
        "held_by": found.held_by,
        "held_at": found.held_at,
        "follows_id": found.follows_id,
    }
