"""G8: a goal is a commitment of a unit. It stays when a project cannot deliver; the means are opened."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class GoalEnded(Refusal):
    code = "goal-ended"
    title = "The goal is no longer open"
    detail = "The goal is {state}. Open it again before you change it."


class GoalReasonMissing(Refusal):
    code = "goal-reason-missing"
    title = "A reason is missing"
    detail = "Write why the goal is {state}: it is a commitment of the unit."


class NoMeans(Refusal):
    code = "benefit-no-means"
    title = "The benefit cannot carry a goal"
    detail = "The benefit is {state} and delivers nothing more. Link an open or realised benefit instead."


class NotLinked(Refusal):
    code = "benefit-not-linked"
    title = "The benefit is not linked to the goal"
    detail = "{benefit} is not among the benefits that the goal is to be met by."


class GoalKind(StrEnum):
    SAVINGS_FRAME = "savings-frame"
    SERVICE_GOAL = "service-goal"


class GoalState(StrEnum):
    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"


# What still delivers, or has delivered: the others are means no more.
DELIVERING = (BenefitState.PROPOSED, BenefitState.CONFIRMED, BenefitState.REALISED)


@dataclass(frozen=True, slots=True)
class Target:
    """A savings frame in money per year, or a service goal as an amount of a unit of measure (C7)."""

    kind: GoalKind
    money: Money | None = None
    amount: Decimal | None = None
    unit_of_measure: str = ""

    def __post_init__(self) -> None:
        is_money = self.kind is GoalKind.SAVINGS_FRAME
        if is_money != (self.money is not None) or is_money == (self.amount is not None):
            raise ValueError("a savings frame is money, a service goal an amount")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a unit has committed to reach, by the end of a year."""

    id: UUID
    unit_id: UUID
    name: str
    target: Target
    due_year: int
    description: str | None = None
    state: GoalState = GoalState.OPEN
    reason: str | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None


def change_goal(goal: Goal, changed: Goal) -> Goal:
    """The goal with what `changed` says of it; an ended one stays as it is (`GoalEnded`)."""
    if goal.state is not GoalState.OPEN:
        raise GoalEnded(state=goal.state.value)
    return replace(changed, id=goal.id, state=goal.state)


def settle_goal(goal: Goal, state: GoalState, *, reason: str, by: str, at: datetime) -> Goal:
    """The goal met, withdrawn or open again. Always for a reason (`GoalReasonMissing`)."""
    if not reason.strip():
        raise GoalReasonMissing(state=state.value)
    if state is GoalState.OPEN:
        return replace(goal, state=state, reason=None, ended_by=None, ended_at=None)
    if goal.state is not GoalState.OPEN:
        raise GoalEnded(state=goal.state.value)
    return replace(goal, state=state, reason=reason, ended_by=by, ended_at=at)


def refuse_dead_means(goal: Goal, benefit: BenefitState) -> None:
    """Refuse to link a benefit that delivers nothing more, or anything to a goal that has ended."""
    if goal.state is not GoalState.OPEN:
        raise GoalEnded(state=goal.state.value)
    if benefit not in DELIVERING:
        raise NoMeans(state=benefit.value)
