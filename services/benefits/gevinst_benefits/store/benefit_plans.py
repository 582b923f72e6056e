"""Everything of a project's benefit plan, in a number of statements that does not grow with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, Uuid, and_, any_, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.plan.actions import ActionKind
from gevinst_benefits.domain.plan.benefit_plan import Planned
from gevinst_benefits.domain.plan.planned_years import planned_years, starts_on
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.store.actions import action_document, due_on
from gevinst_benefits.store.agreements import latest_agreement
from gevinst_benefits.store.benefits import benefit_document, benefit_from
from gevinst_benefits.store.freed_value import used_by_year
from gevinst_benefits.store.installations import not_carrying
from gevinst_benefits.store.prerequisites import prerequisite_document, risk_document
from gevinst_benefits.store.verifications import verified_years
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.goals import goal, goal_means
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.prerequisites import prerequisite, risk
from gevinst_shared.db.documents import documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns

_today = bindparam("today", type_=Date)


def _mine(c: Columns, of: Columns) -> ColumnElement[bool]:
    return and_(of.organisation_id == c.organisation_id, of.benefit_id == c.id)


def _count(c: Columns, of: Any, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:  # noqa: ANN401
    mine = _mine(c, of.c)
    return select(func.count()).select_from(of).where(mine, *conditions).scalar_subquery()


def _all(c: Columns, of: Any, item: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ANN401 - a table
    return select(documents(item, of.c.id)).where(_mine(c, of.c)).scalar_subquery()


_is_open_action = or_(action.c.state == "planned", action.c.state == "started")
_kinds = select(func.array_agg(action.c.kind, type_=ARRAY(Text))).where(
    _mine(benefit.c, action.c), action.c.state != "dropped"
)
# B4, G8: what the benefit is for, as long as the unit holds on to it.
_goals = (
    select(func.count())
    .select_from(goal_means)
    .join(
        goal, and_(goal.c.organisation_id == goal_means.c.organisation_id, goal.c.id == goal_means.c.goal_id)
    )
    .where(_mine(benefit.c, goal_means.c), goal.c.state != "withdrawn")
)
_FACTS = Query(
    select(
        benefit,
        latest_agreement(benefit.c).label("agreement"),
        _count(benefit.c, indicator).label("indicators"),
        _kinds.scalar_subquery().label("kinds"),
        _count(benefit.c, action, _is_open_action, due_on(action.c) < _today).label("overdue"),
        _count(benefit.c, risk, risk.c.level == "high", risk.c.state == "open").label("high_risks"),
        _count(benefit.c, prerequisite, prerequisite.c.state == "failed").label("failed"),
        not_carrying(benefit.c).label("not_carrying"),
        used_by_year(benefit.c).label("used"),
        _goals.scalar_subquery().label("goals"),
    )
    .where(benefit.c.project_id == bindparam("project_id"))
    .order_by(benefit.c.id)
)
_of_project = and_(
    benefit.c.project_id == bindparam("project_id"), benefit.c.state != "closed", benefit.c.state != "moved"
)


def _counted(of: Any, *by: ColumnElement[Any]) -> Query:  # noqa: ANN401 - a table
    """How many rows of a table the plan's open benefits have, by some columns."""
    columns = [of.c.state, *by]
    return Query(
        select(*columns, func.count().label("count"))
        .join(benefit, _mine(benefit.c, of.c))
        .where(_of_project)
        .group_by(*columns)
        .order_by(*columns)
    )


_COUNTS = {
    "action_counts": _counted(action),
    "prerequisite_counts": _counted(prerequisite),
    "risk_counts": _counted(risk, risk.c.level),
}
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_PARTS = Query(
    select(
        benefit.c.id,
        cast(benefit_document(benefit.c), Text).label("benefit"),
        cast(latest_agreement(benefit.c), Text).label("agreement"),
        cast(_all(benefit.c, action, action_document(action.c)), Text).label("actions"),
        cast(_all(benefit.c, prerequisite, prerequisite_document(prerequisite.c)), Text).label(
            "prerequisites"
        ),
        cast(_all(benefit.c, risk, risk_document(risk.c)), Text).label("risks"),
    ).where(benefit.c.id == any_(_ids))
)


async def planned_of(
    connection: Connection, project: Project, *, vacant: frozenset[tuple[str, UUID]], today: date
) -> list[Planned]:
    """All benefits of the project with what the plan has on them; `vacant` are roles that nobody holds."""
    rows = await _FACTS.rows(connection, project_id=project.id, today=today)
    planned = [_planned(dict(row), project, vacant) for row in rows]
    verified = await verified_years(connection, [one.benefit for one in planned])
    return [replace(one, verified=verified[one.benefit.id]) for one in planned]


async def counts_of(connection: Connection, project_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """How many actions, prerequisites and risks the plan has, by state; risks by level as well."""
    return {
        name: [dict(row) for row in await query.rows(connection, project_id=project_id)]
        for name, query in _COUNTS.items()
    }


async def parts_of(connection: Connection, benefit_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Each benefit's record, with its actions, prerequisites, risks and agreement."""
    rows = await _PARTS.rows(connection, ids=list(benefit_ids))
    return {row["id"]: _parts(dict(row)) for row in rows}


def _parts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in row.items() if name != "id" and text is not None}


def _planned(row: Mapping[str, Any], project: Project, vacant: frozenset[tuple[str, UUID]]) -> Planned:
    known = benefit_from(row)
    agreement = json.loads(row["agreement"] or "null")
    used = json.loads(row["used"] or "{}")
    return Planned(
        benefit=known,
        years=planned_years(known, project),
        starts_on=starts_on(known, project),
        share=Decimal(1) if agreement is None else Decimal(agreement["counted"]),
        in_transit=Decimal(0) if agreement is None else Decimal(agreement["in_transit"]),
        indicators=row["indicators"],
        actions=tuple(ActionKind(kind) for kind in row["kinds"] or ()),
        overdue_actions=row["overdue"],
        high_risks=row["high_risks"],
        failed_prerequisites=row["failed"],
        not_carrying=int(row["not_carrying"]),
        goals=row["goals"],
        used={int(year): Decimal(amount) for year, amount in used.items()},
        is_owner_vacant=(known.owner.role, known.owner.unit_id) in vacant,
    )
