"""X2: tombstones go once their reader has heard of them, and nobody keeps what has ended for that."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gevinst_portfolio.store.sync_part import PART
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.pruning import Pruning
from gevinst_shared.sync.serving import NoPage
from tests.support.exchange import Body, bodies, later
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        mine, theirs = found
        # By its readings an organisation is known to exchange; they are made when a partner is confirmed.
        async with mine.work() as connection:
            partner = mine.partners[theirs.organisation]
            await PART.schedule.wake(connection, mine.organisation, partner, mine.now)
            await connection.execute("UPDATE sync_reading SET read_at = NULL")
        yield found


async def prune(body: Body) -> list[Any]:
    """The tombstones that are left."""
    await Pruning(body.database, PART, lambda: body.now).once()
    return [row for row in await body.rows("sync_revision") if row["body"] is None]


async def ended(mine: Body, theirs: Body) -> str:
    """The cursor of who has two projects, one of which has ended since."""
    kept, gone = await mine.add_projects(2)
    await mine.share(theirs, "project", kept)
    await mine.share(theirs, "project", gone)
    await theirs.pull(mine)
    (inlet,) = await theirs.rows("sync_inlet")
    await mine.execute("DELETE FROM project WHERE id = $1", gone)
    cursor: str = inlet["cursor"]
    return cursor


async def test_a_tombstone_stays_until_its_reader_has_come_back_and_some_days(pair: list[Body]) -> None:
    mine, theirs = pair
    await ended(mine, theirs)
    await mine.answer(theirs, None)
    later(mine, days=30)
    unheard = await prune(mine)
    later(mine, days=-30)
    await theirs.pull(mine)
    await theirs.pull(mine)
    young = await prune(mine)

    later(mine, days=8)
    old = await prune(mine)

    assert (len(unheard), len(young), len(old)) == (1, 1, 0)
    assert [page.revisions for page in await theirs.pull(mine)] == [()]
    assert len(await theirs.has(mine)) == 1


async def test_who_comes_with_a_cursor_from_before_reads_everything(pair: list[Body]) -> None:
    mine, theirs = pair
    cursor = await ended(mine, theirs)
    backup = await theirs.copy()
    await theirs.pull(mine)
    await theirs.pull(mine)
    later(mine, days=8)
    await prune(mine)

    answer = await mine.answer(theirs, cursor)
    await theirs.restore(backup)
    had = len(await theirs.has(mine))
    await theirs.pull(mine)

    assert answer is NoPage.GONE
    assert had == 2
    assert len(await theirs.has(mine)) == 1


async def test_a_reading_from_the_start_goes_on_below_what_was_forgotten(pair: list[Body]) -> None:
    mine, theirs = pair
    await ended(mine, theirs)
    programme = await mine.add_programme()
    await mine.add_projects(5, programme=programme)
    await theirs.pull(mine)
    await theirs.pull(mine)
    later(mine, days=8)
    await prune(mine)
    await mine.share(theirs, "programme", programme)

    first = await mine.answer(theirs, None, limit=1)
    assert isinstance(first, Page)
    second = await mine.answer(theirs, first.cursor, limit=1)

    assert isinstance(second, Page)
    assert len(second.revisions) == 1


async def test_who_waits_has_news_when_something_of_its_own_changed(pair: list[Body]) -> None:
    mine, theirs = pair
    shared, other = await mine.add_projects(2)
    await mine.share(theirs, "project", shared)
    await theirs.pull(mine)
    await theirs.pull(mine)
    seen = []

    async def look() -> None:
        async with mine.work() as connection:
            news = mine.serving.has_news(connection, mine.organisation, theirs.organisation, now=mine.now)
            seen.append(await news)

    await look()
    await mine.rename(other, "Nobody's business")
    await look()
    await mine.rename(shared, "Yours")
    await look()
    await theirs.pull(mine)
    await theirs.pull(mine)
    await look()
    await mine.set_state(theirs, "paused")
    await look()

    assert seen == [False, False, True, False, True]
    assert await mine.rows("sync_mark") == []
