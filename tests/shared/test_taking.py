"""The oldest rows of a queue are found by going along it, whatever the database believes of its length."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Uuid, bindparam, delete

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.query import Query
from gevinst_shared.db.taking import among_first
from gevinst_shared.sync.publishing import Publishing
from gevinst_shared.sync.settling import Settling
from gevinst_shared.values.ids import new_id
from tests.support.installation import Installation
from tests.support.organisations import new_organisation

_MARK = "INSERT INTO sync_mark (organisation_id, kind, record_id) VALUES ($1, 'project', $2)"


@pytest.fixture
async def connection(installation: Installation) -> AsyncIterator[Connection]:
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    async with database.transaction(new_organisation()) as connection:
        yield connection
    await database.close()


async def test_the_first_few_are_taken_in_turn_until_none_is_left(connection: Connection) -> None:
    organisation = await connection.fetchval("SELECT current_setting('app.organisation')")
    ids = [new_id() for _ in range(8)]
    for record_id in ids:
        await connection.execute(_MARK, organisation, record_id)
    take = Query(delete(sync.mark).where(among_first(3, sync.mark)).returning(sync.mark.c.record_id))

    taken = [await take.rows(connection) for _ in range(4)]

    assert [{row["record_id"] for row in rows} for rows in taken] == [
        set(ids[:3]),
        set(ids[3:6]),
        set(ids[6:]),
        set(),
    ]


@pytest.mark.parametrize(
    "take",
    [Settling(sync, KINDS)._take, Publishing(sync, KINDS)._take],
    ids=["marks", "pending"],
)
async def test_no_row_is_compared_with_every_other(connection: Connection, take: Query) -> None:
    """With a join, 36,000 marks took a database that believed the table empty half an hour."""
    values: list[Any] = [new_id()] if "$1" in take.sql else []

    plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {take.sql}", *values))

    assert "InitPlan" in plan
    assert "Join" not in plan
    assert "Nested Loop" not in plan


def test_the_number_of_another_partner_is_no_bound() -> None:
    partner = bindparam("partner_id", type_=Uuid)

    sql = Query(delete(sync.pending).where(among_first(2, sync.pending, partner_id=partner))).sql

    assert "other.partner_id = $1" in sql
