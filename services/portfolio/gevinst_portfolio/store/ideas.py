"""Ideas in the database, and what proposals lack (P1)."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.domain.scorers import project_score
from gevinst_portfolio.store.criteria import get_model
from gevinst_portfolio.store.scores import given_score, list_scores
from gevinst_portfolio.tables.ideas import idea
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def idea_document(c: Columns) -> ColumnElement[Any]:
    """`IdeaOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        unit_id=c.unit_id,
        name=c.name,
        need=c.need,
        source=c.source,
        reference=c.reference,
        submitted_by=c.submitted_by,
        supporters=c.supporters,
        state=c.state,
        answer=c.answer,
        answered_by=c.answered_by,
        project_id=c.project_id,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(
    outbox, idea, idea_document, changeable=("name", "need", "source", "reference", "portfolio_id", "unit_id")
)
SUPPORT = Records(outbox, idea, idea_document, changeable=("supporters",))
ANSWERS = Records(outbox, idea, idea_document, changeable=("state", "answer", "answered_by", "project_id"))
LISTING = Listing(
    idea,
    idea_document,
    filters={
        "state": idea.c.state,
        "source": idea.c.source,
        "portfolio": idea.c.portfolio_id,
        "unit": idea.c.unit_id,
        "submitter": idea.c.submitted_by,
    },
    sorts={"id": idea.c.id, "name": idea.c.name},
)
_ROW = Query(select(idea).where(idea.c.id == bindparam("id")))
_LOCK = Query(select(idea).where(idea.c.id == bindparam("id")).with_for_update())


async def get_row(connection: Connection, idea_id: UUID) -> asyncpg.Record:
    """The idea's row, or `Unknown`."""
    return _known(await _ROW.find(connection, id=idea_id))


async def lock_row(connection: Connection, idea_id: UUID) -> asyncpg.Record:
    """The idea's row, which nobody else changes before this transaction ends; or `Unknown`."""
    return _known(await _LOCK.find(connection, id=idea_id))


async def count_unscored(connection: Connection, portfolio_id: UUID, project_id: UUID) -> int:
    """On how many criteria of the portfolio the project has no score; 1 when there are no criteria."""
    model = await get_model(connection, portfolio_id)
    given = [given_score(row) for row in await list_scores(connection, project_id, None)]
    scored = project_score(model, given).criteria
    return sum(one.id not in scored for one in model.criteria) if model.criteria else 1


def _known(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise Unknown
    return row
