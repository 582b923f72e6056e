"""X2: who was restored from a backup begins anew, and its totals wait until all was read again."""

from collections.abc import AsyncIterator

import pytest

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.joint import held_partners
from gevinst_shared.sync.receiving import Receiving, Taken
from tests.support.exchange import Body, bodies
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        yield found


async def test_a_provider_that_was_restored_begins_anew_by_itself(pair: list[Body]) -> None:
    mine, theirs = pair
    kept, lost = await mine.add_projects(2)
    await mine.share(theirs, "project", kept)
    await theirs.pull(mine)
    backup = await mine.copy()
    await mine.share(theirs, "project", lost)
    await mine.rename(kept, "After the backup")
    await theirs.pull(mine)
    epoch = (await theirs.rows("sync_inlet"))[0]["epoch"]

    await mine.restore(backup)
    await theirs.pull(mine)

    assert set(await theirs.has(mine)) == {("project", kept)}
    assert await theirs.names(mine) == ["Case system"]
    assert (await theirs.rows("sync_inlet"))[0]["epoch"] > epoch


async def test_who_was_restored_holds_totals_until_all_was_read_both_ways(installation: Installation) -> None:
    async with bodies(installation.databases["portfolio"].url, 3) as (mine, one, two):
        for left in (mine, one, two):
            for right in (mine, one, two):
                if left is not right:
                    await left.pull(right)
                    await left.pull(right)
        backup = await mine.copy()
        await mine.share(one, "project", await mine.add_project())
        await one.pull(mine)
        await mine.restore(backup)
        held = [await _held(mine)]
        for reader, provider in (
            (one, mine),
            (two, mine),
            (one, mine),
            (two, mine),
            (mine, one),
            (mine, two),
        ):
            await reader.pull(provider)
            held.append(await _held(mine))

    assert held[0] == 0  # nobody has told us yet
    assert held[1:] == [2, 2, 2, 2, 1, 0]


async def test_whom_we_read_is_held_after_our_restore_although_it_never_read_us(
    installation: Installation,
) -> None:
    async with bodies(installation.databases["portfolio"].url, 3) as (mine, giver, ending):
        for partner in (giver, ending):
            await partner.share(mine, "project", await partner.add_project())
            await mine.pull(partner)
        backup = await mine.copy()
        await mine.restore(backup)
        async with mine.work() as connection:
            await mine.serving.restored(connection, mine.organisation, mine.now)
        held = [await _held(mine)]
        await mine.pull(giver)
        held.append(await _held(mine))
        question = await mine.ask(ending)
        assert question is not None
        async with mine.work() as connection:
            of = (mine.organisation, mine.partners[ending.organisation])
            await mine.receiving.ended(connection, *of, question, mine.now)
        held.append(await _held(mine))

    # Who has stopped gives nothing, so nothing of it is that of a backup.
    assert held == [2, 1, 0]


async def test_an_old_cursor_of_a_restored_reader_restarts_nobody_else(installation: Installation) -> None:
    async with bodies(installation.databases["portfolio"].url, 3) as (mine, old, other):
        project = await mine.add_project()
        for reader in (old, other):
            await mine.share(reader, "project", project)
            await reader.pull(mine)
        backup = await old.copy()
        for number in range(70):  # more pages than stamps are kept
            await mine.rename(project, f"Name {number}")
            await old.pull(mine)
        epochs = {row["epoch"] for row in await mine.rows("sync_outlet")}

        await old.restore(backup)
        await old.pull(mine)

        assert await old.names(mine) == ["Name 69"]
        assert {row["epoch"] for row in await mine.rows("sync_outlet")} == epochs


async def test_a_reader_that_was_restored_reads_on_from_where_it_was(pair: list[Body]) -> None:
    mine, theirs = pair
    first, second = await mine.add_projects(2)
    ending = await mine.share(theirs, "project", first)
    await theirs.pull(mine)
    backup = await theirs.copy()
    await mine.end(ending)
    await mine.share(theirs, "project", second)
    await theirs.pull(mine)

    await theirs.restore(backup)
    pages = await theirs.pull(mine)

    assert set(await theirs.has(mine)) == {("project", second)}
    assert sum(len(page.revisions) for page in pages) == 2


async def test_only_what_is_read_first_after_a_restore_can_be_of_what_we_forgot(pair: list[Body]) -> None:
    mine, theirs = pair
    seen: list[bool] = []

    async def follow(_connection: Connection, taken: Taken) -> None:
        seen.append(taken.may_recall)

    mine.receiving = Receiving(sync, KINDS, after_take=follow)
    await theirs.share(mine, "project", await theirs.add_project())
    for _ in range(2):
        await mine.pull(theirs)
        await theirs.pull(mine)
    async with mine.work() as connection:
        await mine.serving.restored(connection, mine.organisation, mine.now)
    await theirs.add_project()
    for _ in range(2):
        await mine.pull(theirs)

    assert seen == [False, False, True, False]


async def _held(body: Body) -> int:
    async with body.work() as connection:
        return len(await Query(held_partners(sync)).rows(connection))
