"""A9: row-level security stands behind every check."""

from collections.abc import AsyncIterator
from importlib import import_module
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import literal_column, select

from gevinst_portfolio.store import projects
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db import migrations
from gevinst_shared.db.engine import Database, connect_arguments
from gevinst_shared.db.query import Query
from gevinst_shared.db.tenancy import bound
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown
from tests.portfolio.world import make_world
from tests.support.callers import Desk
from tests.support.installation import Installation
from tests.support.organisations import new_organisation

# What is still to be said to partners and how far they are: no picture shows it.
_EXCHANGE = {
    f"sync_{table}" for table in ("mark", "outlet", "pending", "revision", "inlet", "quarantine", "reading")
}


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


async def test_every_table_that_pictures_are_made_of_marks_its_changes(
    owner: "asyncpg.Connection[asyncpg.Record]", service: str
) -> None:
    """A table that is not marked would leave old pictures standing."""
    program = import_module(f"gevinst_{service}.__main__").PROGRAM
    tables = program.metadata.sorted_tables
    unmarked = {table.name for table in tables if table.info.get("unmarked")}
    expected = {table.name for table in tables if "organisation_id" in table.columns} - unmarked
    found = await owner.fetch(
        """SELECT tgrelid::regclass::text AS name FROM pg_trigger
           WHERE tgname = 'mark_change' AND tgparentid = 0"""
    )

    assert unmarked - {"event", "audit", "audit_seal", "idempotency", "version"} - _EXCHANGE == set()
    assert {row["name"].strip('"') for row in found} == (
        expected if "change" in program.metadata.tables else set()
    )


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
        async with database.lend() as connection:
            assert await connection.fetchval("SELECT current_setting('app.organisation', true)") in {"", None}
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


_STATEMENTS = {
    "get": projects._LOOK,
    "list": projects.LISTING._compile("name", False, frozenset({"portfolio"}), True),
    "next page": projects.LISTING._compile("-id", True, frozenset(), True),
}


@pytest.mark.parametrize("name", _STATEMENTS)
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_bound_statement_binds_itself_before_its_first_row(
    installation: Installation, name: str, mode: str
) -> None:
    """A4: the setting is a one-time filter on top of the scan, whatever the planner knows of the values."""
    query = _STATEMENTS[name]
    values = {
        "organisation": "0192:958935420",
        "id": new_id(),
        "filter_portfolio": new_id(),
        "limit": 5,
        "after_key": str(new_id()),
        "after_id": new_id(),
    }
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    try:
        async with database.lend() as connection:
            await connection.execute(f"SET plan_cache_mode = {mode}")
            lines = await connection.fetch(f"EXPLAIN {query.sql}", *query._arguments(values))
    finally:
        await database.close()
    plan = [line[0] for line in lines]
    scan = next(number for number, line in enumerate(plan) if " on project" in line)
    above = [line for line in plan[:scan] if "One-Time Filter" in line and "set_config" not in line]
    assert above, "\n".join(plan)


async def test_one_connection_looks_for_two_organisations_in_turn(portfolio: Desk) -> None:
    mine, theirs = new_organisation(), new_organisation()
    database = await Database.open(portfolio.installation.databases["portfolio"].url, size=1)
    ids = {organisation: await _project(portfolio, organisation) for organisation in (mine, theirs)}
    try:
        async with database.lend() as connection:
            for organisation in (mine, theirs) * 8:
                other = theirs if organisation == mine else mine
                await projects.look_up(connection, organisation, ids[organisation])
                with pytest.raises(Unknown):
                    await projects.look_up(connection, organisation, ids[other])
            assert await connection.fetchval("SELECT count(*) FROM project") == 0
    finally:
        await database.close()


async def test_a_bound_statement_cannot_write(installation: Installation) -> None:
    """`GET` runs in a read-only transaction."""
    statement = Query(select(literal_column("nextval('event_number')")).select_from(project).where(bound()))
    plain = Query(select(literal_column("current_setting('transaction_read_only')")).where(bound()))
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    try:
        async with database.lend() as connection:
            assert await plain.value(connection, organisation="0192:958935420") == "on"
            assert await connection.fetchval("SELECT current_setting('transaction_read_only')") == "off"
            assert await statement.find(connection, organisation="0192:958935420") is None
    finally:
        await database.close()


async def _project(desk: Desk, organisation: str) -> UUID:
    """A project of the organisation, made over the API."""
    desk.organisation = organisation
    world = await make_world(desk)
    made = await world.office.post("/projects", json=world.proposal())
    return UUID(made.json()["id"])
