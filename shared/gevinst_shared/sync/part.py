"""One service's part in the exchange: what it shares, what it takes, and what it has to ask its own house."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Table

from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.db.engine import Connection
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.kinds import SharedKind
from gevinst_shared.sync.receiving import Receiving
from gevinst_shared.sync.schedule import Schedule
from gevinst_shared.sync.serving import Serving
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.networks import Network

FindKey = Callable[[Connection, str, Exchange], Awaitable[SigningKey | None]]
"""The organisation's key of today; None where it exchanges nothing."""
ListNetworks = Callable[[Connection], Awaitable[tuple[Network, ...]]]
"""The networks of the organisation's own that may be called."""
AskStatement = Callable[[Connection, UUID, datetime], Awaitable[None]]
"""Has the partner's statement fetched: it signs with a key that we do not know."""

AfterTake = Callable[[Connection, str, UUID, datetime], Awaitable[None]]
"""Brings what the partner gave to where users see it; in the transaction that took it, or forgot it."""


@dataclass(frozen=True, eq=False)
class Part:
    """`service` is the name under which partners know the feed."""

    service: str
    tables: SyncTables
    reading: Table
    kinds: Sequence[SharedKind]
    find_key: FindKey
    list_networks: ListNetworks
    ask_statement: AskStatement
    after_take: AfterTake | None = None
    schedule: Schedule = field(init=False)
    receiving: Receiving = field(init=False)
    serving: Callable[[Exchange], Serving] = field(init=False)

    def __post_init__(self) -> None:
        """Compile what is asked of the database, once."""
        object.__setattr__(self, "schedule", Schedule(self.reading))
        object.__setattr__(self, "receiving", Receiving(self.tables, self.kinds))
        object.__setattr__(self, "serving", lru_cache(maxsize=4)(self._serving))

    def _serving(self, exchange: Exchange) -> Serving:
        return Serving(self.service, self.tables, self.kinds, secret=exchange.secrets[0])
