"""What the portfolio service announces of the board: decisions, meetings and offers to plan again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class DecisionMade(Fact):
    type: ClassVar[str] = "gevinst.portfolio.decision-made.v1"
    decision_id: UUID
    scenario_id: UUID
    portfolio_id: UUID
    portfolio_name: str
    scenario_name: str
    case_number: str
    decided_on: date
    approved_count: int
    left_out_count: int
    total_cost: Money


@dataclass(frozen=True, slots=True)
class DecisionRecorded(Fact):
    """The board decided about one project; what that did to it is a fact of the project."""

    type: ClassVar[str] = "gevinst.portfolio.decision-recorded.v1"
    decision_id: UUID
    portfolio_id: UUID
    project_id: UUID
    kind: str
    case_number: str
    decided_on: date
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _MeetingFact(Fact):
    meeting_id: UUID
    portfolio_id: UUID
    meeting_name: str
    starts_at: datetime
    portfolio_name: str
    # The day at the organisation's place.
    held_on: date
    place: str | None = None
    link: str | None = None
    member_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingPlanned(_MeetingFact):
    type: ClassVar[str] = "gevinst.portfolio.meeting-planned.v1"


@dataclass(frozen=True, slots=True)
class MeetingChanged(_MeetingFact):
    type: ClassVar[str] = "gevinst.portfolio.meeting-changed.v1"


@dataclass(frozen=True, slots=True)
class MeetingCalled(_MeetingFact):
    """From now on the members have the agenda."""

    type: ClassVar[str] = "gevinst.portfolio.meeting-called.v1"


@dataclass(frozen=True, slots=True)
class MeetingHeld(_MeetingFact):
    type: ClassVar[str] = "gevinst.portfolio.meeting-held.v1"


@dataclass(frozen=True, slots=True)
class MinutesApproved(_MeetingFact):
    type: ClassVar[str] = "gevinst.portfolio.minutes-approved.v1"


@dataclass(frozen=True, slots=True)
class AgendaChanged(Fact):
    """An item was put on the agenda, changed, or taken off; `is_late` when the members had the agenda."""

    type: ClassVar[str] = "gevinst.portfolio.agenda-changed.v1"
    agenda_item_id: UUID
    meeting_id: UUID
    portfolio_id: UUID
    name: str
    is_late: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class ReplanOffered(Fact):
    """G6: capacity is free, and the portfolio is asked what to start instead."""

    type: ClassVar[str] = "gevinst.portfolio.replan-offered.v1"
    replan_id: UUID
    release_id: UUID
    portfolio_id: UUID
    project_id: UUID
    project_name: str
    portfolio_name: str


@dataclass(frozen=True, slots=True)
class ReplanAccepted(Fact):
    type: ClassVar[str] = "gevinst.portfolio.replan-accepted.v1"
    replan_id: UUID
    release_id: UUID
    portfolio_id: UUID
    scenario_id: UUID


@dataclass(frozen=True, slots=True)
class ReplanDismissed(Fact):
    type: ClassVar[str] = "gevinst.portfolio.replan-dismissed.v1"
    replan_id: UUID
    release_id: UUID
    portfolio_id: UUID
    reason: str
