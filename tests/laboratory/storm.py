"""A seeded storm over bodies: what their people do, what the weather does, and what the hostile partner does.

Each body and the weather have a lane of their own, whose steps and their order follow from the seed. Lanes
run side by side, so that what meets what is another each time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.laboratory import acts
from tests.laboratory.bodies import Body
from tests.laboratory.hostile import MOODS, Hostile
from tests.laboratory.network import Network
from tests.laboratory.switch import FAIR, Weather

VICTIMS = (
    *("portfolio", "portfolio", "portfolio-worker", "portfolio-worker", "benefits"),
    *("gateway", "issuer", "postgres"),
)
_SLOW = Weather(delay=0.2, jitter=0.1)
_LOSSY = Weather(delay=0.02, jitter=0.05, loss=0.2, twice=0.05)
_MIXED = Weather(jitter=0.4, twice=0.2)
_SILENT = Weather(is_silent=True)
_PAUSE_SECONDS = (0.2, 1.5)


@dataclass
class Storm:
    """`told` is what happened, a line each, with the seconds since it began."""

    bodies: Sequence[Body]
    hostile: Hostile
    network: Network
    seed: int
    steps: int
    told: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def tell(self, text: str) -> None:
        self.told.append(f"{time.monotonic() - self.began:7.1f} {text}")

    async def rage(self) -> None:
        """All lanes to their end; then every line is whole and every program answers again."""
        async with asyncio.TaskGroup() as lanes:
            for body in self.bodies:
                lanes.create_task(self._live(body))
            lanes.create_task(self._weather())
        for body in self.bodies:
            self._heal(body.name)
        self._heal(self.hostile.place.name)
        await asyncio.gather(*(body.installation.settled() for body in self.bodies))
        for body in self.bodies:
            for reader in sorted(body.model.paused):
                await self.change(body, lambda: _resume(body, reader))  # noqa: B023 - awaited at once

    async def change(self, body: Body, act: Callable[[], Awaitable[None]]) -> None:
        """One act of a body's people, and what may leave because of it."""
        async with body.books:
            began, renewals = time.time(), body.model.renewals
            await act()
            body.note(began)
            if body.model.renewals != renewals:
                await self.register(body)

    async def register(self, body: Body) -> None:
        """The operators of all others take over the body's keys."""
        keys = await body.keys()
        for other in self.bodies:
            if other is not body:
                other.register(body.organisation, keys)

    async def _live(self, body: Body) -> None:
        rng = Random(f"{self.seed} {body.name}")
        for number in range(self.steps):
            act = acts.BEGINNING[number] if number < len(acts.BEGINNING) else acts.chosen(rng)
            pause = rng.uniform(*_PAUSE_SECONDS)
            inner = Random(rng.random())
            await self.change(body, lambda: act(body, inner))  # noqa: B023 - awaited at once
            self.tell(f"{body.name} {number}: {act.__name__}")
            await asyncio.sleep(pause)

    async def _weather(self) -> None:
        """A backup early and its restore late, and in between whatever comes."""
        rng = Random(f"{self.seed} weather")
        kept = rng.choice(self.bodies)
        for number in range(self.steps):
            pause = rng.uniform(*_PAUSE_SECONDS)
            if number == self.steps // 6:
                await self._back_up(kept)
            elif number == 2 * self.steps // 3:
                await self._restore(kept, is_said=rng.random() < 0.5)
            else:
                await self._turn(rng, number)
            await asyncio.sleep(pause)

    async def _turn(self, rng: Random, number: int) -> None:
        chance, body = rng.random(), rng.choice(self.bodies)
        if chance < 0.3:
            victim = rng.choice(VICTIMS)
            self.tell(f"weather {number}: {victim} of {body.name} is killed")
            await body.installation.kill(victim)
        elif chance < 0.45:
            self._heal(body.name)
            self.tell(f"weather {number}: {body.name} is healed")
        elif chance < 0.6:
            self.tell(f"weather {number}: {body.name} is pulled out")
            self.network.pull(body.name)
        elif chance < 0.8:
            weather = rng.choice((_SLOW, _LOSSY, _MIXED, _SILENT))
            self.tell(f"weather {number}: {body.name} has {weather}")
            self.network.set_weather(body.name, weather)
        else:
            mood = rng.choice(MOODS)
            self.tell(f"weather {number}: hostile is {mood}")
            self.hostile.set_mood(mood)

    async def _back_up(self, body: Body) -> None:
        self.tell(f"{body.name} is backed up")
        await body.back_up()

    async def _restore(self, body: Body, *, is_said: bool) -> None:
        self.tell(f"{body.name} is restored, and is {'' if is_said else 'not '}told so")
        await body.restore(is_said=is_said)
        await self.register(body)
        self.tell(f"{body.name} was restored")

    def _heal(self, name: str) -> None:
        self.network.set_weather(name, FAIR)
        with suppress(OSError):
            self.network.plug(name)


async def _resume(body: Body, reader: str) -> None:
    await body.tell(reader, "resume")
    body.model.paused.discard(reader)
