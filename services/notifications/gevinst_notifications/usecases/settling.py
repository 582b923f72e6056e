"""Storing how deliveries ended: the results of several in one transaction, each waiting for its own (N5)."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from random import Random

from gevinst_notifications.domain.deliveries import Attempt, Delivery, DeliveryState
from gevinst_notifications.domain.destinations import is_ill, is_well, rest
from gevinst_notifications.events.deliveries import Delivered, Failed
from gevinst_notifications.store import deliveries, delivery_queue, destinations
from gevinst_notifications.store.delivery_queue import Queued, Settled
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_MOST = 100


@dataclass(frozen=True, slots=True)
class Done:
    """A result to be stored. `was_ill`: the destination had failed before."""

    settled: Settled
    was_ill: bool = False


_Waiting = tuple[Done, asyncio.Future[bool]]


class Ledger:
    """Stores what is done. What comes while it stores is stored together, next: one commit for all of it."""

    def __init__(self, database: Database, now: Callable[[], datetime], rng: Random) -> None:
        self._database = database
        self._now = now
        self._rng = rng
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    async def settle(self, done: Done) -> bool:
        """Store it, also when others cannot be; whether its destination is to rest now."""
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((done, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_all())
        return await asyncio.shield(stored)

    async def _store_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            some.sort(key=lambda one: (one[0].settled.held.organisation, one[0].settled.held.destination))
            for organisation, group in groupby(some, key=lambda one: one[0].settled.held.organisation):
                await self._store(organisation, list(group))

    async def _store(self, organisation: str, some: Sequence[_Waiting]) -> None:
        try:
            resting = await self._stored(organisation, [done for done, _ in some])
        except Exception as error:  # told to whoever waits for it
            if len(some) > 1:  # one that cannot be stored must not hold up the others
                for one in some:
                    await self._store(organisation, [one])
            else:
                some[0][1].set_exception(error)
            return
        for (_, stored), rests in zip(some, resting, strict=True):
            stored.set_result(rests)

    async def _stored(self, organisation: str, done: Sequence[Done]) -> list[bool]:
        now = self._now()
        async with self._database.transaction(organisation) as connection:
            await store_results(connection, organisation, [one.settled for one in done], now=now)
            # By destination, so that two workers never wait for each other in a circle.
            return [await self._is_to_rest(connection, one, now) for one in done]

    async def _is_to_rest(self, connection: Connection, done: Done, now: datetime) -> bool:
        held, attempt = done.settled.held, done.settled.attempt
        if not is_ill(attempt):
            if done.was_ill and is_well(attempt):
                await destinations.recover(connection, held)
            return False
        failures = await destinations.count_failure(connection, held, now=now)
        if failures is None:
            return True
        for_ = rest(failures, attempt, rng=self._rng)
        if for_ is None:
            return False
        await destinations.rest(connection, held, until=now + for_)
        return True


async def store_results(
    connection: Connection, organisation: str, done: Sequence[Settled], *, now: datetime
) -> None:
    """The results, announced where they are final; nothing of those whose lease was lost meanwhile."""
    ours = await delivery_queue.settle_all(connection, organisation, done, now=now)
    worker = Actor("gevinst-notifications", organisation, is_service=True)
    work = Work(connection, worker, now, new_id())
    await deliveries.announce_all(
        connection, list(_records(work, [one for one in done if one.held.id in ours]))
    )


def _records(work: Work, done: Iterable[Settled]) -> Iterable[deliveries.Announced]:
    for one in done:
        fact = _fact(one.held, one.after, one.attempt)
        if fact is not None:
            was, became = (_said(each) for each in (one.held.delivery, one.after))
            subject = subject_of("deliveries", one.held.id)
            yield deliveries.Announced(recorded(work, fact, subject=subject), was, became)


def _said(delivery: Delivery) -> dict[str, object]:
    return {"state": str(delivery.state), "attempts": delivery.attempts}


def _fact(held: Queued, after: Delivery, attempt: Attempt) -> Fact | None:
    key = after.key
    if after.state is DeliveryState.SENT:
        return Delivered(
            held.id, key.event_id, key.person_id, key.channel, after.attempts, after.may_be_duplicate
        )
    if after.state is DeliveryState.DEAD:
        return Failed(
            held.id, key.event_id, key.person_id, key.channel, after.attempts, attempt.outcome, attempt.code
        )
    return None
