"""Facts of gates (G2)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class GateProposed(Fact):
    type: ClassVar[str] = "gevinst.benefits.gate-proposed.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    gate_name: str
    outcome: str
    reason: str
    decide_by: date | None = None
    reviewer_ids: tuple[UUID, ...] | None = None
    review_by: date | None = None
    proposed_by: str | None = None


@dataclass(frozen=True, slots=True)
class GateDecided(Fact):
    """`phase` and `project_state` are the project's after the decision."""

    type: ClassVar[str] = "gevinst.benefits.gate-decided.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    gate_name: str
    outcome: str
    phase: str
    project_state: str
    decided_on: date
    decided_by: str
    reason: str
    pause_until: date | None = None


@dataclass(frozen=True, slots=True)
class GateWithdrawn(Fact):
    type: ClassVar[str] = "gevinst.benefits.gate-withdrawn.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    withdrawn_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class GateReviewed(Fact):
    type: ClassVar[str] = "gevinst.benefits.gate-reviewed.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    reviewer_id: UUID
    advice: str
    reason: str


@dataclass(frozen=True, slots=True)
class GateCommented(Fact):
    type: ClassVar[str] = "gevinst.benefits.gate-commented.v1"
    project_id: UUID
    gate_id: UUID
    gate: str
    comment_id: UUID
    commented_by: str


@dataclass(frozen=True, slots=True)
class PauseEnded(Fact):
    """The day has come until which the project was paused; it goes on when a gate says so."""

    type: ClassVar[str] = "gevinst.benefits.pause-ended.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    pause_until: date | None = None
