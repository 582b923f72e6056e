"""What is announced of how people want to hear: that it changed, not to what (E3)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class PreferencesChanged(Fact):
    """The person hears otherwise from now on."""

    type: ClassVar[str] = "gevinst.notifications.preferences-changed.v1"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class DefaultsChanged(Fact):
    """Everybody who chose nothing else hears otherwise from now on."""

    type: ClassVar[str] = "gevinst.notifications.defaults-changed.v1"


@dataclass(frozen=True, slots=True)
class FollowingChanged(Fact):
    """The person follows or mutes a record, or no longer does: then `level` is absent."""

    type: ClassVar[str] = "gevinst.notifications.following-changed.v1"
    following_id: UUID
    person_id: UUID
    scope: str
    scope_id: UUID
    level: str | None = None


@dataclass(frozen=True, slots=True)
class AbsenceChanged(Fact):
    """The person's leave was entered, changed or, when `is_cancelled`, taken back."""

    type: ClassVar[str] = "gevinst.notifications.absence-changed.v1"
    absence_id: UUID
    person_id: UUID
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class PersonErased(Fact):
    """Everything that named the person is gone from here (E3)."""

    type: ClassVar[str] = "gevinst.notifications.person-erased.v1"
    person_id: UUID
