"""Facts of realisation actions (B8)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfAction(Fact):
    """What every fact of an action tells of it; its owner is a person, or a role in a unit."""

    project_id: UUID
    benefit_id: UUID
    benefit_name: str
    action_id: UUID
    name: str
    kind: str
    state: str
    owner_person_id: UUID | None
    owner_role: str | None
    owner_unit_id: UUID | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ActionPlanned(OfAction):
    type: ClassVar[str] = "gevinst.benefits.action-planned.v1"


@dataclass(frozen=True, slots=True)
class ActionChanged(OfAction):
    type: ClassVar[str] = "gevinst.benefits.action-changed.v1"


@dataclass(frozen=True, slots=True)
class ActionStarted(OfAction):
    type: ClassVar[str] = "gevinst.benefits.action-started.v1"


@dataclass(frozen=True, slots=True)
class ActionDone(OfAction):
    type: ClassVar[str] = "gevinst.benefits.action-done.v1"


@dataclass(frozen=True, slots=True)
class ActionDropped(OfAction):
    type: ClassVar[str] = "gevinst.benefits.action-dropped.v1"
