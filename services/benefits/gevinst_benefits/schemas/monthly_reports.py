"""Monthly reports and the measures they propose, on the wire (B13)."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.monthly_reports import Area, DutyState, Light, MeasureState
from gevinst_benefits.schemas.budget_adjustments import Count, Person, Reason, Revision
from gevinst_benefits.usecases.measures import FollowUp, MeasureRuling
from gevinst_shared.web.shapes import (
    Day,
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
    Whole,
)

MonthText = Annotated[
    str,
    Field(pattern="^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", min_length=7, max_length=7, examples=["2026-10"]),
]
# Short by design.
Words = Annotated[Prose, Field(max_length=2000)]
WorkingDay = Annotated[Whole, Field(ge=1, le=20, examples=[5])]


class ReportingPracticeIn(In):
    """From which month on running projects report, and by when."""

    due_working_day: WorkingDay = Field(description="The working day after the month's end.")
    from_month: MonthText


class ReportingPracticeOut(Out):
    """From which month on running projects report, and by when."""

    due_working_day: WorkingDay
    from_month: MonthText
    revision: Revision
    created_at: Moment


class JudgementShape(In):
    """A light, and in words what deviates; yellow and red need words before the report is submitted."""

    light: Maybe[Light] = None
    words: Words = ""


class ReportContentIn(In):
    """What the report says. Lights may wait until it is submitted."""

    benefits: JudgementShape
    cost: JudgementShape
    progress: JudgementShape
    quality: JudgementShape
    risk: JudgementShape
    planned_cost: Maybe[MoneyIn] = Field(None, description="This year's, from the newest business case.")
    reported_cost: Maybe[MoneyIn] = Field(None, description="What the year will cost as it looks now.")


class MonthIn(In):
    """The month that is reported on."""

    month: MonthText


class CorrectionIn(In):
    """Why a submitted report is opened again."""

    reason: Reason = Field(examples=["The invoice for October came late"])


class JudgementOut(Out):
    """A light, and in words what deviates."""

    light: Maybe[Light] = None
    words: Words


class ReportContentOut(Out):
    """What the report says."""

    benefits: JudgementOut
    cost: JudgementOut
    progress: JudgementOut
    quality: JudgementOut
    risk: JudgementOut
    planned_cost: Maybe[MoneyOut] = None
    reported_cost: Maybe[MoneyOut] = None


class BenefitCountsOut(Out):
    """How many of the project's benefits are in which state."""

    proposed: Maybe[Count] = None
    confirmed: Maybe[Count] = None
    realised: Maybe[Count] = None
    closed: Maybe[Count] = None
    moved: Maybe[Count] = None


class WaitingOnOut(Out):
    """A condition of a gate, or an action of the plan, and the day it is due."""

    id: Id
    name: Name
    due_on: Day


class KnownOut(Out):
    """What the service knew of the project."""

    benefits: BenefitCountsOut
    open_conditions: list[WaitingOnOut] = Field(
        max_length=20, description="Conditions of gates that are not met yet (G7); the first due first."
    )
    overdue_actions: list[WaitingOnOut] = Field(
        max_length=20, description="Actions past their day and not done (B8); the longest overdue first."
    )
    open_conditions_more: Maybe[Count] = Field(
        None, description="How many there are beside these; absent for none."
    )
    overdue_actions_more: Maybe[Count] = Field(
        None, description="How many there are beside these; absent for none."
    )
    indicators_overdue: Count
    measures_overdue: Count
    planned_cost: Maybe[MoneyOut] = None


class MonthlyReportOut(Out):
    """A project's report of a month: the draft, or what was submitted last."""

    id: Id
    organisation: Organisation
    project_id: Id
    month: MonthText
    state: Literal["draft", "submitted"]
    content: ReportContentOut
    version: Count = Field(description="How often it was submitted; 0 for never.")
    submitted_by: Maybe[Person] = None
    submitted_at: Maybe[Moment] = None
    correction_reason: Maybe[Prose] = None
    created_by: Person
    revision: Revision
    created_at: Moment


class MonthlyReportPageOut(Out):
    """Reports, a page at a time."""

    items: list[MonthlyReportOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ReportVersionOut(Out):
    """What was submitted, word for word, and what was known on the day."""

    id: Id
    report_id: Id
    number: Count
    content: ReportContentOut
    known: KnownOut
    reason: Maybe[Prose] = Field(None, description="Why it corrects the one before.")
    submitted_by: Person
    submitted_at: Moment


class ReportVersionPageOut(Out):
    """Versions, a page at a time."""

    items: list[ReportVersionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ChangeOut(Out):
    """A member of the report that says something else than before; absent where there was nothing."""

    member: str = Field(max_length=100, examples=["/cost/light"])
    before: Maybe[str] = Field(None, max_length=10_000)
    after: Maybe[str] = Field(None, max_length=10_000)


class ReportChangesOut(Out):
    """What changed since the report that was submitted before this one."""

    since: Maybe[MonthText] = Field(None, description="Absent for a project's first report.")
    changes: list[ChangeOut] = Field(max_length=100)


class MeasureIn(In):
    """A measure that the report proposes."""

    text: Reason = Field(examples=["Move the roll-out in the north to March"])


class MeasureDecisionIn(In):
    """Decided with an owner and a deadline, or declined without."""

    outcome: Literal["decided", "declined"] = Field(examples=["declined"])
    reason: Reason = Field(examples=["The line has no room before March"])
    owner_id: Maybe[Id] = None
    deadline: Maybe[Day] = None

    def ruling(self) -> MeasureRuling:
        return MeasureRuling(self.outcome == "decided", self.reason, self.owner_id, self.deadline)


class FollowUpIn(In):
    """How a decided measure goes; `decided` is under way."""

    state: Literal["decided", "done", "dropped"] = Field(examples=["done"])
    owner_id: Id
    deadline: Day
    note: Maybe[Words] = None

    def follow_up(self) -> FollowUp:
        return FollowUp(MeasureState(self.state), self.owner_id, self.deadline, self.note)


class MeasureOut(Out):
    """A measure that a report proposed."""

    id: Id
    organisation: Organisation
    project_id: Id
    report_id: Id
    text: Prose
    state: MeasureState
    proposed_by: Person
    decision_reason: Maybe[Prose] = None
    decided_by: Maybe[Person] = None
    decided_at: Maybe[Moment] = None
    owner_id: Maybe[Id] = None
    deadline: Maybe[Day] = None
    note: Maybe[Prose] = None
    revision: Revision
    created_at: Moment


class MeasurePageOut(Out):
    """Measures, a page at a time."""

    items: list[MeasureOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class LightsOut(Out):
    """A light for each area."""

    benefits: Light
    cost: Light
    progress: Light
    quality: Light
    risk: Light


class DutyOut(Out):
    """A project's report of the month: owed, late or there."""

    project_id: Id
    name: Name
    manager_id: Maybe[Id] = None
    report_id: Maybe[Id] = None
    state: DutyState
    due_on: Day
    working_days_late: Count
    lights: Maybe[LightsOut] = Field(None, description="Absent while nothing is submitted: never green.")
    worst: Maybe[Light] = None
    open_measures: Count


class DutyPageOut(Out):
    """Reports that are owed or given, a page at a time; what is late comes first."""

    items: list[DutyOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class AreaCountsOut(Out):
    """How many projects have which light in an area; those without a report are `missing`."""

    area: Area
    missing: Count
    green: Count
    yellow: Count
    red: Count
    worst: Maybe[Light] = Field(None, description="Of the lights that are there.")


class ReportSummaryOut(Out):
    """All reports of a month together."""

    month: MonthText
    projects: Count
    missing: Count
    late: Count
    worst: Maybe[Light] = Field(None, description="Absent while any report is missing: never green.")
    areas: list[AreaCountsOut] = Field(max_length=5)
    open_measures: Count
