"""What is ahead and what is late: projects, gates, conditions, actions (G2, G7, B8)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.plan.actions import CHANGES_WORK
from gevinst_benefits.store.actions import action_days
from gevinst_benefits.store.overview_scopes import Scope, Scoped
from gevinst_benefits.tables.conditions import condition
from gevinst_benefits.tables.gates import gate, gate_decision, gate_withdrawal, progress
from gevinst_benefits.tables.projects import project
from gevinst_shared.db.engine import Connection

_today = bindparam("today", type_=Date)
_most = bindparam("most", type_=Integer)
_its_progress = and_(progress.c.organisation_id == project.c.organisation_id, progress.c.id == project.c.id)
_its_gate = and_(gate.c.organisation_id == project.c.organisation_id, gate.c.project_id == project.c.id)
_decided = and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id)
_withdrawn = and_(
    gate_withdrawal.c.organisation_id == gate.c.organisation_id, gate_withdrawal.c.id == gate.c.id
)
_its_condition = and_(
    condition.c.organisation_id == project.c.organisation_id, condition.c.project_id == project.c.id
)


def _projects(among: ColumnElement[bool]) -> Select[Any]:
    """How many projects there are, by where they stand in their phase model; null when they do not."""
    return (
        select(progress.c.phase_model, progress.c.phase, progress.c.state, func.count().label("count"))
        .select_from(project.outerjoin(progress, _its_progress))
        .where(among)
        .group_by(progress.c.phase_model, progress.c.phase, progress.c.state)
        .order_by(progress.c.phase_model, progress.c.phase, progress.c.state)
    )


def _gates(among: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            gate.c.id,
            gate.c.gate,
            gate.c.gate_name,
            gate.c.project_id,
            project.c.name.label("project_name"),
            gate.c.outcome,
            gate.c.decide_by,
            func.count().over().label("total"),
            func.count().filter(gate.c.decide_by < _today).over().label("late"),
        )
        .select_from(
            project.join(gate, _its_gate)
            .outerjoin(gate_decision, _decided)
            .outerjoin(gate_withdrawal, _withdrawn)
        )
        .where(among, gate_decision.c.id.is_(None), gate_withdrawal.c.id.is_(None))
        .order_by(gate.c.decide_by, gate.c.id)
        .limit(_most)
    )


def _conditions(among: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            condition.c.id,
            condition.c.text,
            condition.c.project_id,
            project.c.name.label("project_name"),
            condition.c.owner_id,
            condition.c.deadline,
            condition.c.state,
            func.count().over().label("total"),
            func.count().filter(condition.c.deadline < _today).over().label("late"),
        )
        .select_from(project.join(condition, _its_condition))
        .where(among, or_(condition.c.state == "open", condition.c.state == "reported"))
        .order_by(condition.c.deadline, condition.c.id)
        .limit(_most)
    )


_kinds: Any = bindparam("changing", type_=ARRAY(Text))


def _actions(among: ColumnElement[bool]) -> Executable:
    """Actions that were not dropped, by the quarter they are due in; year and quarter are null for no day."""
    # Kept apart, so that each day is looked for once.
    each = action_days(among).offset(literal_column("0")).subquery("each")
    is_open = or_(each.c.state == "planned", each.c.state == "started")
    year, quarter = (
        cast(func.date_part(literal_column(f"'{part}'"), each.c.due_on), Integer)
        for part in ("year", "quarter")
    )
    return select(
        year.label("year"),
        quarter.label("quarter"),
        func.count().label("actions"),
        func.count().filter(each.c.kind == any_(_kinds)).label("changes"),
        func.count().filter(each.c.state == "done").label("done"),
        func.count().filter(is_open, each.c.due_on < _today).label("overdue"),
    ).group_by(year, quarter)


_PROJECTS = Scoped(_projects, is_of_projects=True)
_GATES = Scoped(_gates, is_of_projects=True)
_CONDITIONS = Scoped(_conditions, is_of_projects=True)
_ACTIONS = Scoped(_actions)


async def projects_in(connection: Connection, scope: Scope) -> Sequence[Mapping[str, Any]]:
    """How many projects stand in which phase of which model and in which state; nothing: no project."""
    return await _PROJECTS.rows(connection, scope)


async def gates_ahead(
    connection: Connection, scope: Scope, *, today: date, most: int
) -> Sequence[Mapping[str, Any]]:
    """The first `most` gates that are proposed and not decided; of `total` `late` should be by now."""
    return await _GATES.rows(connection, scope, today=today, most=most)


async def conditions_open(
    connection: Connection, scope: Scope, *, today: date, most: int
) -> Sequence[Mapping[str, Any]]:
    """The first `most` conditions that nobody has settled; of `total` `late` have passed their day."""
    return await _CONDITIONS.rows(connection, scope, today=today, most=most)


async def actions_by_quarter(
    connection: Connection, scope: Scope, *, today: date
) -> Sequence[Mapping[str, Any]]:
    """How many `actions` are due in which quarter: those that change the work, are done, are overdue."""
    return await _ACTIONS.rows(
        connection, scope, today=today, changing=sorted(kind.value for kind in CHANGES_WORK)
    )
