"""Goals on the wire (G8)."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.domain.plan.goals import GoalKind, GoalState, Target
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_benefits.usecases.committing import GoalDraft
from gevinst_shared.web.shapes import (
    Id,
    In,
    Maybe,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Year,
)


class SavingsFrame(In):
    """What is to be saved per year, in money."""

    kind: Literal["savings-frame"]
    money: MoneyIn

    def value(self) -> Target:
        return Target(GoalKind.SAVINGS_FRAME, self.money.value())


class ServiceGoal(In):
    """What a service is to reach, as an amount of a unit of measure."""

    kind: Literal["service-goal"]
    amount: Quantity = Field(examples=["10"])
    unit_of_measure: Name = Field(examples=["days until an answer"])

    def value(self) -> Target:
        return Target(GoalKind.SERVICE_GOAL, None, self.amount, self.unit_of_measure)


TargetShape = Annotated[SavingsFrame | ServiceGoal, Field(discriminator="kind")]


class GoalIn(In):
    """A commitment of a unit."""

    unit_id: Id
    name: Name = Field(examples=["Two per cent less for administration"])
    description: Maybe[Prose] = None
    target: TargetShape
    due_year: Year = Field(examples=[2028], description="To be reached by the end of this year.")

    def draft(self) -> GoalDraft:
        return GoalDraft(self.unit_id, self.name, self.target.value(), self.due_year, self.description)


class GoalStateIn(In):
    """What became of a goal, and why."""

    state: GoalState
    reason: Name = Field(examples=["The accounts of 2028 show it."])


class MeansIn(In):
    """A benefit by which the goal is to be met."""

    benefit_id: Id


class MeansOut(Out):
    """A benefit by which the goal is to be met."""

    benefit_id: Id
    project_id: Id
    name: Name
    state: BenefitState


class TargetOut(Out):
    """Money per year, or an amount of a unit of measure."""

    kind: GoalKind
    money: Maybe[MoneyOut] = None
    amount: Maybe[Quantity] = None
    unit_of_measure: Maybe[Name] = None


class GoalOut(Out):
    """A commitment of a unit, with the benefits that are to meet it."""

    id: Id
    organisation: Organisation
    unit_id: Id
    name: Name
    description: Maybe[Prose] = None
    target: TargetOut
    due_year: Year
    state: GoalState
    reason: Maybe[Name] = Field(None, description="Why it is met or withdrawn.")
    ended_by: Maybe[str] = Field(None, max_length=300)
    ended_at: Maybe[Moment] = None
    has_means: bool = Field(description="Whether an open or realised benefit is linked to it.")
    means: list[MeansOut] = Field(max_length=1000)
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class GoalPageOut(Out):
    """Goals, a page at a time."""

    items: list[GoalOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
