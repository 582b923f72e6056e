"""A5, N5: writers and the consumer are processes that die by SIGKILL in the middle of what they do."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

import pytest

from gevinst_portfolio.tables.shared import feed
from gevinst_shared.db.engine import Database
from gevinst_shared.feed.reader import Cursor
from tests.support.feed_writer import EFFECT
from tests.support.installation import Installation
from tests.support.organisations import new_organisation
from tests.support.waiting import until

pytestmark = pytest.mark.slow
WRITERS = 8
KILLS = 12


@dataclass
class Fire:
    """Eight writers and a consumer; whoever is killed is followed by another with a new name."""

    url: str
    organisation: str
    rng: Random
    committed: list[str] = field(default_factory=list)
    running: list[Process] = field(default_factory=list)
    listening: list[asyncio.Task[None]] = field(default_factory=list)
    started: int = 0

    async def start(self, role: str) -> Process:
        self.started += 1
        arguments = (role, self.url, self.organisation, f"writer {self.started}", str(self.started))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.feed_writer", *arguments), stdout=PIPE, stderr=DEVNULL
        )
        self.running.append(process)
        self.listening.append(asyncio.create_task(self._listen(process)))
        return process

    async def kill(self, process: Process) -> None:
        process.kill()
        await process.wait()
        self.running.remove(process)

    async def burn(self) -> None:
        """Kill writers and the consumer at random, and replace them; at the end only the consumer lives."""
        await asyncio.gather(*(self.start("write") for _ in range(WRITERS)))
        consumer = await self.start("follow")
        await until(self._all_have_written)
        for kill in range(KILLS):
            await asyncio.sleep(self.rng.uniform(0.1, 0.5))
            if kill % 3 == 2:
                await self.kill(consumer)
                consumer = await self.start("follow")
            else:
                await self.kill(self.rng.choice([one for one in self.running if one is not consumer]))
                await self.start("write")
        for writer in [one for one in self.running if one is not consumer]:
            await self.kill(writer)

    async def stop(self) -> None:
        for process in list(self.running):
            await self.kill(process)
        await asyncio.gather(*self.listening)

    async def _all_have_written(self) -> bool:
        return len({name.partition(":")[0] for name in self.committed}) >= WRITERS

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.committed.append(line.decode().strip())


async def test_processes_that_are_killed_in_the_middle_lose_nothing_and_double_nothing(
    installation: Installation,
) -> None:
    database = await Database.open(installation.databases["portfolio"].url, size=4)
    fire = Fire(installation.databases["portfolio"].url, new_organisation(), Random(20261121))
    is_over = asyncio.Event()
    reading = asyncio.create_task(_read_in_order(database, fire.organisation, is_over))
    try:
        await fire.burn()
        await until(lambda: _is_answered(database, fire.organisation))
    finally:
        await fire.stop()
        is_over.set()
        seen = await reading
    written = await _names(database, fire.organisation)
    await database.close()

    assert len(fire.committed) > 100
    # What a writer said was committed is there; what it could not say any more is there once or not at all.
    assert set(fire.committed) <= set(written)
    assert len(set(written)) == len(written)
    # A reader saw all of it, each writer's in the order of writing, and each effect once and in that order.
    assert sorted(seen) == sorted(written)
    announced = [name for name in seen if not name.startswith(EFFECT)]
    assert all(numbers == sorted(numbers) for numbers in _by_writer(announced).values())
    assert [name.removeprefix(EFFECT) for name in seen if name.startswith(EFFECT)] == announced


def _by_writer(names: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name in names:
        writer, _, number = name.partition(":")
        found[writer].append(int(number))
    return found


async def _is_answered(database: Database, organisation: str) -> bool:
    names = await _names(database, organisation)
    return 2 * sum(name.startswith(EFFECT) for name in names) == len(names)


async def _names(database: Database, organisation: str) -> list[str]:
    async with database.transaction(organisation, read_only=True) as connection:
        rows = await connection.fetch("SELECT data->>'name' AS name FROM event")
    return [row["name"] for row in rows]


async def _read_in_order(database: Database, organisation: str, is_over: asyncio.Event) -> list[str]:
    """What a reader sees from now until it is over, and then to the end."""
    names: list[str] = []
    cursor = Cursor()
    while True:
        is_last = is_over.is_set()
        async with database.transaction(organisation, read_only=True) as connection:
            items, following = await feed.page(connection, cursor, limit=7)
        names += [item["data"]["name"] for item in json.loads(items)]
        if following == cursor:
            if is_last:
                return names
            await asyncio.sleep(0.01)
        cursor = following
