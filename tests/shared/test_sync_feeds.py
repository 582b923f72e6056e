"""X2: how feeds are read, whatever gets lost, comes again, is restored or means harm."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from gevinst_shared.sync import publishing
from gevinst_shared.sync.inlets import PUT_ASIDE_KEPT
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.receiving import Outcome, Wrong
from gevinst_shared.sync.revisions import Revision, signed
from gevinst_shared.sync.sealing import Cursor
from gevinst_shared.sync.serving import NoPage
from gevinst_shared.values.ids import new_id
from tests.support.exchange import Body, bodies
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        yield found


async def test_a_long_feed_is_read_page_by_page(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    await mine.add_projects(24, programme=programme)
    await mine.share(theirs, "programme", programme)

    pages = await theirs.pull(mine, limit=10)

    assert [len(page.revisions) for page in pages] == [10, 10, 5]
    assert len(await theirs.has(mine)) == 25


async def test_an_answer_that_comes_again_or_late_changes_nothing(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project("Old")
    grant = await mine.share(theirs, "project", project)
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, None)
    assert isinstance(page, Page)
    first = await theirs.take(mine, question, page)
    before = await theirs.rows("sync_inlet")

    again = await theirs.take(mine, question, page)
    unchanged = await theirs.rows("sync_inlet")
    await mine.end(grant)
    await theirs.pull(mine)
    late = await theirs.take(mine, question, page)

    assert (first, again, late) == (Outcome.TAKEN, Outcome.STALE, Outcome.STALE)
    assert unchanged == before
    assert await theirs.has(mine) == {}


async def test_a_lost_answer_is_given_again(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project("Case system")
    await mine.share(theirs, "project", project)
    await theirs.ask(mine)
    await mine.answer(theirs, None)

    await theirs.pull(mine)

    assert await theirs.names(mine) == ["Case system"]


async def test_a_revision_signed_with_a_new_key_waits_for_the_statement(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    mine.renew_key()
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, question.cursor)
    assert isinstance(page, Page)

    outcome = await theirs.take(mine, question, page)
    (waiting,) = await theirs.rows("sync_inlet")
    nothing = await theirs.has(mine)
    await theirs.learn_keys(mine)
    await theirs.pull(mine)

    assert outcome is Outcome.NEEDS_STATEMENT
    assert (waiting["needs_statement"], waiting["cursor"], waiting["quarantined"]) == (True, None, 0)
    assert nothing == {}
    assert set(await theirs.has(mine)) == {("project", project)}
    assert not (await theirs.rows("sync_inlet"))[0]["needs_statement"]


async def test_strangers_paused_and_stopped_partners_get_no_page(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    await theirs.pull(mine)
    stranger = Body(mine.database)

    unknown = await mine.answer(stranger, None)
    await mine.set_state(theirs, "paused")
    paused = await mine.answer(theirs, None)
    await mine.set_state(theirs, "confirmed")
    resumed = await mine.answer(theirs, None)
    await mine.set_state(theirs, "stopped")
    stopped = await mine.answer(theirs, None)

    assert (unknown, paused, stopped) == (NoPage.STRANGER, NoPage.PAUSED, NoPage.STOPPED)
    assert isinstance(resumed, Page)
    assert await mine.rows("sync_revision") == []


async def test_who_was_stopped_is_not_read_any_more_and_nothing_of_it_stays(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    await theirs.pull(mine)
    await mine.rename(project, "In flight")
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, question.cursor)
    assert isinstance(page, Page)

    await theirs.set_state(mine, "stopped")
    outcome = await theirs.take(mine, question, page)

    assert outcome is Outcome.NOT_READ
    assert await theirs.ask(mine) is None
    assert await theirs.has(mine) == {}


async def test_a_feed_that_knows_of_fewer_changes_of_grants_gives_no_page(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    grant = await mine.share(theirs, "project", project)
    await mine.end(grant)

    page = await mine.answer(theirs, None, grants_number=2)
    behind = await mine.answer(theirs, None, grants_number=3)

    assert isinstance(page, Page)
    assert page.grants_number == 2
    assert behind is NoPage.BEHIND


async def test_both_sides_know_when_everything_was_read(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    await mine.add_projects(5, programme=programme)
    await mine.share(theirs, "programme", programme)
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, None, limit=2)
    assert isinstance(page, Page)
    await theirs.take(mine, question, page)
    half = (await theirs.rows("sync_inlet"), await mine.rows("sync_outlet"))

    await theirs.pull(mine)
    await theirs.pull(mine)

    whole = (await theirs.rows("sync_inlet"), await mine.rows("sync_outlet"))
    assert [rows[0]["read_in_full_at"] for rows in half] == [None, None]
    assert all(rows[0]["read_in_full_at"] for rows in whole)


async def test_marks_do_not_pile_up_where_nobody_reads(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    for number in range(20):
        await mine.rename(project, f"Name {number}")

    async with mine.work() as connection:
        await mine.serving.settling.settle(connection, mine.organisation, mine.now)

    assert await mine.rows("sync_mark") == []
    assert await mine.rows("sync_pending") == []


async def test_much_at_once_is_published_while_it_is_read(
    pair: list[Body], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader waits for a page with a time limit; that it was read in full is known at the very end."""
    monkeypatch.setattr(publishing, "BATCHES_AT_ONCE", 1)
    mine, theirs = pair
    programme = await mine.add_programme()
    for _ in range(2):
        await mine.add_projects(publishing.RECORDS_AT_ONCE, programme=programme)
    await mine.share(theirs, "programme", programme)
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, question.cursor, limit=2 * publishing.RECORDS_AT_ONCE)
    assert isinstance(page, Page)
    await theirs.take(mine, question, page)
    first = (len(page.revisions), page.has_more, len(await mine.rows("sync_pending")))
    half = [(await body.rows(table))[0] for body, table in ((theirs, "sync_inlet"), (mine, "sync_outlet"))]

    await theirs.pull(mine, limit=300)
    await theirs.pull(mine)

    whole = [(await body.rows(table))[0] for body, table in ((theirs, "sync_inlet"), (mine, "sync_outlet"))]
    assert first == (publishing.RECORDS_AT_ONCE, True, publishing.RECORDS_AT_ONCE + 1)
    assert [row["read_in_full_at"] for row in half] == [None, None]
    assert all(row["read_in_full_at"] for row in whole)
    assert len(await theirs.has(mine)) == 2 * publishing.RECORDS_AT_ONCE + 1


async def test_what_is_shared_with_one_partner_is_no_work_for_another(installation: Installation) -> None:
    async with bodies(installation.databases["portfolio"].url, 3) as (mine, one, another):
        programme = await mine.add_programme()
        await mine.add_projects(5, programme=programme)
        for body in (one, another):
            await mine.share(body, "programme", programme)
            await body.pull(mine)
        grant = await mine.share(one, "programme", programme, {"project": ("name",)})

        async with mine.work() as connection:
            await mine.serving.settling.settle(connection, mine.organisation, mine.now)
        given = [row["partner_id"] for row in await mine.rows("sync_pending")]
        await mine.end(grant)
        async with mine.work() as connection:
            await mine.serving.settling.settle(connection, mine.organisation, mine.now)
        ended = [row["partner_id"] for row in await mine.rows("sync_pending")]

        assert set(given) == set(ended) == {mine.partners[one.organisation]}
        assert (len(given), len(ended)) == (6, 12)


async def test_the_statements_of_a_page_do_not_grow_with_it(pair: list[Body]) -> None:
    mine, theirs = pair
    counts = []
    for size in (1, 5, 400):
        programme = await mine.add_programme()
        await mine.add_projects(size, programme=programme)
        await mine.share(theirs, "programme", programme)
        counts.append(await _statements(mine, theirs))

    assert counts[1] == counts[2]
    assert sum(counts[2]) < 50
    assert len(await theirs.has(mine)) == 409


async def test_an_unknown_cursor_is_answered_with_gone_and_begins_nothing(pair: list[Body]) -> None:
    mine, theirs = pair
    await theirs.pull(mine)
    epoch = (await mine.rows("sync_outlet"))[0]["epoch"]
    strange = mine.serving.seals(mine.organisation, new_id())
    answers = [
        await mine.answer(theirs, cursor)
        for cursor in ("x", "å", "A" * 5000, strange.sealed(Cursor(new_id(), new_id(), 1)))
    ]

    assert answers == [NoPage.GONE] * 4
    assert (await mine.rows("sync_outlet"))[0]["epoch"] == epoch


async def test_an_old_revision_of_a_partner_does_not_come_back(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project("Old")
    await mine.share(theirs, "project", project)
    (first,) = await theirs.pull(mine)
    await mine.rename(project, "New")
    await theirs.pull(mine)
    question = await theirs.ask(mine)
    assert question is not None

    outcome = await theirs.take(mine, question, replace(first, cursor="another"))

    assert outcome is Outcome.TAKEN
    assert await theirs.names(mine) == ["New"]
    assert [row["reason"] for row in await theirs.rows("sync_quarantine")] == [Wrong.NUMBER]


async def test_what_is_wrong_is_put_aside_and_the_rest_is_taken(pair: list[Body]) -> None:
    mine, theirs = pair
    good = Revision(
        epoch=str(new_id()),
        number=1,
        kind="project",
        id=new_id(),
        owner=mine.organisation,
        audience=theirs.organisation,
        at="2026-09-01T12:00:00.000000Z",
        fields={"name": "Good", "of a later version": [1]},
    )
    wrong = replace(good, number=2, id=new_id(), fields={"name": 1})
    question = await theirs.ask(mine)
    assert question is not None
    page = Page(good.epoch, "cursor", False, 0, tuple(signed(one, mine.key) for one in (good, wrong)))

    await theirs.take(mine, question, page)

    assert await theirs.has(mine) == {("project", good.id): {"name": "Good"}}
    assert [row["reason"] for row in await theirs.rows("sync_quarantine")] == [Wrong.FIELDS]


async def test_a_partner_cannot_fill_what_is_put_aside(pair: list[Body]) -> None:
    mine, theirs = pair
    epoch = str(new_id())
    for number in range(15):
        question = await theirs.ask(mine)
        assert question is not None
        await theirs.take(mine, question, Page(epoch, f"cursor {number}", False, 0, ("x" * 9000,) * 1000))

    rows = await theirs.rows("sync_quarantine")
    (inlet,) = await theirs.rows("sync_inlet")

    assert len(rows) == PUT_ASIDE_KEPT
    assert max(len(row["content"]) for row in rows) == 2000
    assert inlet["quarantined"] == 15_000


async def test_a_partner_that_is_stopped_can_begin_again_with_nothing(pair: list[Body]) -> None:
    mine, theirs = pair
    kept, other = await mine.add_projects(2)
    ending = await mine.share(theirs, "project", other)
    await mine.share(theirs, "project", kept)
    await theirs.pull(mine)

    await mine.set_state(theirs, "stopped")
    await mine.end(ending)
    await mine.set_state(theirs, "confirmed")
    await theirs.pull(mine)

    assert set(await theirs.has(mine)) == {("project", kept)}


async def _statements(mine: Body, theirs: Body) -> tuple[int, int]:
    """How many statements it takes to give a page, and to take it."""
    counted: Counter[str] = Counter()
    side = "give"

    def count(*_: object) -> None:
        counted[side] += 1

    async with mine.database.lend() as connection:
        connection.add_query_logger(count)
    question = await theirs.ask(mine)
    assert question is not None
    counted.clear()
    page = await mine.answer(theirs, question.cursor, limit=500)
    assert isinstance(page, Page)
    side = "take"
    await theirs.take(mine, question, page)
    async with mine.database.lend() as connection:
        connection.remove_query_logger(count)
    return counted["give"], counted["take"]
