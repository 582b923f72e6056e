"""G7: what a decision asks for, of whom and until when; what is not done in time reopens the gate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class ConditionsMissing(Refusal):
    code = "conditions-missing"
    title = "No condition is given"
    detail = "Go with conditions needs at least one condition with an owner and a deadline."


class ConditionsOnPlainGo(Refusal):
    code = "conditions-on-plain-go"
    title = "A plain go has no conditions"
    detail = "Decide go-with-conditions, or leave the conditions out."


class ConditionsOnStop(Refusal):
    code = "conditions-on-stop"
    title = "A stop has no conditions"
    detail = "The project ends, and nobody would follow the conditions up. Leave them out."


class OddCondition(Refusal):
    code = "odd-condition"
    title = "The condition cannot be followed up"
    detail = "Every condition needs a text, an owner and a deadline after {day}."


class ConditionsOpen(Refusal):
    code = "conditions-open"
    title = "Conditions of the last decision are open"
    detail = (
        "A plain go waits for these conditions: {conditions}. Have them met or waived, or set conditions."
    )


class ConditionSettled(Refusal):
    code = "condition-settled"
    title = "The condition is settled"
    detail = "The condition is {state}; this cannot be done to it any more."


class NotTheConditionOwner(Refusal):
    code = "not-the-condition-owner"
    title = "Only its owner reports a condition as met"
    detail = "You are not the owner of this condition."


class ConfirmsOwnCondition(Refusal):
    code = "confirms-own-condition"
    title = "Somebody else confirms or waives"
    detail = "You own this condition, or reported it as met. Somebody else must confirm or waive it."


class ConditionState(StrEnum):
    """`reported`: the owner says it is met, and somebody else shall confirm that."""

    OPEN = "open"
    REPORTED = "reported"
    MET = "met"
    WAIVED = "waived"
    LAPSED = "lapsed"
    CLOSED = "closed"


UNSETTLED = (ConditionState.OPEN, ConditionState.REPORTED)


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done, by whom (a person), until the end of which day."""

    text: str
    owner: str
    deadline: date
    needs_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class SetCondition:
    """A condition of a decision, and what became of it. `owner_subject` is who may report it as met."""

    id: UUID
    condition: Condition
    owner_subject: str
    state: ConditionState = ConditionState.OPEN
    evidence: str | None = None
    reported_by: str | None = None
    reported_at: datetime | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str | None = None


def refuse_unfit_conditions(outcome: str, conditions: Sequence[Condition], today: date) -> None:
    """Refuse conditions that do not go with the outcome, or that nobody could follow up."""
    if outcome == "go-with-conditions" and not conditions:
        raise ConditionsMissing
    if outcome == "go" and conditions:
        raise ConditionsOnPlainGo
    if outcome == "stop" and conditions:
        raise ConditionsOnStop
    for condition in conditions:
        if not condition.text.strip() or not condition.owner.strip() or condition.deadline <= today:
            raise OddCondition(day=today)


def report_met(condition: SetCondition, *, by: str, evidence: str, at: datetime) -> SetCondition:
    """Reported by its owner as met; met at once unless it was said that somebody else confirms it."""
    _refuse_settled(condition, ConditionState.OPEN)
    if by != condition.owner_subject:
        raise NotTheConditionOwner
    reported = replace(
        condition, state=ConditionState.REPORTED, evidence=evidence, reported_by=by, reported_at=at
    )
    if condition.condition.needs_confirmation:
        return reported
    return replace(reported, state=ConditionState.MET, settled_by=by, settled_at=at)


def confirm_met(
    condition: SetCondition, *, by: str, is_met: bool, reason: str | None, at: datetime
) -> SetCondition:
    """Confirmed by somebody else, or not: then it is open again and its deadline still holds."""
    _refuse_settled(condition, ConditionState.REPORTED)
    _refuse_own(condition, by)
    if is_met:
        return replace(condition, state=ConditionState.MET, settled_by=by, settled_at=at, reason=reason)
    return replace(
        condition,
        state=ConditionState.OPEN,
        evidence=None,
        reported_by=None,
        reported_at=None,
        reason=reason,
    )


def waive(condition: SetCondition, *, by: str, reason: str, at: datetime) -> SetCondition:
    """No longer asked for: a decider other than its owner says so, and why."""
    _refuse_settled(condition, *UNSETTLED)
    _refuse_own(condition, by)
    return replace(condition, state=ConditionState.WAIVED, settled_by=by, settled_at=at, reason=reason)


def close(condition: SetCondition, *, by: str, at: datetime) -> SetCondition:
    """G6: with the project's stop nothing is asked of anybody any more."""
    return replace(condition, state=ConditionState.CLOSED, settled_by=by, settled_at=at)


def lapse(condition: SetCondition, *, by: str, at: datetime) -> SetCondition | None:
    """Lapsed, when nobody has reported it as met; None when there is nothing to lapse.

    What was reported in time awaits its confirmation and does not lapse.
    """
    if condition.state is not ConditionState.OPEN:
        return None
    return replace(condition, state=ConditionState.LAPSED, settled_by=by, settled_at=at)


def refuse_open_conditions(conditions: Sequence[SetCondition]) -> None:
    """Refuse a plain go while what the same gate asked for before is not settled."""
    unsettled = [one.condition.text for one in conditions if one.state in UNSETTLED]
    if unsettled:
        raise ConditionsOpen(conditions="; ".join(unsettled))


def _refuse_settled(condition: SetCondition, *fit: ConditionState) -> None:
    if condition.state not in fit:
        raise ConditionSettled(state=condition.state.value)


def _refuse_own(condition: SetCondition, by: str) -> None:
    if by in {condition.owner_subject, condition.reported_by}:
        raise ConfirmsOwnCondition
