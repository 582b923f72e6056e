"""Facts of monthly reports and the measures they propose (B13)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class ReportingPracticeSet(Fact):
    type: ClassVar[str] = "gevinst.benefits.reporting-practice-set.v1"
    due_working_day: int
    from_month: str


@dataclass(frozen=True, slots=True)
class OfReport(Fact):
    """What every fact of a report tells of it; `month` such as 2026-10."""

    report_id: UUID
    project_id: UUID
    month: str


@dataclass(frozen=True, slots=True)
class MonthlyReportDrafted(OfReport):
    type: ClassVar[str] = "gevinst.benefits.monthly-report-drafted.v1"


@dataclass(frozen=True, slots=True)
class MonthlyReportChanged(OfReport):
    type: ClassVar[str] = "gevinst.benefits.monthly-report-changed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyReportSubmitted(OfReport):
    """`lights` by area; `number` above 1 is a correction."""

    type: ClassVar[str] = "gevinst.benefits.monthly-report-submitted.v1"
    number: int
    lights: dict[str, str]


@dataclass(frozen=True, slots=True)
class MonthlyReportReopened(OfReport):
    type: ClassVar[str] = "gevinst.benefits.monthly-report-reopened.v1"


@dataclass(frozen=True, slots=True)
class MonthlyReportOwed(Fact):
    """The month is over: its report is owed by `due_on`. Said once for each project, month and day."""

    type: ClassVar[str] = "gevinst.benefits.monthly-report-owed.v1"
    project_id: UUID
    project_name: str
    month: str
    due_on: date
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MonthlyReportLate(Fact):
    """Said once for each project and month."""

    type: ClassVar[str] = "gevinst.benefits.monthly-report-late.v1"
    project_id: UUID
    project_name: str
    month: str
    due_on: date
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OfMeasure(Fact):
    """What every fact of a report's measure tells of it."""

    measure_id: UUID
    project_id: UUID
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class MeasureProposed(OfMeasure):
    type: ClassVar[str] = "gevinst.benefits.measure-proposed.v1"


@dataclass(frozen=True, slots=True)
class MeasureDecided(OfMeasure):
    """`state` is decided or declined."""

    type: ClassVar[str] = "gevinst.benefits.measure-decided.v1"
    owner_id: UUID | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class MeasureFollowedUp(OfMeasure):
    type: ClassVar[str] = "gevinst.benefits.measure-followed-up.v1"
