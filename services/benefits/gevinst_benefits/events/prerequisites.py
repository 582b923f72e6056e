"""Facts of prerequisites and risks of benefits."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfPrerequisite(Fact):
    """What every fact of a prerequisite tells of it; `state` is open, met or failed.

    `owner_unit_id` is the unit that the benefit falls in, `actor` who wrote it.
    """

    project_id: UUID
    benefit_id: UUID
    benefit_name: str
    owner_unit_id: UUID
    prerequisite_id: UUID
    name: str
    state: str
    actor: str


@dataclass(frozen=True, slots=True)
class PrerequisiteChanged(OfPrerequisite):
    """Added or changed."""

    type: ClassVar[str] = "gevinst.benefits.prerequisite-changed.v1"


@dataclass(frozen=True, slots=True)
class PrerequisiteFailed(OfPrerequisite):
    """It will not come, so that the benefit is in doubt. What is changed after that is `Changed` again."""

    type: ClassVar[str] = "gevinst.benefits.prerequisite-failed.v1"


@dataclass(frozen=True, slots=True)
class OfRisk(Fact):
    """What every fact of a risk tells of it; `level` is low, moderate or high.

    `owner_unit_id` is the unit that the benefit falls in, `actor` who wrote it.
    """

    project_id: UUID
    benefit_id: UUID
    benefit_name: str
    owner_unit_id: UUID
    risk_id: UUID
    name: str
    state: str
    level: str
    actor: str


@dataclass(frozen=True, slots=True)
class RiskChanged(OfRisk):
    """Added or changed."""

    type: ClassVar[str] = "gevinst.benefits.risk-changed.v1"


@dataclass(frozen=True, slots=True)
class RiskTurnedHigh(OfRisk):
    """It was found, or has become, high. What is changed while it is high is `Changed` again."""

    type: ClassVar[str] = "gevinst.benefits.risk-turned-high.v1"
