"""E1: sealing loses nothing and forks nothing, whoever dies, and however many seal and write at once."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any, cast

import asyncpg
import pytest
from fastapi import FastAPI

from gevinst_shared.audit.chain import Checked
from gevinst_shared.audit.sealing import MOST_ROWS, Sealer
from gevinst_shared.cli.auditing import check_file
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.support.callers import Desk
from tests.support.trails import (
    all_seals,
    as_owner,
    change,
    fact_of,
    seal,
    sealer_of,
    taken_home,
    trail_of,
)
from tests.support.waiting import until


@pytest.fixture
async def database(portfolio: Desk) -> AsyncIterator[Database]:
    database = await Database.open(portfolio.installation.databases["portfolio"].url, size=12)
    yield database
    await database.close()


async def checked(desk: Desk, tmp_path: Path) -> Checked:
    return check_file(await taken_home(desk, tmp_path / "trail.ndjson"), {})


async def heads_told(database: Database, organisation: str) -> list[tuple[int, str]]:
    """Number and hash of every seal that an event tells of, in order."""
    async with database.transaction(organisation, read_only=True) as connection:
        rows = await connection.fetch(
            "SELECT data FROM event WHERE type = $1 ORDER BY xid, seq", fact_of("portfolio").type
        )
    data = [json.loads(row["data"]) for row in rows]
    return [(one["number"], one["hash"]) for one in data]


async def test_rows_are_sealed_in_batches_and_each_head_is_told_outside(
    portfolio: Desk, database: Database, tmp_path: Path
) -> None:
    await change(database, portfolio.organisation, *map(str, range(MOST_ROWS + 7)))

    await seal(portfolio)
    again = await seal(portfolio)

    found = await checked(portfolio, tmp_path)
    assert (found.seal_count, found.sealed_count, found.unsealed_count) == (2, MOST_ROWS + 7, 0)
    told = await heads_told(database, portfolio.organisation)
    assert [number for number, _ in told] == [1, 2]
    assert told[-1][1] == found.head
    # A seal's event is no change: sealing it would never end.
    assert again == 0


async def test_a_row_waits_for_every_transaction_that_could_come_before_it(
    portfolio: Desk, database: Database, tmp_path: Path
) -> None:
    """The horizon of the feed: writers do not wait, the seal does."""
    async with database.transaction(portfolio.organisation) as earlier:
        await earlier.execute("SELECT pg_current_xact_id()")
        await change(database, portfolio.organisation, "later")
        await seal(portfolio)
        waiting = await checked(portfolio, tmp_path)
    await seal(portfolio)
    after = await checked(portfolio, tmp_path)

    assert (waiting.sealed_count, waiting.unsealed_count) == (0, 1)
    assert (after.sealed_count, after.unsealed_count) == (1, 0)


async def test_two_sealers_at_once_make_one_chain(
    portfolio: Desk, database: Database, tmp_path: Path
) -> None:
    for number in range(5):
        names = [f"{number}:{one}" for one in range(60)]
        await change(database, portfolio.organisation, *names)

    await asyncio.gather(*(sealer_of(database).once() for _ in range(4)))

    found = await checked(portfolio, tmp_path)
    assert (found.sealed_count, found.unsealed_count) == (300, 0)
    assert [number for number, _ in await heads_told(database, portfolio.organisation)] == [
        *range(1, found.seal_count + 1)
    ]


class DyingConnection:
    """A connection that is cut off before its process has sent one more statement than it may."""

    def __init__(self, connection: Connection, left: list[int]) -> None:
        self._connection, self._left = connection, left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        if name not in {"fetch", "fetchrow", "fetchval", "execute"}:
            return found

        async def sent(*arguments: Any) -> Any:
            if self._left[0] == 0:
                self._connection.terminate()
                raise ConnectionResetError
            self._left[0] -= 1
            return await found(*arguments)

        return sent


class DyingDatabase:
    """A database whose user dies after `count` statements; `left` is what it may still send."""

    def __init__(self, database: Database, count: int) -> None:
        self._database = database
        self.left = [count]

    @asynccontextmanager
    async def transaction(self, *arguments: Any, **rest: Any) -> AsyncIterator[DyingConnection]:
        async with self._database.transaction(*arguments, **rest) as connection:
            yield DyingConnection(connection, self.left)

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[DyingConnection]:
        async with self._database.queue() as connection:
            yield DyingConnection(connection, self.left)


async def test_a_sealer_that_dies_at_any_statement_loses_and_forks_nothing(
    portfolio: Desk, database: Database, tmp_path: Path
) -> None:
    deaths = 0
    for statements in range(100):
        await change(database, portfolio.organisation, *(f"{statements}:{one}" for one in range(3)))
        dying = DyingDatabase(database, statements)
        sealer = Sealer(cast(Database, dying), trail_of("portfolio"), fact_of("portfolio"), utc_now)
        try:
            await sealer.once()
        except ConnectionResetError:
            deaths += 1
        else:
            break

    await seal(portfolio)
    found = await checked(portfolio, tmp_path)
    assert deaths >= 6  # cursor, horizon, who has changed, head, rows, seal, cursor
    assert (found.sealed_count, found.unsealed_count) == (3 * (deaths + 1), 0)
    assert len(await heads_told(database, portfolio.organisation)) == found.seal_count


@pytest.mark.slow
async def test_sealing_processes_killed_while_others_write_leave_one_whole_chain(
    portfolio: Desk, database: Database, tmp_path: Path
) -> None:
    rng, committed = Random(20261122), list[str]()
    url = portfolio.installation.databases["portfolio"].url

    async def start(role: str, name: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.trail_sealer", role, url, portfolio.organisation, name),
            stdout=PIPE,
            stderr=DEVNULL,
        )

    async def listen(process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            committed.append(line.decode().strip())

    async def has_written() -> bool:
        return len(committed) > 50

    writers = [await start("write", f"writer {number}") for number in range(2)]
    listening = [asyncio.create_task(listen(writer)) for writer in writers]
    sealers = [await start("seal", "") for _ in range(2)]
    try:
        await until(has_written)
        for kill in range(6):
            await asyncio.sleep(rng.uniform(0.2, 0.8))
            sealers[kill % 2].kill()
            await sealers[kill % 2].wait()
            sealers[kill % 2] = await start("seal", "")
    finally:
        for process in (*writers, *sealers):
            process.kill()
            await process.wait()
        await asyncio.gather(*listening)

    await seal(portfolio)
    found = await checked(portfolio, tmp_path)
    assert found.unsealed_count == 0
    # What a writer said is sealed with the second row of its transaction; what it could not say may be.
    assert 2 * len(committed) <= found.sealed_count <= 2 * (len(committed) + len(writers))
    told = await heads_told(database, portfolio.organisation)
    assert [number for number, _ in told] == [*range(1, found.seal_count + 1)]


SEAL = (
    "INSERT INTO audit_seal (organisation_id, number, previous_number, previous_hash, row_count, last_xid, "
    "last_id, rows, sealed_at, hash) SELECT organisation_id, {number}, {previous}, {previous_hash}, "
    "row_count, last_xid + 1, last_id, {rows}, sealed_at, repeat('a', 64) FROM audit_seal WHERE number = 2"
)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"number": "2", "previous": "1"}, asyncpg.UniqueViolationError),
        ({"number": "4", "previous": "2"}, asyncpg.CheckViolationError),
        ({"number": "4", "previous": "3"}, asyncpg.ForeignKeyViolationError),
        ({"previous_hash": "repeat('b', 64)"}, asyncpg.ForeignKeyViolationError),
        ({"previous": "NULL"}, asyncpg.CheckViolationError),
        ({"number": "1", "previous": "NULL"}, asyncpg.CheckViolationError),
        ({"number": "0", "previous": "NULL"}, asyncpg.CheckViolationError),
        ({"rows": "rows || rows"}, asyncpg.CheckViolationError),
        ({}, None),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_the_database_itself_holds_the_chain_together(
    portfolio: Desk, database: Database, changes: dict[str, str], error: type[Exception] | None
) -> None:
    for name in "ab":
        await change(database, portfolio.organisation, name)
        await seal(portfolio)
    values = {"number": "3", "previous": "2", "previous_hash": "hash", "rows": "rows"} | changes

    writing = as_owner(portfolio.installation, portfolio.organisation, SEAL.format(**values))

    if error is None:
        await writing
        assert len(await all_seals(portfolio.caller(Role.AUDITOR))) == 3
    else:
        with pytest.raises(error):
            await writing


async def test_a_chain_that_was_tampered_with_does_not_hold_up_anothers(
    portfolio: Desk, portfolio_app: FastAPI, database: Database, tmp_path: Path
) -> None:
    other = Desk(portfolio_app, "portfolio", portfolio.installation)
    first, second = sorted((portfolio, other), key=lambda desk: desk.organisation)
    await change(database, first.organisation, "a")
    await seal(first)
    await as_owner(
        portfolio.installation,
        first.organisation,
        "ALTER TABLE audit_seal ADD CONSTRAINT stuck CHECK "
        f"(organisation_id <> '{first.organisation}' OR number < 2)",
    )
    try:
        await change(database, first.organisation, "b")
        await change(database, second.organisation, "c")
        with pytest.raises(asyncpg.CheckViolationError):
            await seal(first)
    finally:
        await as_owner(portfolio.installation, "", "ALTER TABLE audit_seal DROP CONSTRAINT stuck")
    held_up = await checked(first, tmp_path)
    went_on = await checked(second, tmp_path)
    await seal(first)

    assert (held_up.unsealed_count, went_on.unsealed_count) == (1, 0)
    assert (await checked(first, tmp_path)).unsealed_count == 0
    for client in other.clients:
        await client.aclose()
