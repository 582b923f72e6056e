"""Facts about this service's part in the exchange with other bodies (X1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class SyncKeysChanged(Fact):
    """What this service signs its revisions with: of each key `kid`, `public`, `made_at` and `until`. The
    `serial` rises with every announcement."""

    type: ClassVar[str] = "gevinst.benefits.sync-keys-changed.v1"
    serial: int
    keys: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SyncStatementWanted(Fact):
    """A partner has signed with a key that is not known: its statement is to be fetched."""

    type: ClassVar[str] = "gevinst.benefits.sync-statement-wanted.v1"
    partner_id: UUID
