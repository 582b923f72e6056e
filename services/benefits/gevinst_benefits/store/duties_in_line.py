"""Duties of those who own benefits, and of those whose budget they change (B2, B6, B8, M1)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    and_,
    literal,
    or_,
)

from gevinst_benefits.domain.duties import DutyKind
from gevinst_benefits.store.actions import joined_day, with_dates
from gevinst_benefits.store.duty_holders import at, duty, is_mine, me, subject
from gevinst_benefits.store.measurements_due import due_windows
from gevinst_benefits.store.overview_scopes import is_followed
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.adjustments import budget_phasing
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.prerequisites import prerequisite, risk
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.actor import Role


def _owned(found: Select[Any], c: Columns) -> tuple[Select[Any], Select[Any]]:
    """What the caller owns by name, and by a role in a unit; an owner is one or the other, and each way has
    its own index."""
    return found.where(c.owner_person_id == me), found.where(is_mine(c.owner_role, c.owner_unit_id))


def _of_benefit(kind: DutyKind, of: Table, collection: str) -> Select[Any]:
    its = and_(benefit.c.organisation_id == of.c.organisation_id, benefit.c.id == of.c.benefit_id)
    return (
        duty(kind, of.c, at(collection), of.c.name, project_id=benefit.c.project_id)
        .select_from(of.join(benefit, its))
        .where(is_followed, of.c.state == "open")
    )


_benefits = duty(
    DutyKind.CONFIRM_BENEFIT,
    benefit.c,
    at("benefits", "/confirmation"),
    benefit.c.name,
    project_id=benefit.c.project_id,
).where(benefit.c.state == "proposed", is_mine(benefit.c.owner_role, benefit.c.owner_unit_id))
_actions = (
    duty(
        DutyKind.DO_ACTION,
        action.c,
        at("actions"),
        action.c.name,
        joined_day,
        project_id=benefit.c.project_id,
    )
    .select_from(with_dates)
    .where(is_followed, or_(action.c.state == "planned", action.c.state == "started"))
)
_prerequisites = _of_benefit(DutyKind.MEET_PREREQUISITE, prerequisite, "prerequisites")
_risks = _of_benefit(DutyKind.REDUCE_RISK, risk, "risks")


def _to_measure(mine: ColumnElement[bool]) -> Select[Any]:
    due = due_windows(mine).subquery()
    path = at("indicators", "/measurements")
    return duty(DutyKind.MEASURE, due.c, path, due.c.name, due.c.due_on, project_id=due.c.project_id)


# B2: who measures was said of the indicator, or it is the benefit's owner.
_measurements = (
    _to_measure(
        and_(
            indicator.c.measurer_unit_id.is_not(None),
            is_mine(indicator.c.measurer_role, indicator.c.measurer_unit_id),
        )
    ),
    _to_measure(
        and_(indicator.c.measurer_role.is_(None), is_mine(benefit.c.owner_role, benefit.c.owner_unit_id))
    ),
)

_its_cashable = and_(
    benefit.c.organisation_id == budget_phasing.c.organisation_id,
    benefit.c.id == budget_phasing.c.benefit_id,
)
_leads = is_mine(literal(Role.UNIT_LEADER.value, Text), budget_phasing.c.unit_id)
_phasings = (
    duty(
        DutyKind.AGREE_BUDGET,
        budget_phasing.c,
        at("budget-phasings", "/agreement"),
        benefit.c.name,
        project_id=benefit.c.project_id,
    )
    .select_from(budget_phasing.join(benefit, _its_cashable))
    .where(
        is_followed,
        budget_phasing.c.state == "draft",
        budget_phasing.c.drafted_by != subject,
        or_(_leads, is_mine(benefit.c.owner_role, benefit.c.owner_unit_id)),
    )
)
IN_LINE = (
    _benefits,
    *_owned(_actions, action.c),
    *_owned(_prerequisites, prerequisite.c),
    *_owned(_risks, risk.c),
    *_measurements,
    _phasings,
)
