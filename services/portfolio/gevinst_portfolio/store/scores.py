"""Scores in the database: a history that only grows (P6)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, DateTime, bindparam, func, insert, literal_column, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from gevinst_portfolio.domain.scorers import GivenScore
from gevinst_portfolio.tables.criteria import score
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


def score_document(c: Columns) -> ColumnElement[Any]:
    """`GivenScoreOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        criterion_id=c.criterion_id,
        value=c.value,
        reason=c.reason,
        scored_by=c.scored_by,
        scored_at=moment(c.scored_at),
        model_version=c.model_version,
    )


LISTING = Listing(
    score,
    score_document,
    filters={
        "project": score.c.project_id,
        "criterion": score.c.criterion_id,
        "scored_by": score.c.scored_by,
    },
    sorts={"id": score.c.id},
)
_ADD = Query(insert(score).values({column.name: bindparam(column.name) for column in score.columns}))
_ASOF = bindparam("asof", type_=DateTime(timezone=True))
_OVER: list[ColumnElement[str]] = [literal_column("'stopped'"), literal_column("'closed'")]
# Each scorer's last score of a project on a criterion, as of a moment (null: now).
_LATEST = (
    select(score)
    .ext(distinct_on(score.c.project_id, score.c.criterion_id, score.c.scored_by))
    .where(or_(_ASOF.is_(None), score.c.scored_at < _ASOF))
    .order_by(
        score.c.project_id,
        score.c.criterion_id,
        score.c.scored_by,
        score.c.scored_at.desc(),
        score.c.id.desc(),
    )
)
_OF_PROJECT = Query(_LATEST.where(score.c.project_id == bindparam("project_id")))
_OF_PORTFOLIO = Query(_LATEST.where(score.c.portfolio_id == bindparam("portfolio_id")))
_RANKED = Query(
    select(project.c.id, project.c.name, project.c.status, project.c.is_statutory).where(
        project.c.portfolio_id == bindparam("portfolio_id"),
        project.c.registration == "central",
        project.c.status.not_in(_OVER),
    )
)
_COUNT = Query(select(func.count()).select_from(score).where(score.c.project_id == bindparam("project_id")))


async def add_scores(connection: Connection, scores: Sequence[dict[str, Any]]) -> None:
    """Append the rows."""
    await _ADD.run_many(connection, scores)


async def list_scores(
    connection: Connection, project_id: UUID, asof: datetime | None
) -> list[asyncpg.Record]:
    """The project's scores in force before a moment (None: now), at most one per criterion and scorer."""
    return await _OF_PROJECT.rows(connection, project_id=project_id, asof=asof)


async def list_given(
    connection: Connection, portfolio_id: UUID, asof: datetime | None = None
) -> Mapping[UUID, Sequence[GivenScore]]:
    """By project of the portfolio: its scores in force before a moment (None: now)."""
    found: dict[UUID, list[GivenScore]] = {}
    for row in await _OF_PORTFOLIO.rows(connection, portfolio_id=portfolio_id, asof=asof):
        found.setdefault(row["project_id"], []).append(given_score(row))
    return found


async def list_ranked(connection: Connection, portfolio_id: UUID) -> list[asyncpg.Record]:
    """The central projects that are not over (P2): `id`, `name`, `status` and `is_statutory`."""
    return await _RANKED.rows(connection, portfolio_id=portfolio_id)


async def count_scores(connection: Connection, project_id: UUID) -> int:
    """How many scores the project was ever given: the revision of its scores."""
    return int(await _COUNT.value(connection, project_id=project_id))


def given_score(row: asyncpg.Record) -> GivenScore:
    return GivenScore(
        criterion_id=row["criterion_id"],
        value=row["value"],
        scored_by=row["scored_by"],
        model_version=row["model_version"],
        id=row["id"],
    )
