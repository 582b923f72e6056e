"""What is known of a project when it reports: its benefits, measurements, measures and planned cost (B13)."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, func, or_, select

from gevinst_benefits.domain.gates.conditions import UNSETTLED
from gevinst_benefits.domain.measuring.indicators import IndicatorState, Measurement, indicator_state
from gevinst_benefits.store.actions import due_on
from gevinst_benefits.store.indicators import of_project
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.business_cases import business_case
from gevinst_benefits.tables.conditions import condition
from gevinst_benefits.tables.indicators import indicator, measurement
from gevinst_benefits.tables.monthly_reports import report_measure
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.money import Money

_project: Any = bindparam("project_id")
_STATES = Query(
    select(benefit.c.state, func.count().label("benefits"))
    .where(benefit.c.project_id == _project)
    .group_by(benefit.c.state)
)
_later = measurement.alias("later")
_MEASURED = Query(
    select(measurement.c.indicator_id, func.max(measurement.c.taken_on).label("taken_on"))
    .join(
        indicator,
        (indicator.c.organisation_id == measurement.c.organisation_id)
        & (indicator.c.id == measurement.c.indicator_id),
    )
    .join(
        benefit,
        (benefit.c.organisation_id == indicator.c.organisation_id) & (benefit.c.id == indicator.c.benefit_id),
    )
    .where(
        benefit.c.project_id == _project,
        ~select(1)
        .where(
            _later.c.organisation_id == measurement.c.organisation_id,
            _later.c.corrects_id == measurement.c.id,
        )
        .exists(),
    )
    .group_by(measurement.c.indicator_id)
)
_OVERDUE = Query(
    select(func.count())
    .select_from(report_measure)
    .where(
        report_measure.c.project_id == _project,
        report_measure.c.state == "decided",
        report_measure.c.deadline < bindparam("today", type_=Date),
    )
)
# A report is short: what is left out is in the lists themselves.
_MOST = 20
_whole = func.count().over().label("whole")
_CONDITIONS = Query(
    select(condition.c.id, condition.c.text.label("name"), condition.c.deadline.label("due_on"), _whole)
    .where(
        condition.c.project_id == _project,
        or_(*(condition.c.state == state.value for state in UNSETTLED)),
    )
    .order_by(condition.c.deadline, condition.c.id)
    .limit(_MOST)
)
_due = due_on(action.c)
_ACTIONS = Query(
    select(action.c.id, action.c.name, _due.label("due_on"), _whole)
    .join(
        benefit,
        (benefit.c.organisation_id == action.c.organisation_id) & (benefit.c.id == action.c.benefit_id),
    )
    .where(
        benefit.c.project_id == _project,
        benefit.c.state != "closed",
        benefit.c.state != "moved",
        or_(action.c.state == "planned", action.c.state == "started"),
        _due < bindparam("today", type_=Date),
    )
    .order_by(_due, action.c.id)
    .limit(_MOST)
)
_PLANNED = Query(
    select(
        business_case.c.currency,
        business_case.c.price_year,
        business_case.c.results["years"].label("years"),
        business_case.c.results["costs"].label("costs"),
    )
    .where(business_case.c.project_id == _project)
    .order_by(business_case.c.number.desc())
    .limit(1)
)


async def benefits_by_state(connection: Connection, project_id: UUID) -> dict[str, int]:
    """How many of the project's benefits are in which state; a state that none is in is left out."""
    rows = await _STATES.rows(connection, project_id=project_id)
    return {row["state"]: row["benefits"] for row in rows}


async def overdue_indicators(connection: Connection, project_id: UUID, *, today: date) -> int:
    """B6: how many indicators of the project have a due day that no measurement meets."""
    taken = {
        row["indicator_id"]: row["taken_on"]
        for row in await _MEASURED.rows(connection, project_id=project_id)
    }
    count = 0
    for one in await of_project(connection, project_id):
        known = [Measurement(one.id, taken[one.id], Decimal(0))] if one.id in taken else []
        count += indicator_state(one, known, today=today) is IndicatorState.OVERDUE
    return count


async def overdue_measures(connection: Connection, project_id: UUID, *, today: date) -> int:
    """How many decided measures are past their deadline and not done."""
    return int(await _OVERDUE.value(connection, project_id=project_id, today=today))


async def open_conditions(connection: Connection, project_id: UUID) -> tuple[list[dict[str, Any]], int]:
    """G7: the conditions that wait to be met, the first due first, and how many more there are."""
    return _first(map(dict, await _CONDITIONS.rows(connection, project_id=project_id)))


async def overdue_actions(
    connection: Connection, project_id: UUID, *, today: date
) -> tuple[list[dict[str, Any]], int]:
    """B8, B9: actions of open benefits past their day and not done, the longest overdue first, and how many
    more there are."""
    return _first(map(dict, await _ACTIONS.rows(connection, project_id=project_id, today=today)))


async def planned_cost(connection: Connection, project_id: UUID, year: int) -> Money | None:
    """What the newest business case says the year costs, or None when it has no such year."""
    row = await _PLANNED.find(connection, project_id=project_id)
    if row is None or row["years"] is None or row["costs"] is None:
        return None
    costs: dict[int, Any] = dict(zip(json.loads(row["years"]), json.loads(row["costs"]), strict=False))
    amount = costs.get(year)
    return None if amount is None else Money(Decimal(amount), row["currency"], row["price_year"])


def _first(rows: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    found = list(rows)
    whole = found[0]["whole"] if found else 0
    return [_plain(row) for row in found], whole - len(found)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": str(row["id"]), "name": row["name"], "due_on": row["due_on"].isoformat()}
