"""Facts of conditions (G7)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfCondition(Fact):
    """What every fact of a condition tells of it."""

    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    condition_id: UUID
    text: str
    owner_id: UUID
    deadline: date
    state: str


@dataclass(frozen=True, slots=True)
class ConditionSet(OfCondition):
    type: ClassVar[str] = "gevinst.benefits.condition-set.v1"


@dataclass(frozen=True, slots=True)
class ConditionReported(OfCondition):
    """The owner says that it is met; somebody else shall confirm that."""

    type: ClassVar[str] = "gevinst.benefits.condition-reported.v1"


@dataclass(frozen=True, slots=True)
class ConditionRejected(OfCondition):
    """It was reported as met and is not: it is open again."""

    type: ClassVar[str] = "gevinst.benefits.condition-rejected.v1"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConditionMet(OfCondition):
    type: ClassVar[str] = "gevinst.benefits.condition-met.v1"


@dataclass(frozen=True, slots=True)
class ConditionWaived(OfCondition):
    type: ClassVar[str] = "gevinst.benefits.condition-waived.v1"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConditionClosed(OfCondition):
    type: ClassVar[str] = "gevinst.benefits.condition-closed.v1"


@dataclass(frozen=True, slots=True)
class ConditionLapsed(OfCondition):
    """`reopens_gate`: the go that rested on it must be decided again."""

    type: ClassVar[str] = "gevinst.benefits.condition-lapsed.v1"
    reopens_gate: bool = False
