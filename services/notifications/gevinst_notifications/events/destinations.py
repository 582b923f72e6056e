"""What is announced of destinations: what administrators stop, and addresses that exist no more."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class DeliveriesPaused(Fact):
    """Nothing goes out on the channel, or to the destination, until it is resumed."""

    type: ClassVar[str] = "gevinst.notifications.deliveries-paused.v1"
    pause_id: UUID
    channel: str
    reason: str
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveriesResumed(Fact):
    """What waited goes out again."""

    type: ClassVar[str] = "gevinst.notifications.deliveries-resumed.v1"
    pause_id: UUID
    channel: str
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class AddressSuppressed(Fact):
    """No mail is sent to the address until somebody lifts that: it exists no more, or somebody chose so."""

    type: ClassVar[str] = "gevinst.notifications.address-suppressed.v1"
    suppression_id: UUID
    cause: str
    person_id: UUID | None = None
    delivery_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SuppressionLifted(Fact):
    """Mail may be sent to the address again."""

    type: ClassVar[str] = "gevinst.notifications.suppression-lifted.v1"
    suppression_id: UUID
