"""A server that goes away in the middle is one error, whatever the driver calls it."""

import asyncpg
import pytest

from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.db.engine import Connection, Database
from tests.support.installation import Installation
from tests.support.organisations import new_organisation
from tests.support.waiting import until


async def test_a_connection_that_was_cut_off_is_reset_and_the_next_one_works(
    installation: Installation, postgres: EmbeddedPostgres
) -> None:
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    organisation = new_organisation()

    async def two_statements() -> None:
        async with database.transaction(organisation) as connection:
            await _cut_off(postgres.url, await connection.fetchval("SELECT pg_backend_pid()"))
            await until(lambda: _is_closed(connection), every=0.01)
            await connection.fetchval("SELECT 1")

    with pytest.raises(ConnectionResetError, match="hung up"):
        await two_statements()
    async with database.transaction(organisation) as connection:
        assert await connection.fetchval("SELECT 1") == 1
    await database.close()


async def test_a_driver_that_is_surprised_by_a_dying_server_says_so_too(installation: Installation) -> None:
    """The server's last words have come, the end of the stream has not yet."""
    database = await Database.open(installation.databases["portfolio"].url, size=1)

    async def surprised() -> None:
        async with database.transaction(new_organisation()):
            raise asyncpg.InternalClientError("cannot switch to state 12; another operation is in progress")

    with pytest.raises(ConnectionResetError, match="hung up"):
        await surprised()
    await database.close()


async def test_a_mistake_of_our_own_stays_what_it_is(installation: Installation) -> None:
    database = await Database.open(installation.databases["portfolio"].url, size=1)

    async def mistaken() -> None:
        async with database.transaction(new_organisation()) as connection:
            await connection.fetchval("SELECT $1::int", "one", "too many")

    with pytest.raises(asyncpg.InterfaceError):
        await mistaken()
    await database.close()


async def _cut_off(admin_url: str, process: int) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SELECT pg_terminate_backend($1)", process)
    finally:
        await connection.close()


async def _is_closed(connection: Connection) -> bool:
    return connection.is_closed()
