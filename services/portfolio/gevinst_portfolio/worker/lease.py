"""Keeping a claimed run: the lease is renewed while the work goes on, and its loss is noticed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from gevinst_portfolio.domain.runs import Run
from gevinst_portfolio.store import runs
from gevinst_shared.db.engine import Database

_BEAT_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Lease:
    """What the worker knows of its run between two beats."""

    def __init__(self, database: Database, run: Run) -> None:
        self.run = run
        self.is_cancelled = False
        self.is_lost = False
        self._database = database
        self._progress: Mapping[str, Any] = {"share": 0, "text": "reading"}

    def tell(self, progress: Mapping[str, Any]) -> None:
        """How far the work is; written with the next beat."""
        self._progress = progress

    async def beat(self) -> None:
        async with self._database.transaction(self.run.organisation) as connection:
            shall_stop = await runs.beat(connection, self.run, self._progress)
        self.is_lost = self.is_lost or shall_stop is None
        self.is_cancelled = self.is_cancelled or bool(shall_stop)

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        good_until = clock() + runs.LEASE.total_seconds()
        while not self.is_lost:
            try:
                await self.beat()
                good_until = clock() + runs.LEASE.total_seconds()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("lease not renewed", extra={"run": str(self.run.id), "cause": str(error)})
                self.is_lost = clock() > good_until
            await asyncio.sleep(_BEAT_SECONDS)


@asynccontextmanager
async def kept(database: Database, run: Run) -> AsyncIterator[Lease]:
    """The run's lease, renewed until the end of the block."""
    lease = Lease(database, run)
    keeping = asyncio.create_task(lease._keep())  # noqa: SLF001 - its own file
    try:
        yield lease
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
