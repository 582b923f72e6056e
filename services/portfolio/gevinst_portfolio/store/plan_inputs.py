"""What planning reads: a portfolio's projects with their scores, its money, and the shared resources."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on

from gevinst_portfolio.domain.capacity import LAPSES, CarryChoice, RollOver, taken_per_quarter
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import (
    CostKind,
    Lag,
    Need,
    ProjectStatus,
    Registration,
    Window,
)
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import SharedResource, Supply
from gevinst_portfolio.domain.scoring import total_score
from gevinst_portfolio.domain.waves import wave_needs
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
_NAMES = Query(select(project.c.id, project.c.name).where(project.c.portfolio_id == _OF_PORTFOLIO))
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
    select(budget.c.years, budget.c.carry, budget.c.carry_cap_minor)
    .where(budget.c.portfolio_id == _OF_PORTFOLIO)
    .order_by(budget.c.version.desc())
    .limit(1)
)
_RESOURCES = Query(select(resource).order_by(resource.c.id))
_ELSEWHERE = Query(
    select(project.c.start, project.c.needs, project.c.waves)
    .where(
        project.c.portfolio_id != _OF_PORTFOLIO,
        project.c.status.in_([literal_column("'approved'"), literal_column("'running'")]),
        project.c.start.is_not(None),
        func.jsonb_array_length(project.c.needs) + func.jsonb_array_length(project.c.waves) > 0,
    )
    .order_by(project.c.id)
)


async def list_figures(connection: Connection, portfolio_id: UUID) -> tuple[ProjectFigures, ...]:
    """The portfolio's projects as planning sees them, by id."""
    scores = await _scores(connection, portfolio_id)
    rows = await _ALL.rows(connection, portfolio_id=portfolio_id)
    return tuple(figures(row, scores.get(row["id"])) for row in rows)


async def get_supply(connection: Connection, portfolio_id: UUID) -> Supply:
    """The budget in force, every shared resource, and what other portfolios' decided work takes of them."""
    row = await _BUDGET.find(connection, portfolio_id=portfolio_id)
    money = {} if row is None else money_by_year(json.loads(row["years"]))
    rolls = LAPSES if row is None else RollOver(CarryChoice(row["carry"]), row["carry_cap_minor"])
    rows = await _RESOURCES.rows(connection)
    taken = await _taken_elsewhere(connection, portfolio_id)
    return Supply(money, tuple(_resource(row) for row in rows), rolls, taken)


async def _taken_elsewhere(connection: Connection, portfolio_id: UUID) -> dict[UUID, dict[Quarter, Decimal]]:
    found: dict[UUID, dict[Quarter, Decimal]] = {}
    for row in await _ELSEWHERE.rows(connection, portfolio_id=portfolio_id):
        for need in needs_of(row):
            of_resource = found.setdefault(need.resource_id, {})
            for quarter, amount in taken_per_quarter(row["start"], need):
                of_resource[quarter] = of_resource.get(quarter, Decimal(0)) + amount
    return found


async def project_names(connection: Connection, portfolio_id: UUID) -> dict[str, str]:
    """The names of the portfolio's projects, by the text of their id."""
    rows = await _NAMES.rows(connection, portfolio_id=portfolio_id)
    return {str(row["id"]): row["name"] for row in rows}


async def resource_kinds(connection: Connection) -> dict[UUID, asyncpg.Record]:
    """Name, kind and measure of each shared resource."""
    return {row["id"]: row for row in await _RESOURCES.rows(connection)}


def money_by_year(years: list[Mapping[str, Any]]) -> dict[tuple[int, CostKind], int]:
    """Whole hundredths by (year, kind), from JSON."""
    return {(one["year"], CostKind(one["kind"])): int(Decimal(one["amount"]).scaleb(2)) for one in years}


def needs_of(row: asyncpg.Record) -> tuple[Need, ...]:
    """What a project takes of shared resources; P12: each wave in its own quarters."""
    return (*needs_from(row["needs"]), *wave_needs(waves_from(row["waves"])))


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
        category=row["category"],
        window=Window(row["earliest_start"], row["latest_start"], row["deadline"]),
        lags=tuple(
            Lag(UUID(one["project_id"]), one["lag_quarters"]) for one in json.loads(row["dependency_lags"])
        ),
        receiving_unit_ids=tuple(row["receiving_unit_ids"]),
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
