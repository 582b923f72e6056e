"""What planning reads: a portfolio's projects with their scores, its money, and the shared resources."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on

from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus, Registration
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import SharedResource, Supply
from gevinst_portfolio.domain.scoring import total_score
from gevinst_portfolio.store.criteria import list_model
from gevinst_portfolio.store.profiles import costs_from, needs_from, waves_from
from gevinst_portfolio.tables.capacity import budget, resource
from gevinst_portfolio.tables.criteria import criterion, score
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_OF_PORTFOLIO = bindparam("portfolio_id", type_=Uuid)
_FIGURES = select(project)
_ALL = Query(_FIGURES.where(project.c.portfolio_id == _OF_PORTFOLIO).order_by(project.c.id))
_LATEST_SCORES = Query(
    select(score.c.project_id, score.c.criterion_id, score.c.value)
    .ext(distinct_on(score.c.project_id, score.c.criterion_id))
    .join(
        criterion,
        (criterion.c.organisation_id == score.c.organisation_id) & (criterion.c.id == score.c.criterion_id),
    )
    .where(criterion.c.portfolio_id == _OF_PORTFOLIO)
    .order_by(score.c.project_id, score.c.criterion_id, score.c.scored_at.desc(), score.c.id.desc())
)
_BUDGET = Query(
    select(budget.c.years)
    .where(budget.c.portfolio_id == _OF_PORTFOLIO)
    .order_by(budget.c.version.desc())
    .limit(1)
)
_RESOURCES = Query(select(resource).order_by(resource.c.id))


async def list_figures(connection: Connection, portfolio_id: UUID) -> tuple[ProjectFigures, ...]:
    """The portfolio's projects as planning sees them, by id."""
    scores = await _scores(connection, portfolio_id)
    rows = await _ALL.rows(connection, portfolio_id=portfolio_id)
    return tuple(figures(row, scores.get(row["id"])) for row in rows)


async def get_supply(connection: Connection, portfolio_id: UUID) -> Supply:
    """The budget in force, and every shared resource of the organisation."""
    years = json.loads(await _BUDGET.value(connection, portfolio_id=portfolio_id) or "[]")
    rows = await _RESOURCES.rows(connection)
    return Supply(money_by_year(years), tuple(_resource(row) for row in rows))


async def resource_kinds(connection: Connection) -> dict[UUID, asyncpg.Record]:
    """Name, kind and measure of each shared resource."""
    return {row["id"]: row for row in await _RESOURCES.rows(connection)}


def money_by_year(years: list[Mapping[str, Any]]) -> dict[tuple[int, CostKind], int]:
    """Whole hundredths by (year, kind), from JSON."""
    return {(one["year"], CostKind(one["kind"])): int(Decimal(one["amount"]).scaleb(2)) for one in years}


def figures(row: asyncpg.Record, score_share: float | None = None) -> ProjectFigures:
    """A project's row as planning sees it."""
    return ProjectFigures(
        id=row["id"],
        name=row["name"],
        status=ProjectStatus(row["status"]),
        registration=Registration(row["registration"]),
        is_statutory=row["is_statutory"],
        start=row["start"],
        end=row["end"],
        cost_minor=row["cost_minor"],
        benefit_minor=row["benefit_minor"],
        cost_by_year=costs_from(row["cost_by_year"]),
        needs=needs_from(row["needs"]),
        waves=waves_from(row["waves"]),
        depends_on=tuple(row["depends_on"]),
        excludes=tuple(row["excludes"]),
        score=score_share,
    )


async def _scores(connection: Connection, portfolio_id: UUID) -> dict[UUID, float]:
    model = await list_model(connection, portfolio_id)
    values: dict[UUID, dict[UUID, float]] = {}
    for row in await _LATEST_SCORES.rows(connection, portfolio_id=portfolio_id):
        values.setdefault(row["project_id"], {})[row["criterion_id"]] = row["value"]
    totals = {key: total_score(model, known) for key, known in values.items()}
    # B6: a project that is not scored on every criterion has no score to be compared by.
    return {
        key: one.points / 100 for key, one in totals.items() if one.points is not None and not one.missing
    }


def _resource(row: asyncpg.Record) -> SharedResource:
    capacity = {
        Quarter.at(one["year"], one["quarter"]): Decimal(str(one["amount"]))
        for one in json.loads(row["capacity"])
    }
    return SharedResource(row["id"], row["name"], row["kind"], capacity)
