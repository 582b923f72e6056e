"""Benefits on the wire (B1, B2, C7)."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.plan.benefits import BenefitState, Estimate, Ledger, Owner, RealisationMode
from gevinst_benefits.domain.plan.timing import AT_PROJECT_END
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_benefits.schemas.timing import TimingIn, TimingOut
from gevinst_benefits.usecases.planning import BenefitDraft
from gevinst_shared.web.shapes import (
    Code,
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
)

# B2: an owner in the line.
OwnerRole = Literal["benefit-owner", "unit-leader"]
Kind = Annotated[
    Code,
    Field(
        description="avoided-cost, saved-time, quality, revenue, risk-and-compliance, or one of your own.",
        examples=["saved-time"],
    ),
]


class OwnerShape(In):
    """A role in a unit, so that the benefit survives people leaving."""

    role: OwnerRole
    unit_id: Id

    def value(self) -> Owner:
        return Owner(self.role, self.unit_id)


class MoneyEstimate(In):
    """What is expected per year, in money."""

    ledger: Literal["money"]
    money_per_year: MoneyIn

    def value(self) -> Estimate:
        return Estimate(Ledger.MONEY, self.money_per_year.value())


class AmountEstimate(In):
    """What is expected per year in freed time or quality; never added to money (C7)."""

    ledger: Literal["time", "quality"]
    amount_per_year: Quantity = Field(examples=["1200"])
    unit_of_measure: Name = Field(examples=["hours"])

    def value(self) -> Estimate:
        return Estimate(Ledger(self.ledger), None, self.amount_per_year, self.unit_of_measure)


EstimateShape = Annotated[MoneyEstimate | AmountEstimate, Field(discriminator="ledger")]


BudgetLine = Annotated[
    Name,
    Field(
        description="Where in the unit's budget it is to be found; two benefits on one line in one year "
        "are shown as a possible double count (B12).",
        examples=["2540 Postage"],
    ),
]
Effort = Literal["low", "moderate", "high"]


class BenefitIn(In):
    """A benefit as a planner describes it."""

    name: Name = Field(examples=["Less time spent on each application"])
    description: Maybe[Prose] = None
    mode: RealisationMode
    kind: Kind
    owner: OwnerShape
    estimate: EstimateShape
    timing: Maybe[TimingIn] = Field(
        None, description="Absent: in full from the project's end, for ten years."
    )
    budget_line: Maybe[BudgetLine] = None
    effort: Maybe[Effort] = Field(None, description="What it takes to get it; low comes first (B10).")

    def draft(self) -> BenefitDraft:
        return BenefitDraft(
            name=self.name,
            mode=self.mode,
            kind=self.kind,
            owner=self.owner.value(),
            estimate=self.estimate.value(),
            description=self.description,
            timing=AT_PROJECT_END if self.timing is None else self.timing.value(),
            budget_line=self.budget_line,
            effort=self.effort,
        )


class EstimateOut(Out):
    """Money, or an amount of a unit of measure."""

    ledger: Ledger
    money_per_year: Maybe[MoneyOut] = None
    amount_per_year: Maybe[Quantity] = None
    unit_of_measure: Maybe[Name] = None


class BenefitOut(Out):
    """A benefit of a project's plan."""

    id: Id
    organisation: Organisation
    project_id: Id
    name: Name
    description: Maybe[Prose] = None
    mode: RealisationMode
    kind: Kind
    owner: OwnerShape
    estimate: EstimateOut
    timing: TimingOut
    budget_line: Maybe[BudgetLine] = None
    effort: Maybe[Effort] = None
    state: BenefitState
    confirmed_by: Maybe[str] = Field(None, max_length=300)
    confirmed_at: Maybe[Moment] = None
    verified_by: Maybe[str] = Field(None, max_length=300)
    moved_to: Maybe[Id] = Field(None, description="The project that took it over when this one stopped.")
    continues_id: Maybe[Id] = Field(None, description="The benefit of a stopped project that this one is.")
    indicator_count: int = Field(ge=0, le=1_000_000, description="None (0) is a state of its own (B6).")
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class BenefitPageOut(Out):
    """Benefits, a page at a time."""

    items: list[BenefitOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
