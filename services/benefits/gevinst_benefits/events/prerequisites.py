"""Facts of prerequisites and risks of benefits."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class PrerequisiteChanged(Fact):
    """Added or changed; `state` is open, met or failed."""

    type: ClassVar[str] = "gevinst.benefits.prerequisite-changed.v1"
    project_id: UUID
    benefit_id: UUID
    prerequisite_id: UUID
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class RiskChanged(Fact):
    """Added or changed; `level` is low, moderate or high."""

    type: ClassVar[str] = "gevinst.benefits.risk-changed.v1"
    project_id: UUID
    benefit_id: UUID
    risk_id: UUID
    name: str
    state: str
    level: str
