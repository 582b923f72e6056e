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
from gevinst_benefits.store.measurements_due import DUE_WINDOWS
from gevinst_benefits.store.overview_scopes import is_followed
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.adjustments import budget_phasing
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.prerequisites import prerequisite, risk
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.actor import Role


def _owned(c: Columns) -> ColumnElement[bool]:
    """Owned by the caller, or by a role in a unit that the caller holds."""
    return or_(c.owner_person_id == me, is_mine(c.owner_role, c.owner_unit_id))


def _of_benefit(kind: DutyKind, of: Table, collection: str) -> Select[Any]:
    its = and_(benefit.c.organisation_id == of.c.organisation_id, benefit.c.id == of.c.benefit_id)
    return (
        duty(kind, of.c, at(of.c, collection), of.c.name, project_id=benefit.c.project_id)
        .select_from(of.join(benefit, its))
        .where(is_followed, _owned(of.c))
    )


_benefits = duty(
    DutyKind.CONFIRM_BENEFIT,
    benefit.c,
    at(benefit.c, "benefits", "/confirmation"),
    benefit.c.name,
    project_id=benefit.c.project_id,
).where(benefit.c.state == "proposed", is_mine(benefit.c.owner_role, benefit.c.owner_unit_id))
_actions = (
    duty(
        DutyKind.DO_ACTION,
        action.c,
        at(action.c, "actions"),
        action.c.name,
        joined_day,
        project_id=benefit.c.project_id,
    )
    .select_from(with_dates)
    .where(is_followed, _owned(action.c), or_(action.c.state == "planned", action.c.state == "started"))
)
_prerequisites = _of_benefit(DutyKind.MEET_PREREQUISITE, prerequisite, "prerequisites").where(
    prerequisite.c.state == "open"
)
_risks = _of_benefit(DutyKind.REDUCE_RISK, risk, "risks").where(risk.c.state == "open")
_measurements = duty(
    DutyKind.MEASURE,
    DUE_WINDOWS.c,
    at(DUE_WINDOWS.c, "indicators", "/measurements"),
    DUE_WINDOWS.c.name,
    DUE_WINDOWS.c.due_on,
    project_id=DUE_WINDOWS.c.project_id,
).where(is_mine(DUE_WINDOWS.c.role, DUE_WINDOWS.c.unit_id))

_its_cashable = and_(
    benefit.c.organisation_id == budget_phasing.c.organisation_id,
    benefit.c.id == budget_phasing.c.benefit_id,
)
_leads = is_mine(literal(Role.UNIT_LEADER.value, Text), budget_phasing.c.unit_id)
_phasings = (
    duty(
        DutyKind.AGREE_BUDGET,
        budget_phasing.c,
        at(budget_phasing.c, "budget-phasings", "/agreement"),
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
IN_LINE = (_benefits, _actions, _prerequisites, _risks, _measurements, _phasings)
