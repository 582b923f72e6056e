"""What stands on a unit and those below it: goals, budgets and staff (G8, M1, B12)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, and_, any_, bindparam, func, select

from gevinst_benefits.store.goals import goal_summary, has_means
from gevinst_benefits.store.overview_scopes import units_below
from gevinst_benefits.tables.adjustments import budget_entry
from gevinst_benefits.tables.goals import goal
from gevinst_benefits.tables.projects import unit
from gevinst_benefits.tables.staffing import staffing
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.refusal import Unknown

_scope_id = bindparam("scope_id", type_=unit.c.id.type)
_its_staff = and_(staffing.c.organisation_id == unit.c.organisation_id, staffing.c.id == unit.c.id)
_UNITS = Query(
    select(unit.c.id, unit.c.name, staffing.c.years)
    .select_from(unit.outerjoin(staffing, _its_staff))
    .where(_scope_id == any_(unit.c.path))
)
_goals = (
    select(goal, has_means(goal.c).label("with_means"))
    .where(goal.c.unit_id.in_(units_below))
    .subquery("goals")
)
_COUNTS = Query(
    select(_goals.c.state, _goals.c.with_means, func.count().label("count")).group_by(
        _goals.c.state, _goals.c.with_means
    )
)
# G8: those that nothing delivers any more come first.
_GOALS = Query(
    select(goal_summary(_goals.c).label("document"))
    .where(_goals.c.state == "open")
    .order_by(_goals.c.with_means, _goals.c.due_year, _goals.c.id)
    .limit(bindparam("most", type_=Integer))
)
_key = (budget_entry.c.currency, budget_entry.c.price_year, budget_entry.c.year)
_BOOKED = Query(
    select(*_key, func.sum(budget_entry.c.amount_minor).label("minor"), func.count().label("entries"))
    .where(budget_entry.c.unit_id.in_(units_below))
    .group_by(*_key)
    .order_by(*_key)
)


async def units_with_staff(connection: Connection, unit_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The unit and those below it: `id`, `name` and `years` of their staff (None: nobody said); or `Unknown`.

    The unit itself may stand anywhere among them.
    """
    rows = await _UNITS.rows(connection, scope_id=unit_id)
    if not rows:
        raise Unknown
    return [{**row, "years": None if row["years"] is None else json.loads(row["years"])} for row in rows]


async def goal_counts(connection: Connection, unit_id: UUID) -> Sequence[Mapping[str, Any]]:
    """How many goals are in which `state`, by whether they have means (`with_means`)."""
    return [dict(row) for row in await _COUNTS.rows(connection, scope_id=unit_id)]


async def open_goals(connection: Connection, unit_id: UUID, *, most: int) -> list[dict[str, Any]]:
    """The first `most` open goals, those without means first."""
    rows = await _GOALS.rows(connection, scope_id=unit_id, most=most)
    return [json.loads(row["document"]) for row in rows]


async def booked(connection: Connection, unit_id: UUID) -> Sequence[Mapping[str, Any]]:
    """What was booked to the units' budgets by currency, price year and year, without what was reversed."""
    return [dict(row) for row in await _BOOKED.rows(connection, scope_id=unit_id)]
