"""Budgets of portfolios in the database: versions that only grow in number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Numeric, and_, bindparam, column, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.domain.capacity import LAPSES, CarryChoice, RollOver
from gevinst_portfolio.domain.project_profiles import wave_cost_by_year
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.store.profiles import waves_from
from gevinst_portfolio.tables.capacity import budget
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

Years = Mapping[tuple[int, CostKind], Decimal]


@dataclass(frozen=True, slots=True)
class BudgetVersion:
    """Version 0 is the empty budget of a portfolio that never got one."""

    version: int
    years: Years
    roll_over: RollOver = LAPSES
    reason: str | None = None
    set_by: str | None = None
    set_at: datetime | None = None


_IS_OF = project.c.portfolio_id == bindparam("portfolio_id")
_IS_TAKING = project.c.status.in_([literal_column("'approved'"), literal_column("'running'")])
_LAST = Query(
    select(budget)
    .where(budget.c.portfolio_id == bindparam("portfolio_id"))
    .order_by(budget.c.version.desc())
    .limit(1)
)
_ADD = Query(insert(budget).values({column.name: bindparam(column.name) for column in budget.columns}))
_cost = func.jsonb_array_elements(project.c.cost_by_year).table_valued(column("value", JSONB), name="cost")
_YEAR = func.jsonb_extract_path_text(_cost.c.value, "year").cast(Integer)
_KIND = func.jsonb_extract_path_text(_cost.c.value, "kind")
_PLANNED = Query(
    select(
        _YEAR.label("year"),
        _KIND.label("kind"),
        func.sum(func.jsonb_extract_path_text(_cost.c.value, "amount").cast(Numeric)).label("amount"),
    )
    .select_from(project.join(_cost, literal_column("true")))
    .where(and_(_IS_OF, _IS_TAKING))
    .group_by(literal_column("1"), literal_column("2"))
)
_ROLLING_OUT = Query(
    select(project.c.start, project.c.waves).where(
        _IS_OF, _IS_TAKING, project.c.start.is_not(None), func.jsonb_array_length(project.c.waves) > 0
    )
)
_UNPROFILED = Query(
    select(project.c.id)
    .where(_IS_OF, _IS_TAKING, func.jsonb_array_length(project.c.cost_by_year) == 0)
    .order_by(project.c.id)
    .limit(1000)
)


async def get_last(connection: Connection, portfolio_id: UUID) -> BudgetVersion:
    """The budget in force."""
    row = await _LAST.find(connection, portfolio_id=portfolio_id)
    if row is None:
        return BudgetVersion(0, {})
    years = {
        (each["year"], CostKind(each["kind"])): Decimal(each["amount"]) for each in json.loads(row["years"])
    }
    rolls = RollOver(CarryChoice(row["carry"]), row["carry_cap_minor"])
    return BudgetVersion(row["version"], years, rolls, row["reason"], row["set_by"], row["set_at"])


async def add_version(connection: Connection, values: Mapping[str, Any]) -> None:
    await _ADD.run(connection, **values)


async def sum_planned(connection: Connection, portfolio_id: UUID) -> dict[tuple[int, CostKind], Decimal]:
    """What the portfolio's approved and running projects cost, by year and kind, their waves as well."""
    rows = await _PLANNED.rows(connection, portfolio_id=portfolio_id)
    planned = {(row["year"], CostKind(row["kind"])): row["amount"] for row in rows}
    for row in await _ROLLING_OUT.rows(connection, portfolio_id=portfolio_id):
        for cost in wave_cost_by_year(waves_from(row["waves"]), Quarter.of(row["start"])):
            key = cost.year, cost.kind
            planned[key] = planned.get(key, Decimal(0)) + cost.amount
    return planned


async def list_unprofiled(connection: Connection, portfolio_id: UUID) -> list[UUID]:
    """Approved and running projects that say nothing of their cost per year: at most 1000."""
    return [row["id"] for row in await _UNPROFILED.rows(connection, portfolio_id=portfolio_id)]
