"""Scores in the database: a history that only grows (P6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on

from gevinst_portfolio.tables.criteria import score
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_ADD = Query(insert(score).values({column.name: bindparam(column.name) for column in score.columns}))
_ASOF = bindparam("asof", type_=DateTime(timezone=True))
_OVER: list[ColumnElement[str]] = [literal_column("'stopped'"), literal_column("'closed'")]


def _latest() -> Select[Any]:
    """The last score per project and criterion, as of a moment (null: now)."""
    return (
        select(score)
        .ext(distinct_on(score.c.organisation_id, score.c.project_id, score.c.criterion_id))
        .where(or_(_ASOF.is_(None), score.c.scored_at <= _ASOF))
        .order_by(
            score.c.organisation_id,
            score.c.project_id,
            score.c.criterion_id,
            score.c.scored_at.desc(),
            score.c.id.desc(),
        )
    )


_OF_PROJECT = Query(_latest().where(score.c.project_id == bindparam("project_id")))


def _of_portfolio() -> Select[Any]:
    """The central projects that are not over (P2), each with its current scores by criterion."""
    latest = _latest().where(score.c.project_id == project.c.id).lateral("latest")
    return (
        select(
            project.c.id,
            project.c.name,
            project.c.status,
            project.c.is_statutory,
            func.array_remove(func.array_agg(latest.c.criterion_id), None).label("criterion_ids"),
            func.array_remove(func.array_agg(latest.c.value), None).label("values"),
        )
        .select_from(project.outerjoin(latest, true()))
        .where(
            and_(
                project.c.portfolio_id == bindparam("portfolio_id"),
                project.c.registration == "central",
                project.c.status.not_in(_OVER),
            )
        )
        .group_by(project.c.organisation_id, project.c.id)
    )


_OF_PORTFOLIO = Query(_of_portfolio())
_COUNT = Query(select(func.count()).select_from(score).where(score.c.project_id == bindparam("project_id")))


async def add_scores(connection: Connection, scores: Sequence[dict[str, Any]]) -> None:
    """Append the rows."""
    await _ADD.run_many(connection, scores)


async def list_scores(
    connection: Connection, project_id: UUID, asof: datetime | None
) -> list[asyncpg.Record]:
    """The project's scores in force at a moment (None: now), at most one per criterion."""
    return await _OF_PROJECT.rows(connection, project_id=project_id, asof=asof)


async def list_scored_projects(
    connection: Connection, portfolio_id: UUID, asof: datetime | None
) -> list[asyncpg.Record]:
    """Rows of `id`, `name`, `status`, `is_statutory`, `criterion_ids` and `values` side by side."""
    return await _OF_PORTFOLIO.rows(connection, portfolio_id=portfolio_id, asof=asof)


async def count_scores(connection: Connection, project_id: UUID) -> int:
    """How many scores the project was ever given: the revision of its scores."""
    return int(await _COUNT.value(connection, project_id=project_id))
