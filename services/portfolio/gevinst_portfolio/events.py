"""Every fact that the portfolio service announces."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class _ProjectFact(Fact):
    """What the other services need to know of a project."""

    project_id: UUID
    portfolio_id: UUID
    name: str
    status: str
    start: date | None = None
    end: date | None = None
    unit_id: UUID | None = None
    owner_id: UUID | None = None
    manager_id: UUID | None = None
    programme_id: UUID | None = None
    receiving_unit_ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any], *, project_id: UUID) -> Self:
        """From the columns of a project."""
        names = [field.name for field in fields(cls) if field.name != "project_id"]
        return cls(project_id=project_id, **{name: row[name] for name in names})


@dataclass(frozen=True, slots=True)
class ProjectProposed(_ProjectFact):
    type: ClassVar[str] = "gevinst.portfolio.project-proposed.v1"


@dataclass(frozen=True, slots=True)
class ProjectChanged(_ProjectFact):
    type: ClassVar[str] = "gevinst.portfolio.project-changed.v1"


@dataclass(frozen=True, slots=True)
class ImportFinished(Fact):
    """`problem_count` is how many places of the file somebody must look at."""

    type: ClassVar[str] = "gevinst.portfolio.import-finished.v1"
    run_id: UUID
    portfolio_id: UUID
    portfolio_name: str
    source_name: str
    created_count: int
    updated_count: int
    problem_count: int


@dataclass(frozen=True, slots=True)
class _ScenarioFact(Fact):
    """Says nothing of what it supposes: a scenario is private until it is published (P8)."""

    scenario_id: UUID
    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class ScenarioMade(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-made.v1"


@dataclass(frozen=True, slots=True)
class ScenarioChanged(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-changed.v1"
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioSolved(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-solved.v1"
    status: str


@dataclass(frozen=True, slots=True)
class ScenarioPublished(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-published.v1"
    portfolio_name: str
    scenario_name: str
    selected_count: int
    left_out_count: int
    total_cost: Money


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectApproved(_ProjectFact):
    """`status` is approved, or running when its first quarter has come."""

    type: ClassVar[str] = "gevinst.portfolio.project-approved.v1"
    project_name: str
    portfolio_name: str
    starts_on: date
    decision_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRescheduled(_ProjectFact):
    """Decided work begins on another day: by a decision, or because somebody changed the project."""

    type: ClassVar[str] = "gevinst.portfolio.project-rescheduled.v1"
    project_name: str
    portfolio_name: str
    new_start: date
    previous_start: date
    decision_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStopped(_ProjectFact):
    """G6: a gate or the board stopped the project; what that freed is said by `CapacityFreed`."""

    type: ClassVar[str] = "gevinst.portfolio.project-stopped.v1"
    project_name: str
    portfolio_name: str
    stopped_on: date
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CapacityFreed(Fact):
    """G6: what a stop leaves to others; a kind that the project took nothing of is absent."""

    type: ClassVar[str] = "gevinst.portfolio.capacity-freed.v1"
    release_id: UUID
    project_id: UUID
    portfolio_id: UUID
    project_name: str
    portfolio_name: str
    freed_money: Money | None = None
    freed_person_months: Decimal | None = None
    freed_change_load: Decimal | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDecided(_ProjectFact):
    """The board paused, resumed, closed, rejected or postponed; `proposer` is the subject of who did."""

    type: ClassVar[str] = "gevinst.portfolio.project-decided.v1"
    project_name: str
    portfolio_name: str
    decision_id: UUID
    decision: str
    decided_on: date
    reason: str
    until: date | None = None
    condition: str | None = None
    proposer: str | None = None


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


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Fact):
    type: ClassVar[str] = "gevinst.portfolio.organisation-registered.v1"
    name: str
    currency: str
    language: str


@dataclass(frozen=True, slots=True)
class PortfolioArranged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.portfolio-arranged.v1"
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PortfolioChanged(Fact):
    """`reregistered` counts the projects that a new threshold made central or light (P2)."""

    type: ClassVar[str] = "gevinst.portfolio.portfolio-changed.v1"
    portfolio_id: UUID
    name: str
    reregistered: int = 0


@dataclass(frozen=True, slots=True)
class ProgrammeChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.programme-changed.v1"
    programme_id: UUID
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class UnitChanged(Fact):
    """A unit was made, renamed or moved; `path` leads from the root to the unit itself."""

    type: ClassVar[str] = "gevinst.portfolio.unit-changed.v1"
    unit_id: UUID
    name: str
    path: tuple[UUID, ...]
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.person-changed.v1"
    person_id: UUID
    subject: str
    name: str
    language: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Fact):
    """The role holds from `valid_from` until (not including) `valid_until`."""

    type: ClassVar[str] = "gevinst.portfolio.role-assigned.v1"
    assignment_id: UUID
    person_id: UUID
    subject: str
    role: str
    scope: str
    scope_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(RoleAssigned):
    type: ClassVar[str] = "gevinst.portfolio.role-ended.v1"
    valid_until: date


@dataclass(frozen=True, slots=True)
class RoleVacant(Fact):
    """P10: nobody holds the role in the project from `vacant_since` on."""

    type: ClassVar[str] = "gevinst.portfolio.role-vacant.v1"
    role: str
    place_name: str
    vacant_since: date
    project_id: UUID
    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class CriteriaModelChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.criteria-model-changed.v1"
    portfolio_id: UUID
    version: int
    name: str
    criteria_count: int
    comparison_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ComparisonBegun(Fact):
    type: ClassVar[str] = "gevinst.portfolio.comparison-begun.v1"
    comparison_id: UUID
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class CriteriaCompared(Fact):
    type: ClassVar[str] = "gevinst.portfolio.criteria-compared.v1"
    comparison_id: UUID
    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class ProjectScored(Fact):
    type: ClassVar[str] = "gevinst.portfolio.project-scored.v1"
    project_id: UUID
    portfolio_id: UUID
    criterion_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BudgetSet(Fact):
    type: ClassVar[str] = "gevinst.portfolio.budget-set.v1"
    portfolio_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ResourceChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.resource-changed.v1"
    resource_id: UUID
    name: str
    kind: str
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ColumnMappingChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.column-mapping-changed.v1"
    mapping_id: UUID
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ConceptChanged(Fact):
    """P9: a concept was added, changed, chosen or withdrawn."""

    type: ClassVar[str] = "gevinst.portfolio.concept-changed.v1"
    concept_id: UUID
    project_id: UUID
    portfolio_id: UUID
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class ProjectReregistered(Fact):
    """P2: the project has crossed the threshold, or somebody has overruled it."""

    type: ClassVar[str] = "gevinst.portfolio.project-reregistered.v1"
    project_id: UUID
    portfolio_id: UUID
    project_name: str
    registration: str
    previous_registration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMerged(_ProjectFact):
    """P1: the project was a duplicate; `into_id` is what it has become part of."""

    type: ClassVar[str] = "gevinst.portfolio.project-merged.v1"
    into_id: UUID
    into_name: str


@dataclass(frozen=True, slots=True)
class WavesChanged(Fact):
    """P12: the roll-out of a project was planned anew, or the rest of it was stopped."""

    type: ClassVar[str] = "gevinst.portfolio.waves-changed.v1"
    project_id: UUID
    portfolio_id: UUID
    project_name: str
    planned_count: int
    stopped_count: int


@dataclass(frozen=True, slots=True)
class IdeaChanged(Fact):
    """An idea was submitted, changed or supported."""

    type: ClassVar[str] = "gevinst.portfolio.idea-changed.v1"
    idea_id: UUID
    name: str
    source: str
    submitter: str
    supporter_count: int


@dataclass(frozen=True, slots=True)
class IdeaAnswered(Fact):
    """What became of an idea, for the one who submitted it."""

    type: ClassVar[str] = "gevinst.portfolio.idea-answered.v1"
    idea_id: UUID
    name: str
    submitter: str
    outcome: str
    answer: str | None = None
    project_id: UUID | None = None
    portfolio_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GroupChanged(Fact):
    """P10: a group of people that can hold a role, with all its members."""

    type: ClassVar[str] = "gevinst.portfolio.group-changed.v1"
    group_id: UUID
    name: str
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BoardSeatChanged(Fact):
    """P10: who has a named role in a project's board; without a person or group nobody has."""

    type: ClassVar[str] = "gevinst.portfolio.board-seat-changed.v1"
    seat_id: UUID
    project_id: UUID
    portfolio_id: UUID
    role: str
    since: date
    person_id: UUID | None = None
    group_id: UUID | None = None
    ended_on: date | None = None
