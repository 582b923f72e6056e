"""What the portfolio service announces of projects."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
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
