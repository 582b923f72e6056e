"""Facts about the exchange with other bodies (X1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class SyncIdentityChanged(Fact):
    """Who the organisation is to other bodies. Of each key: `kid`, `public` and `until`; of those that other
    services sign with, as far as the statement says so, and of those of them that were withdrawn, the last
    first: `service` and `kid`."""

    type: ClassVar[str] = "gevinst.portfolio.sync-identity-changed.v1"
    serial: int
    kid: str
    keys: Sequence[Mapping[str, Any]]
    service_keys: Sequence[Mapping[str, str]]
    withdrawn_service_keys: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class SyncGrantsHeard(Fact):
    """How often a partner has changed what it grants us: its other services' feeds are to know of as many."""

    type: ClassVar[str] = "gevinst.portfolio.sync-grants-heard.v1"
    partner_id: UUID
    grants_number: int


@dataclass(frozen=True, slots=True)
class SyncPartnerChanged(Fact):
    """A partner as it is now: `keys` is {kid: {"jwk": …, "until": …}}, `withdrawn` are ids of keys that count
    no more, `fault` is what is wrong."""

    type: ClassVar[str] = "gevinst.portfolio.sync-partner-changed.v1"
    partner_id: UUID
    owner: str
    name: str
    state: str
    address: str
    serial: int
    keys: Mapping[str, Any]
    withdrawn: Sequence[str]
    feeds: Mapping[str, str]
    token: Mapping[str, Any]
    grants_number: int
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class SyncNetworkAllowed(Fact):
    """Statements and feeds may be fetched from a network that is not public."""

    type: ClassVar[str] = "gevinst.portfolio.sync-network-allowed.v1"
    network_id: UUID
    network: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncNetworkClosed(Fact):
    """Nothing is fetched from the network any more."""

    type: ClassVar[str] = "gevinst.portfolio.sync-network-closed.v1"
    network_id: UUID
    network: str


@dataclass(frozen=True, slots=True)
class SyncGrantGiven(Fact):
    """Records under a root are shared with a partner: `fields` is {kind: names}, `until` the last day."""

    type: ClassVar[str] = "gevinst.portfolio.sync-grant-given.v1"
    grant_id: UUID
    partner_id: UUID
    kind: str
    record_id: UUID
    fields: Mapping[str, Sequence[str]]
    purpose: str
    until: date
    grants_number: int


@dataclass(frozen=True, slots=True)
class SyncGrantEnded(Fact):
    """What was shared by the grant alone is shared no longer."""

    type: ClassVar[str] = "gevinst.portfolio.sync-grant-ended.v1"
    grant_id: UUID
    partner_id: UUID
    kind: str
    record_id: UUID
    grants_number: int
