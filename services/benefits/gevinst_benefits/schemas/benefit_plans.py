"""A whole benefit plan on the wire."""

from pydantic import Field

from gevinst_benefits.domain.plan.actions import ActionState
from gevinst_benefits.domain.plan.benefit_plan import Flag
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.domain.plan.prerequisites import Level, PrerequisiteState, RiskState
from gevinst_benefits.schemas.actions import ActionOut
from gevinst_benefits.schemas.agreements import AgreementEntryOut
from gevinst_benefits.schemas.benefits import BenefitOut
from gevinst_benefits.schemas.planned_years import PlannedYearsOut
from gevinst_benefits.schemas.prerequisites import PrerequisiteOut, RiskOut
from gevinst_benefits.schemas.quantities import Total
from gevinst_shared.web.shapes import Currency, Id, Maybe, Name, Out, Year


class PlannedBenefitOut(BenefitOut):
    """A benefit with everything that the plan has on it."""

    planned_years: PlannedYearsOut
    flags: list[Flag] = Field(max_length=20, description="What somebody should look at.")
    actions: list[ActionOut] = Field(max_length=50)
    prerequisites: list[PrerequisiteOut] = Field(max_length=50)
    risks: list[RiskOut] = Field(max_length=50)
    agreement: Maybe[AgreementEntryOut] = Field(
        None, description="The newest step of the agreement with the body that it falls with (B11)."
    )


class FlagCountOut(Out):
    """On how many benefits of the plan a flag stands."""

    flag: Flag
    count: int = Field(ge=1, le=1_000_000)


class ActionCountOut(Out):
    """How many actions of the plan are in a state."""

    state: ActionState
    count: int = Field(ge=1, le=1_000_000)


class PrerequisiteCountOut(Out):
    """How many prerequisites of the plan are in a state."""

    state: PrerequisiteState
    count: int = Field(ge=1, le=1_000_000)


class RiskCountOut(Out):
    """How many risks of the plan are in a state and of a level."""

    state: RiskState
    level: Level
    count: int = Field(ge=1, le=1_000_000)


class PlanTotalOut(Out):
    """Our part of what benefits of one ledger and one unit give in a year; no two of these are added (C7)."""

    ledger: Ledger
    currency: Maybe[Currency] = None
    price_year: Maybe[Year] = None
    unit_of_measure: Maybe[Name] = None
    year: int = Field(ge=1, le=9999, examples=[2027])
    confirmed: Total = Field(description="What owners stand for: what counts (B2).")
    unconfirmed: Total
    in_transit: Maybe[Total] = Field(
        None,
        description="Between another body and us, counted by nobody yet (B11). Absent when nothing is.",
    )


class BenefitPlanOut(Out):
    """A project's benefit plan: sums over all of it, and its benefits."""

    project_id: Id
    project_name: Name
    benefit_count: int = Field(ge=0, le=1_000_000)
    flag_counts: list[FlagCountOut] = Field(max_length=20)
    action_counts: list[ActionCountOut] = Field(max_length=4)
    prerequisite_counts: list[PrerequisiteCountOut] = Field(max_length=3)
    risk_counts: list[RiskCountOut] = Field(max_length=12)
    totals: list[PlanTotalOut] = Field(max_length=10_000)
    items: list[PlannedBenefitOut] = Field(max_length=200)
    next_cursor: Maybe[str] = Field(None, max_length=500)
