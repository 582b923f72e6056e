"""X2: when a partner is read next, whatever happens while it is read."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gevinst_portfolio.store.sync_part import PART
from gevinst_shared.sync.schedule import Turn, Verdict
from tests.support.exchange import Body, bodies
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        yield found
        async with found[0].work() as connection:
            await connection.execute("UPDATE sync_reading SET read_at = NULL")


async def wake(body: Body, other: Body) -> None:
    async with body.work() as connection:
        await PART.schedule.wake(connection, body.organisation, body.partners[other.organisation], body.now)


async def claimed(body: Body) -> list[Turn]:
    """The body's partners that are due, which are then being read."""
    async with body.database.queue() as queue:
        turns = await PART.schedule.claim(queue, body.now, limit=1000)
    return [turn for turn in turns if turn.organisation == body.organisation]


@pytest.mark.parametrize(
    "verdict",
    [Verdict(), Verdict(after=None, fault="partner-paused-there"), Verdict(fault="x", is_failure=True)],
    ids=["read", "paused", "failed"],
)
async def test_who_is_to_be_read_anew_while_it_is_read_is_due_when_that_is_over(
    pair: list[Body], verdict: Verdict
) -> None:
    """Its administrator has just resumed it, say, and the answer under way still says that it is paused."""
    mine, theirs = pair
    await wake(mine, theirs)
    [turn] = await claimed(mine)
    mine.now += timedelta(seconds=1)
    await wake(mine, theirs)
    mine.now += timedelta(seconds=1)
    async with mine.work() as connection:
        await PART.schedule.note(connection, turn, verdict, mine.now)

    [again] = await claimed(mine)

    assert again.partner_id == turn.partner_id
    async with mine.work() as connection:
        await PART.schedule.note(connection, again, Verdict(), mine.now)
    assert await claimed(mine) == []
