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
