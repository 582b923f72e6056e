"""A process that writes to the portfolio's outbox, or follows it, until it is killed.

`python -m tests.support.feed_writer write|follow <database url> <organisation> <name> <seed>`
"""

import asyncio
import json
import random
import sys
from collections.abc import Sequence

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

_RECORD = outbox.record()
EFFECT = "effect of "


async def write(database: Database, organisation: str, name: str, rng: random.Random) -> None:
    """Numbered events, one transaction each, some rolled back; says each number once it is committed."""
    number = 0
    while True:
        number += 1
        try:
            async with database.transaction(organisation) as connection:
                await announce(connection, organisation, f"{name}:{number}")
                await asyncio.sleep(rng.uniform(0, 0.01))
                if rng.random() < 0.2:
                    raise RolledBackError  # noqa: TRY301 - the transaction is to see it
        except RolledBackError:
            continue
        sys.stdout.write(f"{name}:{number}\n")
        sys.stdout.flush()


async def follow(database: Database, organisation: str) -> None:
    """Answer every event with one of our own, in the transaction that moves the cursor (N5)."""

    async def fetch(text: str) -> tuple[Sequence[Event], str]:
        async with database.transaction(organisation, read_only=True) as connection:
            items, following = await feed.page(connection, Cursor.read(text), limit=5)
        if str(following) == text:
            await asyncio.sleep(0.05)
        return [Event.read(item) for item in json.loads(items)], str(following)

    async def apply(connection: Connection, event: Event) -> None:
        name = event.data["name"]
        if not name.startswith(EFFECT):
            await announce(connection, organisation, EFFECT + name)

    await Consumer(database, feed_cursor, Following(f"test {organisation}", fetch, apply)).follow()


async def announce(connection: Connection, organisation: str, name: str) -> None:
    work = Work(connection, Actor("kari", organisation), utc_now(), new_id())
    fact = PortfolioArranged(portfolio_id=new_id(), name=name)
    await _RECORD.run(connection, before=None, after={}, **recorded(work, fact, subject="portfolios/x"))


class RolledBackError(Exception):
    """What ends a transaction that shall leave nothing."""


async def main(role: str, url: str, organisation: str, name: str, seed: str) -> None:
    database = await Database.open(url, size=2)
    if role == "write":
        await write(database, organisation, name, random.Random(int(seed)))
    else:
        await follow(database, organisation)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
