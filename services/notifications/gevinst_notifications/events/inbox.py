"""What is announced of inboxes."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class Acknowledged(Fact):
    """The person confirmed having seen it (N2). `subject` is the record that the notice is about."""

    type: ClassVar[str] = "gevinst.notifications.acknowledged.v1"
    item_id: UUID
    event_id: UUID
    person_id: UUID
    subject: str
