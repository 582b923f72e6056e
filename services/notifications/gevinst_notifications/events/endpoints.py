"""What is announced of endpoints and of the networks that may be called."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class EndpointConnected(Fact):
    """Something outside hears of us from now on. Of its address only the host is told."""

    type: ClassVar[str] = "gevinst.notifications.endpoint-connected.v1"
    endpoint_id: UUID
    endpoint_name: str
    channel: str
    host: str


@dataclass(frozen=True, slots=True)
class EndpointChanged(Fact):
    """Its name, address, subscription or state was changed by people."""

    type: ClassVar[str] = "gevinst.notifications.endpoint-changed.v1"
    endpoint_id: UUID
    endpoint_name: str
    channel: str
    host: str
    state: str


@dataclass(frozen=True, slots=True)
class EndpointDisabled(Fact):
    """Nothing is sent there any more, because it is gone or failed for too long."""

    type: ClassVar[str] = "gevinst.notifications.endpoint-disabled.v1"
    endpoint_id: UUID
    endpoint_name: str
    channel: str
    host: str
    because: str


@dataclass(frozen=True, slots=True)
class EndpointDisconnected(Fact):
    """The endpoint was deleted with its keys."""

    type: ClassVar[str] = "gevinst.notifications.endpoint-disconnected.v1"
    endpoint_id: UUID
    endpoint_name: str
    channel: str


@dataclass(frozen=True, slots=True)
class EndpointTested(Fact):
    """Somebody asked for a test call; it is what the endpoint is sent."""

    type: ClassVar[str] = "gevinst.notifications.endpoint-tested.v1"
    endpoint_id: UUID
    endpoint_name: str
    channel: str


@dataclass(frozen=True, slots=True)
class EndpointKeyAdded(Fact):
    """A new key signs from now on, beside the older ones until they end."""

    type: ClassVar[str] = "gevinst.notifications.endpoint-key-added.v1"
    endpoint_id: UUID
    key_id: UUID


@dataclass(frozen=True, slots=True)
class NetworkAllowed(Fact):
    """Endpoints of the organisation may lead into this network of its own."""

    type: ClassVar[str] = "gevinst.notifications.network-allowed.v1"
    network_id: UUID
    network: str
    reason: str


@dataclass(frozen=True, slots=True)
class NetworkClosed(Fact):
    """They may not any more."""

    type: ClassVar[str] = "gevinst.notifications.network-closed.v1"
    network_id: UUID
    network: str
