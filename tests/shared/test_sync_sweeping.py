"""Marks are given out also where nobody asks, so that they do not pile up (X1)."""

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.sync.settling import Settling
from gevinst_shared.sync.sweeping import Sweeper
from tests.support.exchange import START, Body, bodies
from tests.support.installation import Installation


def sweeper(body: Body) -> Sweeper:
    return Sweeper(body.database, sync, Settling(sync, KINDS), lambda: START)


async def marks(body: Body) -> int:
    async with body.database.transaction(body.organisation, read_only=True) as connection:
        found: int = await connection.fetchval("SELECT count(*) FROM sync_mark")
    return found


async def test_marks_of_who_shares_with_nobody_go(installation: Installation) -> None:
    async with bodies(installation.databases["portfolio"].url, 2) as (first, second):
        for body in (first, second):
            await body.add_project()
        assert await marks(first) > 0

        assert await sweeper(first).once() >= 2

        assert (await marks(first), await marks(second)) == (0, 0)


async def test_what_a_partner_is_to_get_is_there_when_it_asks_after_a_sweep(
    installation: Installation,
) -> None:
    async with bodies(installation.databases["portfolio"].url, 2) as (mine, theirs):
        project = await mine.add_project("Before")
        await mine.share(theirs, "project", project, {"project": ("name",)})
        await theirs.pull(mine)
        await mine.execute("UPDATE project SET name = 'After' WHERE id = $1", project)

        await sweeper(mine).once()
        await theirs.pull(mine)

        assert await theirs.has(mine) == {("project", project): {"name": "After"}}


async def test_one_organisation_that_fails_holds_up_no_other(installation: Installation) -> None:
    async with bodies(installation.databases["portfolio"].url, 2) as (first, second):
        for body in (first, second):
            await body.add_project()
        unlucky = min(first.organisation, second.organisation)
        other = max((first, second), key=lambda body: body.organisation)

        class Failing(Settling):
            async def settle(self, connection: object, organisation: str, now: object) -> None:
                if organisation == unlucky:
                    raise ValueError("odd")
                await super().settle(connection, organisation, now)  # type: ignore[arg-type]

        await Sweeper(first.database, sync, Failing(sync, KINDS), lambda: START).once()

        assert await marks(other) == 0
        await sweeper(first).once()
