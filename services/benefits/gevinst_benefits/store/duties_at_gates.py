"""Duties at gates and after them: advice, decisions, conditions, handover, looking back (G2, G7, G9, G10)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    any_,
    column,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from gevinst_benefits.domain.duties import DutyKind
from gevinst_benefits.domain.permissions import (
    CONFIRM_CONDITION,
    DECIDE_GATE,
    DECIDE_MEASURE,
    RECEIVE,
)
from gevinst_benefits.store.duty_holders import (
    at,
    duty,
    is_mine,
    may,
    me,
    subject,
    today,
    until,
    with_project,
)
from gevinst_benefits.tables.conditions import condition
from gevinst_benefits.tables.gates import gate, gate_decision, gate_withdrawal
from gevinst_benefits.tables.handovers import effect_review, handover
from gevinst_benefits.tables.monthly_reports import report_measure
from gevinst_benefits.tables.projects import person, project
from gevinst_benefits.tables.reviews import gate_review

_is_settled = or_(
    exists(
        select(1).where(
            gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id
        )
    ),
    exists(
        select(1).where(
            gate_withdrawal.c.organisation_id == gate.c.organisation_id, gate_withdrawal.c.id == gate.c.id
        )
    ),
)
_asked = func.unnest(gate.c.reviewer_ids).table_valued(column("id", Uuid)).render_derived(name="asked")


def _advised(reviewer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists(
        select(1).where(
            gate_review.c.organisation_id == gate.c.organisation_id,
            gate_review.c.gate_id == gate.c.id,
            gate_review.c.reviewer_id == reviewer_id,
        )
    )


_is_review_over = func.coalesce(gate.c.review_by < today, literal_column("false"))
_awaits_advice = and_(
    ~_is_review_over, exists(select(1).select_from(_asked).where(~_advised(_asked.c.id)).correlate(gate))
)
_reviews = (
    duty(
        DutyKind.REVIEW_GATE,
        gate.c,
        at("gates", "/reviews"),
        gate.c.gate_name,
        gate.c.review_by,
        project_id=gate.c.project_id,
    )
    .select_from(gate)
    .where(~_is_settled, me == any_(gate.c.reviewer_ids), ~_advised(me))
)
# G3: not by who proposed it; and not before those who were asked have advised.
_decisions = (
    duty(
        DutyKind.DECIDE_GATE,
        gate.c,
        at("gates", "/decision"),
        gate.c.gate_name,
        gate.c.decide_by,
        project_id=gate.c.project_id,
    )
    .select_from(with_project(gate, gate.c))
    .where(~_is_settled, gate.c.proposed_by != subject, ~_awaits_advice, may(DECIDE_GATE))
)
_conditions = duty(
    DutyKind.MEET_CONDITION,
    condition.c,
    at("conditions", "/report"),
    condition.c.text,
    condition.c.deadline,
    project_id=condition.c.project_id,
).where(condition.c.state == "open", condition.c.owner_id == me)
_confirmations = (
    duty(
        DutyKind.CONFIRM_CONDITION,
        condition.c,
        at("conditions", "/confirmation"),
        condition.c.text,
        condition.c.deadline,
        project_id=condition.c.project_id,
    )
    .select_from(with_project(condition, condition.c))
    .where(condition.c.state == "reported", condition.c.reported_by != subject, may(CONFIRM_CONDITION))
)
_manager = (
    select(person.c.subject)
    .where(person.c.organisation_id == project.c.organisation_id, person.c.id == project.c.manager_id)
    .scalar_subquery()
)
_receives = or_(
    *(is_mine(literal(role.value, Text), handover.c.receiving_unit_id) for role in sorted(RECEIVE.roles))
)
_handovers = (
    duty(
        DutyKind.ACCEPT_HANDOVER,
        handover.c,
        at("handovers", "/acceptance"),
        project.c.name,
        project_id=handover.c.project_id,
    )
    .select_from(with_project(handover, handover.c))
    .where(
        handover.c.state == "offered",
        handover.c.offered_by != subject,
        func.coalesce(_manager != subject, literal_column("true")),
        _receives,
    )
)
_looks = (
    duty(
        DutyKind.HOLD_EFFECT_REVIEW,
        effect_review.c,
        at("effect-reviews", "/finding"),
        project.c.name,
        effect_review.c.due_on,
        project_id=effect_review.c.project_id,
    )
    .select_from(with_project(effect_review, effect_review.c))
    .where(effect_review.c.state == "scheduled", effect_review.c.due_on <= until, may(DECIDE_GATE))
)
_follow_ups = duty(
    DutyKind.DO_MEASURE,
    report_measure.c,
    at("measures"),
    report_measure.c.text,
    report_measure.c.deadline,
    project_id=report_measure.c.project_id,
).where(report_measure.c.state == "decided", report_measure.c.owner_id == me)
_rulings = (
    duty(
        DutyKind.DECIDE_MEASURE,
        report_measure.c,
        at("measures", "/decision"),
        report_measure.c.text,
        project_id=report_measure.c.project_id,
    )
    .select_from(with_project(report_measure, report_measure.c))
    .where(report_measure.c.state == "proposed", report_measure.c.proposed_by != subject, may(DECIDE_MEASURE))
)
AT_GATES = (_reviews, _decisions, _conditions, _confirmations, _handovers, _looks, _follow_ups, _rulings)
