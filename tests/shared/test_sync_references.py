"""X1: what a record refers to is named only while the partner has that, too."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from gevinst_shared.sync.kinds import HIDDEN
from gevinst_shared.sync.serving import Asked, NoPage
from tests.support.exchange import Body, bodies
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        yield found


async def merged(mine: Body) -> tuple[UUID, UUID]:
    """A project, and the one that it was merged into."""
    left, into = await mine.add_projects(2)
    await mine.execute("UPDATE project SET status = 'merged', merged_into_id = $2 WHERE id = $1", left, into)
    return left, into


async def named(theirs: Body, mine: Body, project: UUID) -> str:
    found: str = (await theirs.has(mine))["project", project]["merged_into"]
    return found


async def test_what_was_too_large_to_leave_is_named_no_longer_than_it_is_shared(pair: list[Body]) -> None:
    mine, theirs = pair
    left, into = await merged(mine)
    await mine.share(theirs, "project", left)
    grant = await mine.share(theirs, "project", into)
    await mine.execute("UPDATE project SET category = repeat('x', 4000000) WHERE id = $1", into)
    await theirs.pull(mine)

    await mine.end(grant)
    await theirs.pull(mine)

    assert set(await theirs.has(mine)) == {("project", left)}
    assert (await named(theirs, mine, left)).startswith(HIDDEN)


async def test_what_was_shared_only_while_a_page_was_made_is_not_named_for_ever(pair: list[Body]) -> None:
    """A grant that is given between giving out the marks and the page, and ends before the next question."""
    mine, theirs = pair
    left, into = await merged(mine)
    await mine.share(theirs, "project", left)
    asked = Asked(theirs.organisation, None, 100)
    async with mine.work() as connection:
        place = await mine.serving.begin(connection, mine.organisation, asked, now=mine.now)
    assert not isinstance(place, NoPage)
    grant = await mine.share(theirs, "project", into)
    async with mine.work() as connection:
        await mine.serving._read(connection, mine.organisation, place, asked, now=mine.now)
    await mine.end(grant)

    await theirs.pull(mine)

    assert (await named(theirs, mine, left)).startswith(HIDDEN)


async def test_what_is_published_later_is_named_from_then_on(pair: list[Body]) -> None:
    """However many records are published in between."""
    mine, theirs = pair
    left, into = await merged(mine)
    await mine.share(theirs, "project", left)
    async with mine.work() as connection:
        asked = Asked(theirs.organisation, None, 100)
        await mine.serving.begin(connection, mine.organisation, asked, now=mine.now)
    programme = await mine.add_programme()
    await mine.add_projects(1100, programme=programme)
    await mine.share(theirs, "programme", programme, {"project": ("name",)})
    await mine.share(theirs, "project", into)

    await theirs.pull(mine)

    assert await named(theirs, mine, left) == str(into)
