"""Hints: telling partners that they have something to read, and hearing it from them. They carry no data."""

import asyncio
import logging
from contextlib import suppress
from uuid import UUID

import asyncpg
from sqlalchemy import Integer, bindparam, select, union

from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.callers import CallFailed
from gevinst_shared.sync.partner_calls import PartnerCalls
from gevinst_shared.sync.partner_rows import PartnerRows
from gevinst_shared.sync.reading import Here
from gevinst_shared.sync.serving import NoPage
from gevinst_shared.values.refusal import Unknown

EVERY_SECONDS = 5.0
_MOST = 500
_AT_ONCE = 20
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "partners not told of news", every=EVERY_SECONDS, longest=60.0)


class Telling:
    """Publishes what changed and tells who has something new; several workers may.

    However much changes, a partner is told once a round, and only of what it gets.
    """

    def __init__(self, here: Here, calls: PartnerCalls) -> None:
        self._here = here
        self._calls = calls
        self._rows = PartnerRows(here)
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        mark, pending = here.part.tables.mark, here.part.tables.pending
        changed = union(select(mark.c.organisation_id), select(pending.c.organisation_id))
        self._changed = Query(changed.limit(bindparam("limit", type_=Integer)))

    async def follow(self) -> None:
        """Tell for ever."""
        try:
            await _ROUNDS.follow(self.begin)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def once(self) -> int:
        """Tell everybody of what changed until now; how many partners that were."""
        told = await self.begin()
        while self._running:
            await asyncio.wait(tuple(self._running))
        return told

    async def begin(self) -> int:
        here = self._here
        async with here.database.queue() as connection:
            rows = await self._changed.rows(connection, limit=_MOST)
        return sum([await self._refresh(row["organisation_id"]) for row in rows])

    async def _refresh(self, organisation: str) -> int:
        """Publish what one organisation changed; to how many partners there is something new."""
        here = self._here
        try:
            serving = here.part.serving(here.exchange)
            grown = await serving.refresh(here.database, organisation, now=here.now())
        except (OSError, asyncpg.PostgresConnectionError):
            raise
        except Exception:  # one organisation's fault must not hold up the others
            _log.exception("an organisation's news not published", extra={"organisation": organisation})
            return 0
        for partner_id in grown:
            self._begin_hint(organisation, partner_id)
        return len(grown)

    def _begin_hint(self, organisation: str, partner_id: UUID) -> None:
        task = asyncio.create_task(self._hint(organisation, partner_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _hint(self, organisation: str, partner_id: UUID) -> None:
        here = self._here
        # Whoever cannot be told reads on its schedule all the same.
        with suppress(CallFailed, Unknown, OSError):
            async with here.database.transaction(organisation, read_only=True) as connection:
                caller = await self._rows.caller(connection, organisation, partner_id)
            if caller is None:
                return
            if caller.address == here.exchange.public_url:
                await heard(here, caller.owner, organisation)
                return
            async with self._room:
                await self._calls.hint(caller)


async def heard(here: Here, organisation: str, partner: str) -> NoPage | None:
    """Have `organisation` read the partner next; why not, if so. `Unknown` for a stranger."""
    async with here.database.transaction(organisation) as connection:
        return await hear(here, connection, partner)


async def hear(here: Here, connection: Connection, partner: str) -> NoPage | None:
    partner_id, refused = await here.part.serving(here.exchange).state(connection, partner)
    if refused is None:
        await here.part.schedule.hear(connection, partner_id, here.now())
    return refused
