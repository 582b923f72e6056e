"""What is announced of calendars that people subscribe to."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class CalendarFeedOpened(Fact):
    type: ClassVar[str] = "gevinst.notifications.calendar-feed-opened.v1"
    feed_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class CalendarFeedRevoked(Fact):
    """Its address leads nowhere any more."""

    type: ClassVar[str] = "gevinst.notifications.calendar-feed-revoked.v1"
    feed_id: UUID
    person_id: UUID
