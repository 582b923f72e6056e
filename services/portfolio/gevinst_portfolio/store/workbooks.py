"""What a workbook of a portfolio shows, read at one moment."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, select

from gevinst_portfolio.domain.project_profiles import cost_profiles, duration_in_quarters
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scoring import Better, Criterion
from gevinst_portfolio.domain.workbooks.figures import CriterionLine, ProjectLine, ResourceLine
from gevinst_portfolio.store.plan_inputs import figures
from gevinst_portfolio.tables.capacity import resource
from gevinst_portfolio.tables.organisations import unit
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_OF_PORTFOLIO = bindparam("portfolio_id", type_=Uuid)
_PROJECTS = Query(
    select(project).where(project.c.portfolio_id == _OF_PORTFOLIO).order_by(project.c.name, project.c.id)
)
_RESOURCES = Query(select(resource).order_by(resource.c.kind.desc(), resource.c.name, resource.c.id))
_UNITS = Query(select(unit.c.id, unit.c.name).order_by(unit.c.name, unit.c.id))


async def list_rows(connection: Connection, portfolio_id: UUID) -> list[asyncpg.Record]:
    """The rows of the portfolio's projects, by name."""
    return await _PROJECTS.rows(connection, portfolio_id=portfolio_id)


async def list_resources(connection: Connection) -> list[ResourceLine]:
    """Roles first, then capacities for change."""
    return [_resource(row) for row in await _RESOURCES.rows(connection)]


async def unit_labels(connection: Connection) -> dict[UUID, str]:
    """A name for each unit that no other one has."""
    rows = await _UNITS.rows(connection)
    names = [row["name"].casefold() for row in rows]
    return {
        row["id"]: row["name"] if names.count(row["name"].casefold()) == 1 else f"{row['name']} ({row['id']})"
        for row in rows
    }


def project_lines(rows: Iterable[asyncpg.Record], units: Mapping[UUID, str]) -> list[ProjectLine]:
    """The rows as lines of the workbook."""
    return [_line(row, units) for row in rows]


def criterion_line(criterion: Criterion) -> CriterionLine:
    ends = (criterion.scale_min, criterion.scale_max)
    worst, best = ends if criterion.better is Better.HIGHER else ends[::-1]
    return CriterionLine(str(criterion.id), criterion.name, criterion.weight, worst, best)


def _line(row: asyncpg.Record, units: Mapping[UUID, str]) -> ProjectLine:
    known = figures(row)
    duration = duration_in_quarters(known)
    spending = {} if duration is None else cost_profiles(known, duration)
    return ProjectLine(
        id=str(row["id"]),
        revision=row["revision"],
        name=row["name"],
        need=row["need"],
        category=row["category"],
        source=row["source"],
        source_key=row["source_key"],
        is_statutory=row["is_statutory"],
        unit=None if row["unit_id"] is None else units[row["unit_id"]],
        start=row["start"],
        end=row["end"],
        cost=_money(row["cost_minor"]),
        benefit=_money(row["benefit_minor"]),
        cost_by_year=_yearly(known.cost_by_year),
        needs={str(need.resource_id): need.amounts for need in known.needs},
        spending={
            kind: tuple(Decimal(minor).scaleb(-2) for minor in profile) for kind, profile in spending.items()
        },
        registration=row["registration"],
        status=row["status"],
    )


def _yearly(costs: Iterable[Any]) -> dict[tuple[int, CostKind], Decimal]:
    found: dict[tuple[int, CostKind], Decimal] = {}
    for cost in costs:
        key = cost.year, cost.kind
        found[key] = found.get(key, Decimal(0)) + cost.amount
    return found


def _money(minor: int | None) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-2)


def _resource(row: asyncpg.Record) -> ResourceLine:
    capacity = {
        Quarter.at(one["year"], one["quarter"]): Decimal(str(one["amount"]))
        for one in json.loads(row["capacity"])
    }
    return ResourceLine(str(row["id"]), row["revision"], row["name"], row["kind"], row["measure"], capacity)
