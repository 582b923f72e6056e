"""What planning reads: a portfolio's projects with their scores, its money, and the shared resources."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, func, literal_column, select

from gevinst_portfolio.domain.capacity import LAPSES, CarryChoice, RollOver, taken_per_quarter
from gevinst_portfolio.domain.case_values import CaseValue
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import (
    CostKind,
    Need,
    ProjectStatus,
    Registration,
    Window,
)
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import SharedResource, Supply
from gevinst_portfolio.domain.scorers import ProjectScore, project_score
from gevinst_portfolio.domain.scoring import Criterion
from gevinst_portfolio.domain.waves import wave_needs
from gevinst_portfolio.store.case_values import list_values
from gevinst_portfolio.store.criteria import get_model
from gevinst_portfolio.store.profiles import costs_from, lags_from, needs_from, waves_from
from gevinst_portfolio.store.scores import list_given
from gevinst_portfolio.tables.capacity import budget, resource
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_OF_PORTFOLIO = bindparam("portfolio_id", type_=Uuid)
_FIGURES = select(project)
_ALL = Query(_FIGURES.where(project.c.portfolio_id == _OF_PORTFOLIO).order_by(project.c.id))
_NAMES = Query(select(project.c.id, project.c.name).where(project.c.portfolio_id == _OF_PORTFOLIO))
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
    model = await get_model(connection, portfolio_id)
    given = await list_given(connection, portfolio_id)
    cases = await list_values(connection, portfolio_id)
    rows = await _ALL.rows(connection, portfolio_id=portfolio_id)
    return tuple(
        _valued(row, project_score(model, given.get(row["id"], ())), cases.get(row["id"])) for row in rows
    )


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


def figures(row: asyncpg.Record) -> ProjectFigures:
    """A project's row as planning sees it, without its scores and its business case."""
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
        cost_low_minor=row["cost_low_minor"],
        cost_high_minor=row["cost_high_minor"],
        benefit_low_minor=row["benefit_low_minor"],
        benefit_high_minor=row["benefit_high_minor"],
        cost_by_year=costs_from(row["cost_by_year"]),
        needs=needs_from(row["needs"]),
        waves=waves_from(row["waves"]),
        depends_on=tuple(row["depends_on"]),
        excludes=tuple(row["excludes"]),
        category=row["category"],
        window=Window(row["earliest_start"], row["latest_start"], row["deadline"]),
        lags=lags_from(row["dependency_lags"]),
        receiving_unit_ids=tuple(row["receiving_unit_ids"]),
    )


def _valued(row: asyncpg.Record, scored: ProjectScore, case: CaseValue | None) -> ProjectFigures:
    total = scored.total
    # B6: a project that is not scored on every criterion that counts has no score to be compared by.
    share = None if total.points is None or total.is_partial else total.points / 100
    is_ours = case is None or case.is_in(row["currency"], row["price_year"])
    return replace(
        figures(row),
        score=share,
        is_partly_scored=total.is_partial and total.points is not None,
        score_version=scored.version,
        scored_by=scored.counted,
        case=case,
        is_case_in_our_prices=is_ours,
    )


async def list_scores(
    connection: Connection, portfolio_id: UUID
) -> tuple[list[Criterion], dict[UUID, dict[UUID, float]]]:
    """The criteria that have weight, and what each project scores on each."""
    model = await get_model(connection, portfolio_id)
    given = await list_given(connection, portfolio_id)
    scored = {key: project_score(model, scores).criteria for key, scores in given.items()}
    values = {key: {one: score.value for one, score in found.items()} for key, found in scored.items()}
    return [one for one in model.criteria if one.weight > 0], values


def _resource(row: asyncpg.Record) -> SharedResource:
    capacity = {
        Quarter.at(one["year"], one["quarter"]): Decimal(str(one["amount"]))
        for one in json.loads(row["capacity"])
    }
    return SharedResource(row["id"], row["name"], row["kind"], capacity)
