"""Giving out marks in the background: where no partner asks, or there is none, they would pile up."""

import logging
from collections.abc import Callable
from datetime import datetime

import asyncpg
from sqlalchemy import Integer, bindparam, select

from gevinst_shared.db.engine import Database
from gevinst_shared.db.query import Query
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.settling import Settling
from gevinst_shared.sync.tables import SyncTables

_AT_ONCE = 100
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "marks not given out", every=300.0, longest=600.0)


class Sweeper:
    """Gives out one service's marks, those of every organisation; several workers may."""

    def __init__(
        self, database: Database, tables: SyncTables, settling: Settling, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._settling = settling
        self._now = now
        mark = tables.mark
        self._marked = Query(
            select(mark.c.organisation_id)
            .where(mark.c.organisation_id > bindparam("after", type_=mark.c.organisation_id.type))
            .distinct()
            .order_by(mark.c.organisation_id)
            .limit(bindparam("limit", type_=Integer))
        )

    async def follow(self) -> None:
        """Sweep for ever."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """Give out every mark there is now; of how many organisations. One that fails holds up no other."""
        count, after = 0, ""
        while True:
            async with self._database.queue() as queue:
                rows = await self._marked.rows(queue, after=after, limit=_AT_ONCE)
            for row in rows:
                count += await self._settle(row["organisation_id"])
            if len(rows) < _AT_ONCE:
                return count
            after = rows[-1]["organisation_id"]

    async def _settle(self, organisation: str) -> int:
        try:
            async with self._database.transaction(organisation) as connection:
                await self._settling.settle(connection, organisation, self._now())
        except (OSError, asyncpg.PostgresConnectionError):
            raise
        except Exception:  # what one organisation marked must not hold up the others
            _log.exception("marks of one organisation not given out", extra={"organisation": organisation})
            return 0
        return 1
