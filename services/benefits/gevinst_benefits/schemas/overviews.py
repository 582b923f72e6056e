"""Overviews on the wire: of what controllers, units, programmes and portfolios have before them."""

from typing import Literal

from pydantic import Field

from gevinst_benefits.domain.gates.gates import Outcome, ProjectState
from gevinst_benefits.domain.measuring.indicators import IndicatorState
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.plan.benefits import BenefitState, Ledger, RealisationMode
from gevinst_benefits.schemas.benefits import Kind, OwnerRole
from gevinst_benefits.schemas.goals import TargetOut
from gevinst_benefits.schemas.monthly_reports import DutyOut, ReportSummaryOut
from gevinst_benefits.schemas.quantities import Figure, Total
from gevinst_shared.web.shapes import Currency, Day, Id, Maybe, Name, Out, Prose, Year

_ANY = 10_000_000
_SHOWN = 50


class SumYearOut(Out):
    """Our part of what benefits give in a year, in the unit that stands above."""

    year: Year
    confirmed: Total = Field(description="What owners stand for: what counts (B2).")
    unconfirmed: Total
    in_transit: Maybe[Total] = Field(
        None,
        description="Between another body and us, counted by nobody yet (B11). Absent when nothing is.",
    )
    verified: Maybe[Total] = Field(
        None, description="What controllers found. Absent when nothing is verified, which is not zero."
    )


class MeasureSumOut(Out):
    """Benefits of one ledger and one unit; no two of these are ever added (C7)."""

    ledger: Ledger
    currency: Maybe[Currency] = None
    price_year: Maybe[Year] = None
    unit_of_measure: Maybe[Name] = None
    confirmed_count: int = Field(ge=0, le=_ANY)
    unconfirmed_count: int = Field(ge=0, le=_ANY)
    years: list[SumYearOut] = Field(max_length=60, description="Those of the asked years that have any.")


class FrameSumOut(MeasureSumOut):
    """Benefits of one realisation mode, one kind, one ledger and one unit (B1)."""

    mode: RealisationMode
    kind: Kind


class UnseenBenefitOut(Out):
    """A benefit that nothing will show: it has no indicator."""

    id: Id
    name: Name
    project_id: Id
    project_name: Name
    state: BenefitState


class UnseenOut(Out):
    """How many benefits have no indicator, and the first of them (B6)."""

    count: int = Field(ge=0, le=_ANY)
    first: list[UnseenBenefitOut] = Field(max_length=_SHOWN)


class StateCountOut(Out):
    """How many indicators are in a state."""

    state: IndicatorState
    count: int = Field(ge=1, le=_ANY)


class LightCountOut(Out):
    """How many indicators are in a light."""

    light: Colour
    count: int = Field(ge=1, le=_ANY)


class IndicatorsOut(Out):
    """How the indicators stand today. The lights are today's and what people said instead; an indicator's own
    forecast looks ahead as well, and may be worse."""

    count: int = Field(ge=0, le=_ANY)
    states: list[StateCountOut] = Field(max_length=7)
    lights: list[LightCountOut] = Field(max_length=4)
    overruled: int = Field(ge=0, le=_ANY, description="Whose light a person has said (B7).")


class VacantRoleOut(Out):
    """A role in a unit that owns benefits and that nobody holds today."""

    role: OwnerRole
    unit_id: Id
    unit_name: Name
    benefits: int = Field(ge=1, le=_ANY)


class VacantRolesOut(Out):
    """Owners that nobody is: how many roles, how many benefits, and the first of them (B2)."""

    count: int = Field(ge=0, le=_ANY)
    benefits: int = Field(ge=0, le=_ANY)
    first: list[VacantRoleOut] = Field(max_length=_SHOWN)


class OverviewCountsOut(Out):
    """The benefits that are followed: neither closed nor moved away."""

    count: int = Field(ge=0, le=_ANY)
    unconfirmed: int = Field(ge=0, le=_ANY)
    undated: int = Field(ge=0, le=_ANY, description="Nobody knows the day, or it will not come.")
    falls_elsewhere: int = Field(ge=0, le=_ANY, description="Another body counts all or a part (B11).")
    in_transit: int = Field(
        ge=0,
        le=_ANY,
        description="Of those between another body and us, of which nobody counts a part (B11).",
    )


class PlaceCountOut(Out):
    """How many projects stand in a phase; without members: in no phase model yet."""

    phase_model: Maybe[Name] = None
    phase: Maybe[Name] = None
    state: Maybe[ProjectState] = None
    count: int = Field(ge=1, le=_ANY)


class GateAheadOut(Out):
    """A gate that is proposed and not decided."""

    id: Id
    gate: Name
    gate_name: Name
    project_id: Id
    project_name: Name
    outcome: Outcome = Field(description="As it is proposed.")
    decide_by: Maybe[Day] = None
    is_late: bool


class GatesAheadOut(Out):
    """Gates that wait for a decision, those to be decided first in front."""

    count: int = Field(ge=0, le=_ANY)
    late: int = Field(ge=0, le=_ANY)
    first: list[GateAheadOut] = Field(max_length=_SHOWN)


class OpenConditionOut(Out):
    """A condition of a decision that nobody has settled (G7)."""

    id: Id
    text: Prose
    project_id: Id
    project_name: Name
    owner_id: Id
    deadline: Day
    state: Literal["open", "reported"]
    is_late: bool


class OpenConditionsOut(Out):
    """Conditions that are open, those due first in front."""

    count: int = Field(ge=0, le=_ANY)
    late: int = Field(ge=0, le=_ANY)
    first: list[OpenConditionOut] = Field(max_length=_SHOWN)


class ReportsOut(ReportSummaryOut):
    """Last month's reports together, and the first of those that are late (B13)."""

    first_late: list[DutyOut] = Field(max_length=_SHOWN)


class WorkOverviewOut(Out):
    """What a project, programme or portfolio promises, and what is missing or late; nothing is stored."""

    id: Id
    project_count: int = Field(ge=1, le=_ANY)
    without_indicator: UnseenOut
    vacant_owners: VacantRolesOut
    reports: Maybe[ReportsOut] = Field(
        None, description="Absent where nobody has said that projects report, which is not green."
    )
    gates: GatesAheadOut
    conditions: OpenConditionsOut
    benefits: OverviewCountsOut
    indicators: IndicatorsOut
    first_year: Year
    last_year: Year
    sums: list[FrameSumOut] = Field(max_length=10_000)
    projects: list[PlaceCountOut] = Field(max_length=10_000)


class QuarterOut(Out):
    """How much changes in a quarter of the year."""

    quarter: int = Field(ge=1, le=4)
    actions: int = Field(ge=0, le=_ANY, description="Due in it and not dropped.")
    changes: int = Field(ge=0, le=_ANY, description="Of the actions, those that change the work itself (B4).")
    done: int = Field(ge=0, le=_ANY)
    overdue: int = Field(ge=0, le=_ANY)
    benefits_beginning: int = Field(ge=0, le=_ANY)


class ChangeLoadOut(Out):
    """How much change there is for the unit, by quarter."""

    quarters: list[QuarterOut] = Field(min_length=4, max_length=4)
    overdue: int = Field(ge=0, le=_ANY, description="Actions of any year that have passed their day.")
    undated: int = Field(ge=0, le=_ANY, description="Actions that nobody knows the day of.")


class OpenGoalOut(Out):
    """A commitment of the unit that is not met yet."""

    id: Id
    unit_id: Id
    name: Name
    target: TargetOut
    due_year: Year
    has_means: bool = Field(description="Whether an open or realised benefit is linked to it (G8).")


class UnitGoalsOut(Out):
    """The goals of the unit and those below it, those without means first."""

    with_means: int = Field(ge=0, le=_ANY)
    without_means: int = Field(ge=0, le=_ANY)
    met: int = Field(ge=0, le=_ANY)
    withdrawn: int = Field(ge=0, le=_ANY)
    first: list[OpenGoalOut] = Field(max_length=_SHOWN)


class BookedYearOut(Out):
    """What was booked to the units' budgets for a year, without what was reversed; below zero they shrink."""

    year: Year
    currency: Currency
    price_year: Year
    amount: Figure
    entries: int = Field(ge=1, le=_ANY)


class UnitStaffOut(Out):
    """The staff of the year. Absent where no unit has said it; `unknown_units` have not."""

    fte: Maybe[Total] = None
    hours: Maybe[Total] = None
    known_units: int = Field(ge=0, le=_ANY)
    unknown_units: int = Field(ge=0, le=_ANY)


class UnitOverviewOut(Out):
    """What is expected of a unit and those below it, and how much changes there; nothing of it is stored."""

    id: Id
    name: Name
    unit_count: int = Field(ge=1, le=_ANY)
    year: Year
    last_year: Year
    without_indicator: UnseenOut
    vacant_owners: VacantRolesOut
    expected: list[MeasureSumOut] = Field(max_length=10_000)
    benefits: OverviewCountsOut
    indicators: IndicatorsOut
    change: ChangeLoadOut
    goals: UnitGoalsOut
    booked: list[BookedYearOut] = Field(max_length=10_000)
    staff: UnitStaffOut


class WaitingYearOut(Out):
    """How many benefits wait for a controller to look at a year."""

    year: Year
    waiting: int = Field(ge=1, le=_ANY)
    is_late: bool = Field(description="A whole year has gone by since it ended.")


class WaitingUnitOut(Out):
    """How many years of a unit's benefits wait, and how many are late."""

    unit_id: Id
    unit_name: Name
    waiting: int = Field(ge=1, le=_ANY)
    late: int = Field(ge=0, le=_ANY)


class VerificationOverviewOut(Out):
    """What waits for controllers; `/verification-queue` lists it."""

    waiting: int = Field(ge=0, le=_ANY)
    late: int = Field(ge=0, le=_ANY)
    years: list[WaitingYearOut] = Field(max_length=300)
    units: list[WaitingUnitOut] = Field(max_length=10_000, description="Those with most that is late first.")
