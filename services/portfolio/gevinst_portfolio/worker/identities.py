"""Keeping statements true: keys end, names and addresses change (X1)."""

import logging
from collections.abc import Callable
from datetime import datetime

from gevinst_portfolio.domain.identities import LOOK, KeyLost
from gevinst_portfolio.store import sync_identities
from gevinst_portfolio.usecases.identifying import restate
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_THEM = "gevinst-portfolio"
_MOST = 100
_log = logging.getLogger(__name__)
# A body shares no plans before its statement names the key of the service that has them.
_ROUNDS = Rounds(_log, "statements not looked at", every=5.0, longest=600.0)


class Statements:
    """Looks at the statements of all organisations; several workers may."""

    def __init__(self, database: Database, exchange: Exchange, now: Callable[[], datetime]) -> None:
        self._database = database
        self._exchange = exchange
        self._now = now

    async def follow(self) -> None:
        """Look for ever."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """State anew what is not so any more; how many statements that were."""
        async with self._database.queue() as connection:
            due = await sync_identities.list_due(connection, self._now(), limit=_MOST)
        return sum([await self._restate(organisation) for organisation in due])

    async def _restate(self, organisation: str) -> bool:
        now = self._now()
        try:
            async with self._database.transaction(organisation, at=now) as connection:
                return await restate(
                    Work(connection, Actor(_THEM, organisation), now, new_id()), self._exchange
                )
        except KeyLost:
            _log.error("signing key cannot be opened", extra={"organisation": organisation})
        async with self._database.transaction(organisation, at=now) as connection:
            await sync_identities.put_off(connection, now + LOOK)
        return False
