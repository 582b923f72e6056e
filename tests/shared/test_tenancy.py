"""A9: row-level security stands behind every check."""

from collections.abc import AsyncIterator
from importlib import import_module

import asyncpg
import pytest

from gevinst_shared.db import migrations
from gevinst_shared.db.engine import Database, connect_arguments
from gevinst_shared.settings import SERVICES
from tests.support.installation import Installation


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def owner(
    installation: Installation, service: str
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(**connect_arguments(installation.databases[service].owner_url))
    yield connection
    await connection.close()


async def test_every_table_of_a_tenant_forces_row_level_security(
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    open_tables = await owner.fetch(
        """SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
           WHERE relkind IN ('r', 'p') AND attname = 'organisation_id'
             AND NOT (relrowsecurity AND relforcerowsecurity)"""
    )
    assert open_tables == []


async def test_the_tables_in_the_code_are_those_of_the_migrations(
    installation: Installation, service: str
) -> None:
    program = import_module(f"gevinst_{service}.__main__").PROGRAM
    await migrations.check(installation.databases[service].owner_url, program.metadata, program.versions)


async def test_the_application_cannot_pass_row_level_security(
    owner: "asyncpg.Connection[asyncpg.Record]", service: str
) -> None:
    rights = await owner.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = $1",
        f"gevinst_{service}_app",
    )
    assert rights is not None
    assert not any(rights.values())


async def test_what_is_only_appended_cannot_be_changed_by_the_application(
    owner: "asyncpg.Connection[asyncpg.Record]", service: str
) -> None:
    """E1: history is appended."""
    program = import_module(f"gevinst_{service}.__main__").PROGRAM
    kept = [table.name for table in program.metadata.sorted_tables if table.info.get("append_only")]
    for table in kept:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            has = await owner.fetchval(
                "SELECT has_table_privilege($1, $2, $3)", f"gevinst_{service}_app", table, right
            )
            assert not has, (table, right)
    assert {"event", "audit"} <= set(kept)


async def test_a_transaction_without_an_organisation_sees_nothing(installation: Installation) -> None:
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    try:
        async with database.transaction("") as connection:
            assert await connection.fetchval("SELECT count(*) FROM event") == 0
        # The setting ends with its transaction, so a pooled connection never carries it on.
        async with database.transaction("0192:958935420") as connection:
            assert await connection.fetchval("SELECT current_setting('app.organisation')") == "0192:958935420"
        assert await database.value("SELECT current_setting('app.organisation', true)") in {"", None}
    finally:
        await database.close()


async def test_a_row_of_another_organisation_cannot_be_written(installation: Installation) -> None:
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    statement = (
        "INSERT INTO organisation (organisation_id, name, country, currency, language, created_at) "
        "VALUES ('0192:964338531', 'Bergen', 'NO', 'NOK', 'nb', now())"
    )
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction("0192:958935420") as connection:
                await connection.execute(statement)
    finally:
        await database.close()
