"""What is announced of deliveries."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class Delivered(Fact):
    """The receiver took the message. `event_id` is the fact that it tells."""

    type: ClassVar[str] = "gevinst.notifications.delivered.v1"
    delivery_id: UUID
    event_id: UUID
    person_id: UUID
    channel: str
    attempts: int
    may_be_duplicate: bool


@dataclass(frozen=True, slots=True)
class Failed(Fact):
    """The message was given up; an administrator can replay it."""

    type: ClassVar[str] = "gevinst.notifications.failed.v1"
    delivery_id: UUID
    event_id: UUID
    person_id: UUID
    channel: str
    attempts: int
    outcome: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Replayed(Fact):
    """A message that was given up is to be sent after all."""

    type: ClassVar[str] = "gevinst.notifications.replayed.v1"
    delivery_id: UUID
    event_id: UUID
    person_id: UUID
    channel: str
