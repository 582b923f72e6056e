"""The benefits that are taken out of budgets, with all that is reconciled about them (M1, E2)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Table, Uuid, and_, any_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.adjustments import budget_agreement, budget_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.projects import project, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_portfolio = bindparam("portfolio_id", type_=Uuid)
_unit = bindparam("unit_id", type_=Uuid)
_project = bindparam("project_id", type_=Uuid)
_programme = bindparam("programme_id", type_=Uuid)


@dataclass(frozen=True, slots=True)
class Which:
    """Which benefits are asked for; a unit with all below it."""

    unit_id: UUID | None = None
    portfolio_id: UUID | None = None
    project_id: UUID | None = None
    programme_id: UUID | None = None


def _touches(table: Table, unit_column: str, benefit_column: str) -> ColumnElement[bool]:
    """Whether a row of `table` binds the benefit to the unit or one below it."""
    return exists(
        select(1)
        .select_from(table)
        .join(
            unit,
            and_(unit.c.organisation_id == table.c.organisation_id, unit.c.id == table.c[unit_column]),
        )
        .where(
            table.c.organisation_id == benefit.c.organisation_id,
            table.c[benefit_column] == benefit.c.id,
            _unit == any_(unit.c.path),
        )
        .correlate(benefit)
    )


_owned = exists(
    select(1).where(
        unit.c.organisation_id == benefit.c.organisation_id,
        unit.c.id == benefit.c.owner_unit_id,
        _unit == any_(unit.c.path),
    )
)
_asked = (
    select(benefit)
    .join(
        project,
        and_(project.c.organisation_id == benefit.c.organisation_id, project.c.id == benefit.c.project_id),
    )
    .where(
        # B1, C7: only what can be booked at all.
        benefit.c.mode == "budget-reduction",
        benefit.c.ledger == "money",
        or_(_portfolio.is_(None), project.c.portfolio_id == _portfolio),
        or_(_project.is_(None), benefit.c.project_id == _project),
        or_(_programme.is_(None), project.c.programme_id == _programme),
        or_(
            _unit.is_(None),
            _owned,
            _touches(budget_agreement, "unit_id", "benefit_id"),
            _touches(budget_entry, "unit_id", "benefit_id"),
        ),
    )
)
_PAGE = Query(
    _asked.where(benefit.c.id > bindparam("after", type_=Uuid))
    .order_by(benefit.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_COUNT = Query(_asked.with_only_columns(func.count()))
_BELOW = Query(select(unit.c.id).where(_unit == any_(unit.c.path)))
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_ROWS = Query(select(benefit).where(benefit.c.id == any_(_ids)).order_by(benefit.c.id))
_NAMES = Query(select(unit.c.id, unit.c.name).where(unit.c.id == any_(_ids)))
FIRST = UUID(int=0)


async def page(
    connection: Connection, which: Which, *, after: UUID, limit: int
) -> Sequence[Mapping[str, Any]]:
    """The next benefits by column, in the order of their ids."""
    return [dict(row) for row in await _PAGE.rows(connection, after=after, limit=limit, **asdict(which))]


async def count(connection: Connection, which: Which) -> int:
    """How many benefits are asked for."""
    found: int = await _COUNT.value(connection, **asdict(which))
    return found


async def units_below(connection: Connection, unit_id: UUID) -> frozenset[UUID]:
    """The unit and every unit below it; empty for one that is not known."""
    return frozenset(row["id"] for row in await _BELOW.rows(connection, unit_id=unit_id))


async def rows_of(connection: Connection, benefit_ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    """These benefits by column, in the order of their ids."""
    return [dict(row) for row in await _ROWS.rows(connection, ids=list(benefit_ids))]


async def unit_names(connection: Connection, unit_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    return {row["id"]: row["name"] for row in await _NAMES.rows(connection, ids=list(unit_ids))}
