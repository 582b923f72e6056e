"""Following another service's feed: what an event does here and the cursor are one transaction (A5)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, DateTime, MetaData, Table, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from gevinst_shared.db.engine import Connection, Database, bind_organisation
from gevinst_shared.db.query import Query
from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.feed.envelope import Event
from gevinst_shared.rounds import Rounds

Fetch = Callable[[str], Awaitable[tuple[Sequence[Event], str]]]
"""From a cursor (empty: the start) to the next events and the cursor behind them; may wait for some."""
Apply = Callable[[Connection, Event], Awaitable[None]]
"""Does what an event means here, in the given transaction, bound to the event's organisation."""

_log = logging.getLogger(__name__)
_BREATH = 0.05


def cursor_table(metadata: MetaData) -> Table:
    """Where this service is in each feed it follows; belongs to no organisation."""
    return Table(
        "feed_cursor",
        metadata,
        Column("source", Text, primary_key=True),
        Column("cursor", Text, nullable=False),
        Column("moved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


@dataclass(frozen=True, slots=True)
class Following:
    """One feed, and what its events do here; `page_size` is the most that `fetch` gives at once.

    `passes_over` are the errors that are an event's own fault: one that raises them is logged and left out,
    so that the feed goes on. Without any it waits until somebody has mended what is wrong.
    """

    source: str
    fetch: Fetch
    apply: Apply
    page_size: int = 100
    passes_over: tuple[type[Exception], ...] = ()


class Consumer:
    """Moves one cursor. Several may run at once: the one whose cursor moved under it starts over."""

    def __init__(
        self,
        database: Database,
        cursors: Table,
        following: Following,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._sleep = sleep
        self._following = following
        at = cursors.c.source == bindparam("feed")
        self._find = Query(select(cursors.c.cursor).where(at))
        self._lock = Query(select(cursors.c.cursor).where(at).with_for_update())
        self._begin = Query(
            insert(cursors).values(source=bindparam("feed"), cursor="").on_conflict_do_nothing()
        )
        self._move = Query(update(cursors).where(at).values(cursor=bindparam("next"), moved_at=func.now()))

    async def once(self) -> int:
        """Fetch the next page and apply it; how many events that were."""
        async with self._database.transaction("", read_only=True) as connection:
            known = await self._find.value(connection, feed=self._following.source) or ""
        events, next_cursor = await self._following.fetch(known)
        if next_cursor == known:
            return 0
        try:
            return await self._done(self._apply, known, events, next_cursor)
        except self._following.passes_over:
            return await self._done(self._apply_or_pass_over, known, events, next_cursor)

    async def follow(self) -> None:
        """Follow for ever; what fails is tried again, later and later."""
        rounds = Rounds(_log, "feed not read", named={"source": self._following.source}, sleep=self._sleep)
        await rounds.follow(self._page)

    async def _page(self) -> None:
        if 0 < await self.once() < self._following.page_size:
            # While much happens, a page at a time is cheaper for everybody than an event at a time; a full
            # page says that there is more to catch up with, and that at once.
            await self._sleep(_BREATH)

    async def _done(self, apply: Apply, known: str, events: Sequence[Event], next_cursor: str) -> int:
        """Apply the page in one transaction; how many events that were, none when somebody else has."""
        async with self._database.transaction("") as connection:
            if not await self._holds(connection, known):
                return 0
            for event in events:
                await apply(connection, event)
            await self._move.run(connection, feed=self._following.source, next=next_cursor)
        return len(events)

    async def _apply(self, connection: Connection, event: Event) -> None:
        await bind_organisation(connection, event.organisation)
        await self._following.apply(connection, event)

    async def _apply_or_pass_over(self, connection: Connection, event: Event) -> None:
        try:
            async with savepoint(connection, "event"):
                await self._apply(connection, event)
        except self._following.passes_over as error:
            # Its name only: an error's words repeat what people wrote.
            told = {"event_id": event.id, "type": event.type, "cause": type(error).__name__}
            _log.error("event passed over", extra=told)

    async def _holds(self, connection: Connection, known: str) -> bool:
        await self._begin.run(connection, feed=self._following.source)
        return bool(await self._lock.value(connection, feed=self._following.source) == known)
