"""Marks of what changed of shared records, left in the transaction of the change."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, Text, Uuid, text
from sqlalchemy.ext.asyncio import create_async_engine

from gevinst_shared.db.columns import new_metadata, record_key, tenant_key
from gevinst_shared.db.marking import Marked, mark_shared
from gevinst_shared.values.ids import new_id
from tests.support.installation import Installation
from tests.support.organisations import new_organisation

BENEFIT, INDICATOR, PLACE = new_id(), new_id(), new_id()


def _tables() -> MetaData:
    metadata = new_metadata()
    Table("sync_mark", metadata, tenant_key())
    Table("tried_indicator", metadata, tenant_key(), record_key(), Column("benefit_id", Uuid))
    Table(
        "tried_measurement",
        metadata,
        tenant_key(),
        record_key(),
        Column("indicator_id", Uuid),
        info={
            "shared_as": [
                Marked(kind="measurement"),
                Marked(kind="benefit", by="indicator_id", through="tried_indicator", to="benefit_id"),
            ]
        },
    )
    Table(
        "tried_place",
        metadata,
        tenant_key(),
        record_key(),
        Column("programme_id", Uuid),
        Column("name", Text),
        info={"shared_as": [Marked(kind="place", of=["programme_id"])]},
    )
    Table(
        "tried_grant",
        metadata,
        tenant_key(),
        record_key(),
        Column("partner_id", Uuid),
        info={"shared_as": [Marked(kind="place", partner="partner_id")]},
    )
    return metadata


class Trial:
    """Statements of one organisation, and the marks that each leaves."""

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection, self._organisation = connection, organisation

    def marks(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        self._connection.execute(text("DELETE FROM sync_mark"))
        self._connection.execute(text(statement), {"organisation": self._organisation, **values})
        found = self._connection.execute(
            text("SELECT kind, record_id, partner_id FROM sync_mark ORDER BY kind, partner_id")
        )
        return [tuple(value for value in row if value is not None) for row in found]


@pytest.fixture
async def connection(installation: Installation) -> AsyncIterator[Any]:
    """The owner's connection, in a transaction that leaves nothing."""
    engine = create_async_engine(installation.databases["portfolio"].owner_url)
    async with engine.connect() as found:
        yield found
        await found.rollback()
    await engine.dispose()


@pytest.fixture
async def trial(connection: Any) -> Any:
    organisation = new_organisation()
    metadata = _tables()

    def make(plain: Connection) -> None:
        plain.execute(text("SELECT set_config('app.organisation', :one, true)"), {"one": organisation})
        for table in metadata.sorted_tables:
            if table.name != "sync_mark":
                table.create(plain)
        for _ in range(2):
            mark_shared(plain, metadata)

    await connection.run_sync(make)

    async def marks(statement: str, **values: object) -> Sequence[tuple[Any, ...]]:
        found: Sequence[tuple[Any, ...]] = await connection.run_sync(
            lambda plain: Trial(plain, organisation).marks(statement, **values)
        )
        return found

    return marks


async def test_a_row_marks_its_record_and_the_one_that_it_belongs_to(trial: Any) -> None:
    await trial("INSERT INTO tried_indicator VALUES (:organisation, :id, :to)", id=INDICATOR, to=BENEFIT)
    row, another = new_id(), new_id()

    added = await trial(
        "INSERT INTO tried_measurement VALUES (:organisation, :id, :to)", id=row, to=INDICATOR
    )
    changed = await trial("UPDATE tried_measurement SET indicator_id = :to", to=INDICATOR)
    orphaned = await trial("INSERT INTO tried_measurement VALUES (:organisation, :id, NULL)", id=another)
    deleted = await trial("DELETE FROM tried_measurement WHERE id = :id", id=row)
    nothing = await trial("DELETE FROM tried_measurement WHERE id = :id", id=row)

    both = [("benefit", BENEFIT), ("measurement", row)]
    assert added == changed == deleted == both
    assert orphaned == [("measurement", another)]
    assert nothing == []


async def test_a_row_that_moves_marks_what_it_leaves_and_what_it_joins(trial: Any) -> None:
    other, other_benefit, row = new_id(), new_id(), new_id()
    for indicator, benefit in ((INDICATOR, BENEFIT), (other, other_benefit)):
        await trial("INSERT INTO tried_indicator VALUES (:organisation, :id, :to)", id=indicator, to=benefit)
    await trial("INSERT INTO tried_measurement VALUES (:organisation, :id, :to)", id=row, to=INDICATOR)

    moved = await trial("UPDATE tried_measurement SET indicator_id = :to", to=other)

    assert set(moved) == {("benefit", BENEFIT), ("benefit", other_benefit), ("measurement", row)}


async def test_a_record_is_marked_once_for_a_statement_with_many_of_its_rows(trial: Any) -> None:
    await trial("INSERT INTO tried_indicator VALUES (:organisation, :id, :to)", id=INDICATOR, to=BENEFIT)

    marks = await trial(
        "INSERT INTO tried_measurement SELECT :organisation, gen_random_uuid(), :to "
        "FROM generate_series(1, 500)",
        to=INDICATOR,
    )

    assert [mark for mark in marks if mark[0] == "benefit"] == [("benefit", BENEFIT)]


async def test_only_the_columns_that_count_mark_when_they_are_named(trial: Any) -> None:
    added = await trial("INSERT INTO tried_place VALUES (:organisation, :id, NULL, 'a')", id=PLACE)

    renamed = await trial("UPDATE tried_place SET name = 'b'")
    moved = await trial("UPDATE tried_place SET programme_id = :to", to=BENEFIT)

    assert added == moved == [("place", PLACE)]
    assert renamed == []


async def test_a_row_that_concerns_one_partner_marks_for_that_one(trial: Any) -> None:
    one, another = sorted([new_id(), new_id()])

    given = await trial("INSERT INTO tried_grant VALUES (:organisation, :id, :to)", id=PLACE, to=one)
    moved = await trial("UPDATE tried_grant SET partner_id = :to", to=another)

    assert given == [("place", PLACE, one)]
    assert moved == [("place", PLACE, one), ("place", PLACE, another)]
