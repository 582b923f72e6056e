"""N5: programs die by SIGKILL at random while the story is told; nothing is lost and nothing doubled."""

import asyncio
import contextlib
import itertools
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from gevinst_shared.cli.house import House, running_house
from gevinst_shared.settings import SERVICES
from tests.journeys import aftermath
from tests.journeys.short_story import GATES, Story, story_in, tell
from tests.support.house import house_at
from tests.support.waiting import until

pytestmark = pytest.mark.slow
SEEDS = range(1, 1 + int(os.environ.get("GEVINST_TEST_KILLED_STORIES", "3")))
VICTIMS = (*SERVICES, *(f"{service}-worker" for service in SERVICES))
LEASE_SECONDS = "4"  # a mail in a dead worker's hands is taken up again after this
QUIET_SECONDS = 90.0
LET_LIVE = 4


@dataclass
class Killer:
    """Kills one program after the other until it is called off; database and gateway once each.

    Who was killed lives again for a while before the next but few, so that the story gets on.
    """

    house: House
    rng: Random
    killed: Counter[str] = field(default_factory=Counter)

    async def torment(self) -> None:
        rare = dict(zip(self.rng.sample(range(1, 4), 2), ("postgres", "gateway"), strict=True))
        lately: list[str] = []
        for number in itertools.count():
            await asyncio.sleep(self.rng.uniform(0.3, 1.2))
            others = [name for name in VICTIMS if name not in lately]
            victim = rare.get(number) or self.rng.choice(others)
            lately = [*lately, victim][-LET_LIVE:]
            with contextlib.suppress(ProcessLookupError):  # it is dead already
                died = self.house.kill(victim)
                self.killed[victim] += 1
                if number % 2:  # two at once are down now
                    await self.house.restarted(victim, died)


def test_stories_whose_programs_are_killed_at_random_end_as_they_would_have(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEVINST_DELIVERY_LEASE_SECONDS", LEASE_SECONDS)
    asyncio.run(killed_stories(home, SEEDS))


async def killed_stories(home: Path, seeds: Iterable[int]) -> None:
    """One after the other in one house, each in its own organisation; after each, all that was told holds."""
    killed, told = Counter[str](), Told()
    async with running_house(house_at(home)) as house:
        for seed in seeds:
            async with story_in(house) as story:
                killed += await killed_story(house, story, Random(seed))
                told.add(story)
                async with aftermath.books_of(house) as books:
                    await until(lambda: aftermath.is_quiet(books), seconds=QUIET_SECONDS, every=0.3)
                    await everything_holds(books, told, killed)
                names = [one["name"] for one in await story["office"].every("portfolio/projects")]
            assert sorted(names) == sorted(one["name"] for one in story.projects)
    assert killed["postgres"] > 0
    assert killed["gateway"] > 0


async def killed_story(house: House, story: Story, rng: Random) -> Counter[str]:
    """Tell it while programs die; which did, once all answer again."""
    killer = Killer(house, rng)
    killing = asyncio.create_task(killer.torment())
    try:
        await tell(story)
    finally:
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
    for name in ("postgres", "gateway", *VICTIMS):
        await house.supervisor.wait_ready(name)
    return killer.killed


@dataclass
class Told:
    """What must have come of all stories together."""

    events: Counter[str] = field(default_factory=Counter)
    hearing: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)

    def add(self, story: Story) -> None:
        self.events += story.expected
        self.hearing += story.hearing
        ends = zip(story.gated, GATES, strict=True)
        self.stopped.update(project for project, outcome in ends if outcome == "stop")


async def everything_holds(books: aftermath.Books, told: Told, killed: Counter[str]) -> None:
    await aftermath.nothing_is_lost_or_doubled(books, told.events)
    await aftermath.read_models_equal_their_source(books)
    await aftermath.gates_had_their_effect_once(books, told.stopped)
    await aftermath.runs_have_ended(books)
    await aftermath.people_heard_once(books, told.hearing)
    # A mail may have left when its worker, or the database that keeps its result, died.
    in_hand = killed["notifications-worker"] + killed["postgres"]
    await aftermath.mails_went_out_once(books, at_most_doubled=in_hand)
