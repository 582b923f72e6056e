"""M2: random operations by several processes that die by SIGKILL, on a server that does too.

`GEVINST_LEDGER_OPERATIONS=100000 pytest tests/portfolio/test_ledger_under_fire.py` is the long run.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import asyncpg
import pytest

from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.db.engine import Connection, Database
from tests.support.installation import install
from tests.support.ledger_world import open_books
from tests.support.organisations import new_organisation
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.database]

OPERATIONS = int(os.environ.get("GEVINST_LEDGER_OPERATIONS", "10000"))
WORKERS, POOLS, AWARDS = 4, 4, 6
WORKER_KILLS, SERVER_KILLS = 10, 2
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

_ODD_TRANSACTIONS = """
    SELECT count(*) FROM (
        SELECT head.id FROM ledger_transaction head
        LEFT JOIN ledger_entry entry
          ON (entry.organisation_id, entry.transaction_id) = (head.organisation_id, head.id)
        GROUP BY head.id HAVING count(entry.id) < 2 OR sum(entry.amount) <> 0
    ) odd"""
_ODD_ENTRIES = """
    SELECT count(*) FROM (
        SELECT balance_after, number,
               sum(amount) OVER account AS derived, row_number() OVER account AS place
        FROM ledger_entry WINDOW account AS (PARTITION BY account_id ORDER BY number)
    ) told WHERE balance_after <> derived OR number <> place"""
_BELOW_ZERO = "SELECT count(*) FROM ledger_entry WHERE balance_after * side < 0"
_SUMS = "SELECT coalesce(sum(amount), 0) FROM ledger_entry GROUP BY pool_id"
_FREE = """
    SELECT coalesce(sum(entry.amount), 0) AS free FROM ledger_entry entry
    JOIN ledger_account account
      ON (account.organisation_id, account.id) = (entry.organisation_id, entry.account_id)
    WHERE account.kind = 'free' GROUP BY account.pool_id"""


@dataclass
class Fire:
    """Workers on some pools; whoever is killed is followed by another."""

    server: EmbeddedPostgres
    url: str
    organisation: str
    books: str
    rng: Random
    tried: int = 0
    acknowledged: list[str] = field(default_factory=list)
    running: list[Process] = field(default_factory=list)
    listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        seed = str(len(self.listening))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.ledger_worker", self.url, self.organisation),
            *(self.books, seed),
            stdout=PIPE,
            limit=1_000_000,
        )
        self.running.append(process)
        self.listening.append(asyncio.create_task(self._listen(process)))

    async def kill(self) -> None:
        process = self.running.pop(self.rng.randrange(len(self.running)))
        process.kill()
        await process.wait()

    async def burn(self) -> None:
        """Kill a worker or the server each time another share of the operations is done."""
        await asyncio.gather(*(self.start() for _ in range(WORKERS)))
        kills = ["worker"] * WORKER_KILLS + ["server"] * SERVER_KILLS
        self.rng.shuffle(kills)
        for place, victim in enumerate(kills, start=1):
            await self._until(OPERATIONS * place // (len(kills) + 1))
            if victim == "worker":
                await self.kill()
                await self.start()
            else:
                await asyncio.to_thread(self._kill_server)
        await self._until(OPERATIONS)
        while self.running:
            await self.kill()
        await asyncio.gather(*self.listening)

    def _kill_server(self) -> None:
        assert self.server.process is not None
        self.server.process.kill()
        self.server.process.wait()
        self.server.start()

    async def _until(self, tried: int) -> None:
        async def is_done() -> bool:
            return self.tried >= tried

        await until(is_done, seconds=900)

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            with contextlib.suppress(ValueError):  # the last line of one that was killed while it wrote
                told = json.loads(line)
                self.tried += told["tried"]
                self.acknowledged += told["posted"]


@pytest.fixture
async def fire() -> AsyncIterator[Fire]:
    """A durable server of its own, for what was acknowledged must outlive it."""
    elsewhere = os.environ.get("GEVINST_TEST_POSTGRES")
    with tempfile.TemporaryDirectory(prefix="gevinst-") as name:
        home = Path(name)
        os.chmod(home, 0o711)
        server = EmbeddedPostgres(home / "postgres", binaries=Path(elsewhere) if elsewhere else None)
        installation = await install(server.start(), home / "installation")
        url = installation.databases["portfolio"].url
        organisation = new_organisation()
        database = await Database.open(url, size=1)
        opened = [await open_books(database, organisation, AWARDS) for _ in range(POOLS)]
        await database.close()
        books = [
            {"pool_id": str(one.pool_id), "award_ids": [str(award) for award in one.award_ids]}
            for one in opened
        ]
        yield Fire(server, url, organisation, json.dumps(books), Random(20261121))
        server.stop()


async def test_killed_in_the_middle_the_ledger_loses_nothing_and_the_pools_never_lend_what_they_lack(
    fire: Fire,
) -> None:
    watching = asyncio.create_task(_watch(fire))
    await fire.burn()
    watching.cancel()
    seen = (await asyncio.gather(watching, return_exceptions=True))[0]

    database = await Database.open(fire.url, size=1)
    async with database.transaction(fire.organisation, read_only=True) as connection:
        kept = {str(row["id"]) for row in await connection.fetch("SELECT id FROM ledger_transaction")}
        odd = [await connection.fetchval(one) for one in (_ODD_TRANSACTIONS, _ODD_ENTRIES, _BELOW_ZERO)]
        sums = [row[0] for row in await connection.fetch(_SUMS)]
    await database.close()

    assert isinstance(seen, asyncio.CancelledError)
    assert fire.tried >= OPERATIONS
    assert len(fire.acknowledged) > OPERATIONS / 2
    # What was acknowledged is there, and was acknowledged once.
    assert len(set(fire.acknowledged)) == len(fire.acknowledged)
    assert set(fire.acknowledged) <= kept
    assert odd == [0, 0, 0]
    assert sums == [0] * POOLS


async def _watch(fire: Fire) -> None:
    """At every moment that anybody could see, each pool has what it lends, and its books balance."""
    while True:
        with contextlib.suppress(*_LOST):
            database = await Database.open(fire.url, size=1)
            try:
                while True:
                    async with database.transaction(fire.organisation, read_only=True) as connection:
                        await _look(connection)
                    await asyncio.sleep(0.5)
            finally:
                await database.close()
        await asyncio.sleep(0.2)


async def _look(connection: Connection) -> None:
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    free = [row["free"] for row in await connection.fetch(_FREE)]
    sums = [row[0] for row in await connection.fetch(_SUMS)]
    assert all(amount >= 0 for amount in free), free
    assert not any(sums), sums
