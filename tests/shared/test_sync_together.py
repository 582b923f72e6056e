"""X2 where transactions meet: writers, grants and readers all at once, and what a mark costs a writer."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from gevinst_shared.db.engine import Database
from gevinst_shared.sync.serving import Asked, NoPage
from tests.support.exchange import Body, bodies
from tests.support.exchange_storm import FIELDS, expected, plain
from tests.support.installation import Installation
from tests.support.waiting import PATIENCE

_FIELDS = {"programme": ("name",), "project": FIELDS}


@pytest.fixture
async def three(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 3) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
async def test_all_agree_after_all_worked_at_the_same_time(three: list[Body], seed: int) -> None:
    mine, *readers = three
    rng = random.Random(seed)
    programmes = [await mine.add_programme() for _ in range(3)]
    projects = [one for programme in programmes for one in await mine.add_projects(4, programme=programme)]

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(
            *(_write(mine, rng.sample(projects, 6), programmes, random.Random(seed + n)) for n in range(3)),
            _grant(mine, readers, programmes + projects, rng),
            *(_read(mine, reader) for reader in (*readers, readers[0])),
        )
    for reader in readers:
        await reader.pull(mine)

    for reader in readers:
        assert plain(await reader.has(mine)) == await expected(mine, reader)
        (inlet,) = await reader.rows("sync_inlet", reader.partners[mine.organisation])
        assert inlet["quarantined"] == 0
    assert await mine.rows("sync_mark") == []
    assert await mine.rows("sync_pending") == []


async def test_what_is_revoked_while_a_page_is_made_is_gone_after_the_next_pull(three: list[Body]) -> None:
    mine, theirs, _ = three
    grant = await mine.share(theirs, "project", await mine.add_project())
    asked = Asked(theirs.organisation, None, 10)
    async with mine.work() as connection:
        place = await mine.serving.begin(connection, mine.organisation, asked, now=mine.now)
    assert not isinstance(place, NoPage)
    async with mine.work() as connection:
        await mine.serving._read(connection, mine.organisation, place, asked, now=mine.now)
        await mine.end(grant)
        async with mine.work() as other:
            await mine.serving.settling.settle(other, mine.organisation, mine.now)

    await theirs.pull(mine)

    assert await theirs.has(mine) == {}


async def test_a_writer_waits_for_no_reader(three: list[Body], installation: Installation) -> None:
    mine, theirs, _ = three
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    await theirs.pull(mine)
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    try:
        async with database.transaction(mine.organisation) as connection:
            # What a page that is being made holds.
            await connection.execute("SELECT 1 FROM sync_outlet FOR UPDATE")
            await connection.execute("DELETE FROM sync_pending")
            async with asyncio.timeout(PATIENCE):
                await mine.rename(project, "At once")
    finally:
        await database.close()
    await theirs.pull(mine)

    assert await theirs.names(mine) == ["At once"]


async def test_one_partner_that_reads_does_not_hold_up_another(
    three: list[Body], installation: Installation
) -> None:
    mine, slow, quick = three
    project = await mine.add_project("Case system")
    for reader in (slow, quick):
        await mine.share(reader, "project", project)
        await reader.pull(mine)
    await mine.rename(project, "Another")
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    try:
        async with database.transaction(mine.organisation) as connection:
            partner_id = mine.partners[slow.organisation]
            await connection.execute("SELECT 1 FROM sync_outlet WHERE partner_id = $1 FOR UPDATE", partner_id)
            async with asyncio.timeout(PATIENCE):
                await quick.pull(mine)
    finally:
        await database.close()

    assert await quick.names(mine) == ["Another"]


async def _write(body: Body, projects: list[UUID], programmes: list[UUID], rng: random.Random) -> None:
    for number in range(40):
        project = rng.choice(projects)
        if rng.random() < 0.3:
            programme = rng.choice([*programmes, None])
            await body.execute("UPDATE project SET programme_id = $2 WHERE id = $1", project, programme)
        else:
            await body.rename(project, f"Name {number}")


async def _grant(body: Body, readers: list[Body], records: list[UUID], rng: random.Random) -> None:
    given = []
    for _ in range(30):
        given.append(await body.share(rng.choice(readers), "programme", rng.choice(records), _FIELDS))
        if rng.random() < 0.6:
            await body.end(given.pop(rng.randrange(len(given))))


async def _read(body: Body, reader: Body) -> None:
    for _ in range(15):
        question = await reader.ask(body)
        assert question is not None
        page = await body.answer(reader, question.cursor, limit=5)
        if isinstance(page, NoPage):
            assert page is NoPage.GONE
            await reader.gone(body, question)
        else:
            await reader.take(body, question, page)
