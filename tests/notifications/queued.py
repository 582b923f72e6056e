"""Deliveries in the queue, and receivers that answer as they are told."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from gevinst_notifications.domain.deliveries import Attempt, Channel, Outcome
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.usecases.delivering import PostOffice
from gevinst_shared.db.engine import Database
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.notifications.world import World

ACCEPTED = Attempt(Outcome.ACCEPTED, 200, "OK")
DEAD_SERVER = Attempt(Outcome.LOST_BEFORE_DATA, text="refused")
LEASE = timedelta(minutes=5)
_ADD = """
INSERT INTO delivery (organisation_id, event_id, person_id, channel, destination, id, event_type, subject,
                      state, due_at, attempts, may_be_duplicate, created_at)
SELECT $1, gen_random_uuid(), $2, $3, $4, gen_random_uuid(), 'gevinst.portfolio.project-approved.v1',
       'projects/1', 'pending', $5::timestamptz + n * interval '1 microsecond', 0, false, $5
FROM generate_series(1, $6) AS n"""


@dataclass
class Clock:
    """Real time, moved on by hand."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Receiver:
    """Takes everything, except what `answer` has another answer to."""

    answer: Callable[[Queued], Attempt] = lambda _: ACCEPTED
    seconds: float = 0.0
    got: list[Queued] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def begin(self, _deliveries: Sequence[Queued], _database: Database) -> "Receiver":
        return self

    async def send(self, held: Queued) -> Attempt:
        self.got.append(held)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        return self.answer(held)

    def count(self, destination: str) -> int:
        return sum(held.destination == destination for held in self.got)


async def _no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


def office(
    world: World, receiver: Receiver, *, clock: Clock | None = None, channel: Channel = Channel.WEBHOOK
) -> PostOffice:
    return PostOffice(
        world.database, {channel: receiver}, clock or Clock(), Random(1), LEASE, batch=100, sleep=_no_sleep
    )


async def enqueue(
    world: World, destination: str, count: int, *, channel: Channel = Channel.WEBHOOK, to: UUID | None = None
) -> None:
    """Add deliveries that are due, as they come from nowhere."""
    async with world.database.transaction(world.organisation) as connection:
        now = utc_now() - timedelta(seconds=1)
        await connection.execute(
            _ADD, world.organisation, to or new_id(), str(channel), destination, now, count
        )
