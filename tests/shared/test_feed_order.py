"""A5: no event is lost and none comes out of order, however many write at once and roll back."""

import asyncio
import json
import random

import pytest

from gevinst_portfolio.events.register import PortfolioArranged
from gevinst_portfolio.tables.shared import feed, feed_cursor, outbox
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.feed.reader import Cursor
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.support.installation import Installation
from tests.support.organisations import new_organisation

_RECORD = outbox.record()


class _RolledBackError(Exception):
    pass


@pytest.fixture
async def database(installation: Installation) -> Database:
    return await Database.open(installation.databases["portfolio"].url, size=12)


async def announce(database: Database, organisation: str, name: str, rng: random.Random) -> bool:
    """One transaction with one event, held open for a while; one in five is rolled back."""
    try:
        async with database.transaction(organisation) as connection:
            work = Work(connection, Actor("kari", organisation), utc_now(), new_id())
            fact = PortfolioArranged(portfolio_id=new_id(), name=name)
            await _RECORD.run(
                connection, before=None, after={}, **recorded(work, fact, subject="portfolios/x")
            )
            await asyncio.sleep(rng.uniform(0, 0.004))
            if rng.random() < 0.2:
                raise _RolledBackError  # noqa: TRY301 - the transaction is to see it
    except _RolledBackError:
        return False
    return True


@pytest.mark.slow
async def test_eight_writers_with_rollbacks_lose_nothing_and_keep_each_writers_order(
    database: Database,
) -> None:
    organisation, written = new_organisation(), dict[int, list[str]]()

    async def write(writer: int) -> None:
        rng = random.Random(writer)
        names = (f"{writer}:{number}" for number in range(60))
        written[writer] = [name for name in names if await announce(database, organisation, name, rng)]

    writers = asyncio.gather(*(write(writer) for writer in range(8)))
    seen: list[str] = []
    cursor = Cursor()
    while True:
        is_last = writers.done()
        async with database.transaction(organisation, read_only=True) as connection:
            items, cursor_after = await feed.page(connection, cursor, limit=7)
        seen += [item["data"]["name"] for item in json.loads(items)]
        if is_last and cursor_after == cursor:
            break
        cursor = cursor_after
        await asyncio.sleep(0)
    await writers
    await database.close()

    assert sorted(seen) == sorted(name for names in written.values() for name in names)
    for writer, names in written.items():
        assert [name for name in seen if name.startswith(f"{writer}:")] == names


@pytest.mark.slow
async def test_a_consumer_that_dies_between_effect_and_commit_applies_each_event_once(
    database: Database,
) -> None:
    """N5: what an event does and the cursor are one transaction."""
    organisation, applied, rng = new_organisation(), list[str](), random.Random(7)
    for number in range(50):
        async with database.transaction(organisation) as connection:
            work = Work(connection, Actor("kari", organisation), utc_now(), new_id())
            fact = PortfolioArranged(portfolio_id=new_id(), name=str(number))
            await _RECORD.run(
                connection, before=None, after={}, **recorded(work, fact, subject="portfolios/x")
            )
    effects: list[str] = []

    async def fetch(text: str) -> tuple[list[Event], str]:
        async with database.transaction(organisation, read_only=True) as connection:
            items, following = await feed.page(connection, Cursor.read(text), limit=6)
        return [Event.read(item) for item in json.loads(items)], str(following)

    async def apply(connection: Connection, happened: Event) -> None:
        effects.append(happened.data["name"])
        work = Work(connection, Actor("consumer", organisation), utc_now(), new_id())
        fact = PortfolioArranged(portfolio_id=new_id(), name=f"effect {happened.data['name']}")
        if not happened.data["name"].startswith("effect"):
            await _RECORD.run(
                connection, before=None, after={}, **recorded(work, fact, subject="portfolios/y")
            )
        if rng.random() < 0.1:
            raise _RolledBackError

    consumer = Consumer(database, feed_cursor, Following(f"test {organisation}", fetch, apply))
    quiet = 0
    while quiet < 2:
        try:
            quiet = quiet + 1 if await consumer.once() == 0 else 0
        except _RolledBackError:
            quiet = 0

    async with database.transaction(organisation, read_only=True) as connection:
        applied = await _names(connection)
    await database.close()
    assert sorted(applied) == sorted([str(n) for n in range(50)] + [f"effect {n}" for n in range(50)])
    assert len(effects) > 100  # some were done, rolled back and done again


async def _names(connection: Connection) -> list[str]:
    rows = await connection.fetch("SELECT data->>'name' AS name FROM event")
    return [row["name"] for row in rows]


async def test_a_consumer_takes_breath_after_a_page_that_was_not_full_and_after_no_other(
    database: Database,
) -> None:
    """Catching up is not held up; a stream of single events comes in pages."""
    organisation, breaths = new_organisation(), list[int]()
    for number in range(5):
        async with database.transaction(organisation) as connection:
            work = Work(connection, Actor("kari", organisation), utc_now(), new_id())
            fact = PortfolioArranged(portfolio_id=new_id(), name=str(number))
            await _RECORD.run(
                connection, before=None, after={}, **recorded(work, fact, subject="portfolios/x")
            )
    seen: list[str] = []

    async def fetch(text: str) -> tuple[list[Event], str]:
        async with database.transaction(organisation, read_only=True) as connection:
            items, following = await feed.page(connection, Cursor.read(text), limit=2)
        return [Event.read(item) for item in json.loads(items)], str(following)

    async def apply(_connection: Connection, happened: Event) -> None:
        seen.append(happened.data["name"])

    async def breathe(_seconds: float) -> None:
        breaths.append(len(seen))
        raise asyncio.CancelledError

    following = Following(f"breath {organisation}", fetch, apply, page_size=2)
    with pytest.raises(asyncio.CancelledError):
        await Consumer(database, feed_cursor, following, sleep=breathe).follow()
    await database.close()

    assert (seen, breaths) == (["0", "1", "2", "3", "4"], [5])
