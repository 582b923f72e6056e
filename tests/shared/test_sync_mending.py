"""X2: what was put aside comes in once it is mended, and a partner fills no more than its share."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.sync.limits import Limits
from gevinst_shared.sync.mending import PAUSES, next_reread
from gevinst_shared.sync.receiving import Receiving, Wrong
from gevinst_shared.values.ids import new_id
from tests.support.exchange import START, Body, bodies, later
from tests.support.feeds_by_hand import HandFeed
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        yield found


async def inlet(reader: Body) -> Mapping[str, Any]:
    (row,) = await reader.rows("sync_inlet")
    return dict(row)


async def aside(reader: Body) -> list[str]:
    return sorted(row["reason"] for row in await reader.rows("sync_quarantine"))


def fields(names: Sequence[object]) -> dict[UUID, Any]:
    return {new_id(): {"name": name} for name in names}


def test_pauses_grow_and_end_at_a_week() -> None:
    pauses = [next_reread(rereads, START) - START for rereads in range(9)]

    assert pauses[:6] == list(PAUSES)
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=7)


async def test_what_was_put_aside_is_read_anew_by_itself_once_it_is_mended(pair: list[Body]) -> None:
    mine, theirs = pair
    feed = HandFeed(mine, theirs, fields(["Good", 1]))
    await feed.read()
    was = await inlet(theirs)
    feed.mend("Mended")
    await feed.read()
    too_early = await theirs.names(mine)

    later(theirs, minutes=11)
    await feed.read()

    assert (was["missing"], was["reread_at"] - START) == (1, PAUSES[0])
    assert too_early == ["Good"]
    assert await theirs.names(mine) == ["Good", "Mended"]
    assert await aside(theirs) == []
    now = await inlet(theirs)
    assert (now["missing"], now["rereads"], now["reread_at"]) == (0, 0, None)
    assert now["read_in_full_at"] == was["read_in_full_at"]


async def test_what_stays_wrong_is_read_anew_later_and_later(pair: list[Body]) -> None:
    mine, theirs = pair
    feed = HandFeed(mine, theirs, fields(["Good", 1]))
    pauses = []
    for _ in range(8):
        await feed.read()
        found = await inlet(theirs)
        pauses.append(found["reread_at"] - theirs.now)
        theirs.now = found["reread_at"]

    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert await aside(theirs) == [Wrong.FIELDS]
    assert feed.asked_from_start == 8


async def test_an_old_state_stays_while_the_newest_is_wrong(pair: list[Body]) -> None:
    mine, theirs = pair
    feed = HandFeed(mine, theirs, fields(["Good"]))
    await feed.read()
    feed.spoil()
    await feed.read()
    later(theirs, minutes=11)

    await feed.read()

    assert feed.asked_from_start == 2
    assert await theirs.names(mine) == ["Good"]
    assert await aside(theirs) == [Wrong.FIELDS]


async def test_what_a_withdrawn_key_may_have_signed_goes_although_the_newest_is_wrong(
    pair: list[Body],
) -> None:
    mine, theirs = pair
    feed = HandFeed(mine, theirs, fields(["Forged", "Good"]))
    await feed.read()
    feed.spoil()
    async with theirs.work() as connection:
        partner_id = theirs.partners[mine.organisation]
        await theirs.receiving.inlets.read_anew(connection, partner_id, is_doubtful=True)
    doubtful = (await inlet(theirs))["is_doubtful"], await theirs.names(mine)

    await feed.read()

    assert doubtful == (True, ["Forged", "Good"])
    assert await theirs.names(mine) == ["Good"]
    now = await inlet(theirs)
    assert (now["is_doubtful"], now["records"]) == (False, 1)


async def test_who_understands_more_than_before_reads_everything_anew_once(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    await mine.add_projects(2, programme=programme)
    await mine.share(theirs, "programme", programme)
    fewer = [
        replace(kind, fields={name: one for name, one in kind.fields.items() if name != "status"})
        for kind in KINDS
    ]
    theirs.receiving = Receiving(sync, fewer)
    await theirs.pull(mine)
    before = await theirs.has(mine)

    theirs.receiving = Receiving(sync, KINDS)
    first = await theirs.pull(mine)
    second = await theirs.pull(mine)

    assert [len(page.revisions) for page in (*first, *second)] == [3, 0]
    assert {name for body in before.values() for name in body} & {"status"} == set()
    statuses = [body["status"] for (kind, _), body in (await theirs.has(mine)).items() if kind == "project"]
    assert statuses == ["proposed", "proposed"]


async def test_a_partner_fills_its_own_share_of_records_and_no_more(pair: list[Body]) -> None:
    mine, theirs = pair
    theirs.limits = Limits(records=3)
    feed = HandFeed(mine, theirs, fields(["A", "B", "C", "D", "E"]))

    await feed.read()
    full = await inlet(theirs)

    assert await theirs.names(mine) == ["A", "B", "C"]
    assert await aside(theirs) == [Wrong.RECORDS, Wrong.RECORDS]
    assert (full["problem"], full["records"], full["missing"]) == (Wrong.RECORDS, 3, 2)
    later(theirs, minutes=11)
    feed.end(2)
    await feed.read()
    now = await inlet(theirs)
    assert await theirs.names(mine) == ["C", "D", "E"]
    assert (now["problem"], now["records"], now["missing"]) == (None, 3, 0)
    assert await aside(theirs) == []


async def test_a_partner_fills_its_own_share_of_bytes_and_no_more(pair: list[Body]) -> None:
    mine, theirs = pair
    theirs.limits = Limits(bytes=400)
    feed = HandFeed(mine, theirs, fields(["a" * 100, "b" * 250, "c" * 100]))

    await feed.read()
    full = await inlet(theirs)

    assert [name[0] for name in await theirs.names(mine)] == ["a", "b"]
    assert await aside(theirs) == [Wrong.BYTES]
    assert full["bytes"] == 350 + 2 * len('{"name":""}')
    feed.end(1)
    await feed.read()
    assert [name[0] for name in await theirs.names(mine)] == ["b"]
    assert (await inlet(theirs))["bytes"] == 250 + len('{"name":""}')


async def test_what_is_counted_is_what_is_here(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    projects = await mine.add_projects(5, programme=programme)
    await mine.share(theirs, "programme", programme)
    await theirs.pull(mine, limit=2)
    await mine.rename(projects[0], "A longer name than before")
    await mine.execute("DELETE FROM project WHERE id = $1", projects[1])
    await theirs.pull(mine)
    question = await theirs.ask(mine)
    assert question is not None
    await theirs.gone(mine, question)
    await mine.execute("DELETE FROM project WHERE id = $1", projects[2])
    await theirs.pull(mine)

    rows = await theirs.rows("sync_replica")
    found = await inlet(theirs)

    assert (found["records"], found["bytes"]) == (len(rows), sum(row["bytes"] for row in rows))
    assert len(rows) == 4
