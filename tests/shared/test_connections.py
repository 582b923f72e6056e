"""A connection given back is in nobody's transaction, however its user ended; and what it remembers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest

from gevinst_shared.db.engine import Connection, Database, connect_arguments
from tests.support.installation import Installation
from tests.support.waiting import until

ORGANISATION = "0192:958935420"


@pytest.fixture
async def database(installation: Installation) -> AsyncIterator[Database]:
    database = await Database.open(installation.databases["portfolio"].url, size=2)
    yield database
    await database.close()


@pytest.fixture
async def onlooker(installation: Installation) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(**connect_arguments(installation.databases["portfolio"].url))
    yield connection
    await connection.close()


async def pid(connection: Connection) -> int:
    return int(await connection.fetchval("SELECT pg_backend_pid()"))


async def states(onlooker: Connection, pids: list[int]) -> set[str]:
    """What PostgreSQL says of the connections, once nothing of ours is under way."""
    await asyncio.sleep(0.05)
    rows = await onlooker.fetch("SELECT state FROM pg_stat_activity WHERE pid = ANY($1)", pids)
    return {row["state"] for row in rows}


async def read_once(database: Database) -> int:
    async with database.transaction(ORGANISATION, read_only=True) as connection:
        return await pid(connection)


async def test_a_waiting_read_gets_a_connection_that_is_given_back(
    database: Database, onlooker: Connection
) -> None:
    async with AsyncExitStack() as held:
        first = await held.enter_async_context(database.transaction(ORGANISATION, read_only=True))
        second = await held.enter_async_context(database.transaction(ORGANISATION, read_only=True))
        pids = [await pid(first), await pid(second)]
        waiter = asyncio.create_task(read_once(database))
        await asyncio.sleep(0)

    assert await waiter in pids
    assert await states(onlooker, pids) == {"idle"}


async def test_two_reads_that_end_at_once_leave_no_transaction_open(
    database: Database, onlooker: Connection
) -> None:
    end = asyncio.Event()
    begun: asyncio.Queue[int] = asyncio.Queue()

    async def read_until_told() -> None:
        async with database.transaction(ORGANISATION, read_only=True) as connection:
            begun.put_nowait(await pid(connection))
            await end.wait()

    readers = [asyncio.create_task(read_until_told()) for _ in range(2)]
    pids = [await begun.get(), await begun.get()]
    waiter = asyncio.create_task(read_once(database))
    await asyncio.sleep(0)
    end.set()
    await asyncio.gather(waiter, *readers)

    assert await states(onlooker, pids) == {"idle"}


async def test_after_a_cancelled_waiter_no_connection_stays_in_a_transaction(
    database: Database, onlooker: Connection
) -> None:
    async with AsyncExitStack() as held:
        first = await held.enter_async_context(database.transaction(ORGANISATION, read_only=True))
        second = await held.enter_async_context(database.transaction(ORGANISATION, read_only=True))
        pids = [await pid(first), await pid(second)]
        waiters = [asyncio.create_task(read_once(database)) for _ in range(2)]
        await asyncio.sleep(0)
    # They do not come for what was kept for them.
    for waiter in waiters:
        waiter.cancel()
    await asyncio.gather(*waiters, return_exceptions=True)

    assert await states(onlooker, pids) == {"idle"}
    assert await read_once(database) in pids


async def test_a_taker_that_is_cancelled_while_it_begins_leaves_no_transaction_open(
    database: Database, onlooker: Connection
) -> None:
    async with AsyncExitStack() as held:
        first = await held.enter_async_context(database.transaction(ORGANISATION, read_only=True))
        second = await held.enter_async_context(database.transaction(ORGANISATION, read_only=True))
        pids = [await pid(first), await pid(second)]
        waiter = asyncio.create_task(read_once(database))
        await asyncio.sleep(0)
    await asyncio.sleep(0)  # it has the connection now, and has sent its first message
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)

    assert await states(onlooker, pids) == {"idle"}


async def test_a_statement_is_prepared_once_however_long_it_is(database: Database) -> None:
    """An overview's statement is longer than what the driver would keep by itself."""
    long = f"SELECT $1::int -- {'x' * 50_000}"
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1 AND generic_plans = 2"
    async with database.transaction(ORGANISATION, read_only=True) as connection:
        for number in (1, 2):
            await connection.fetchval(long, number)

        assert await connection.fetchval(kept, long) == 1


async def test_what_a_client_left_in_the_middle_of_a_statement_is_ended(
    database: Database, onlooker: Connection
) -> None:
    """A5: its transaction would hold up the feed for everybody, for as long as the statement takes."""
    begun: asyncio.Queue[int] = asyncio.Queue()

    async def sleep() -> None:
        async with database.transaction(ORGANISATION) as connection:
            begun.put_nowait(await pid(connection))
            killed.append(connection)
            await connection.execute("SELECT pg_sleep(600)")

    killed: list[Connection] = []
    sleeper = asyncio.create_task(sleep())
    process_id = await begun.get()
    await asyncio.sleep(0.05)

    killed[0].terminate()  # as a process that is killed: no request to cancel goes out

    async def is_gone() -> bool:
        return not await states(onlooker, [process_id])

    await until(is_gone, every=0.2)
    with pytest.raises(asyncpg.PostgresConnectionError):
        await sleeper
