"""Delivering what waits: claim, send one message at a time, store each result behind a fence (A6, N5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from gevinst_notifications.domain.deliveries import (
    Attempt,
    Channel,
    Delivery,
    DeliveryState,
    Outcome,
    after_attempt,
    after_lost_lease,
)
from gevinst_notifications.events.deliveries import Delivered, Failed
from gevinst_notifications.store import deliveries, delivery_queue
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id


class Sender(Protocol):
    """Sends on one channel. One object serves a worker for as long as it runs."""

    async def send(self, held: Queued, database: Database) -> Attempt:
        """Send this delivery, and say how that ended; what receiver and network do is never raised.

        No transaction is open meanwhile: open `database.transaction(held.organisation, …)` for what must
        be read, and close it before anything is sent. Every attempt at `held.delivery.key` sends the same
        content under the same identity. It must end within half of the lease.
        `Outcome.GONE` says that the address exists no more; `retry_after` when the receiver wants us back.
        The attempt is stored by the caller (`delivery_attempt`).
        """
        ...


Senders = Mapping[Channel, Sender]
"""The channels that are set up; deliveries on others wait."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What delivering needs.

    A send must end within half of `lease`: none is begun in the lease's second half.
    """

    database: Database
    senders: Senders
    now: Callable[[], datetime]
    rng: Random
    lease: timedelta
    batch: int = 50


async def deliver_due(office: PostOffice) -> int:
    """Claim what is due and try each once; how many were tried.

    What was claimed and not begun is given back, also when the worker is stopped in the middle. When the
    mail server is lost the rest of the batch is not tried on it.
    """
    now = office.now()
    async with office.database.queue() as queue:
        waiting = await delivery_queue.claim(
            queue, channels=office.senders, now=now, lease_until=now + office.lease, limit=office.batch
        )
    waiting.sort(key=lambda held: held.delivery.due_at, reverse=True)
    tried = 0
    try:
        while waiting and office.now() < now + office.lease / 2:
            held = waiting.pop()  # from here on the message may have left
            attempt = await office.senders[held.delivery.key.channel].send(held, office.database)
            await _settle(office, held, attempt)
            tried += 1
            if attempt.outcome is Outcome.LOST_BEFORE_DATA:
                break
    finally:
        if waiting:
            async with office.database.queue() as queue:
                await delivery_queue.release(queue, waiting)
    return tried


async def recover_lost(office: PostOffice) -> int:
    """Make due again, and mark, what dead workers had claimed; how many that were."""
    now = office.now()
    async with office.database.queue() as queue:
        lost = await delivery_queue.list_lost(queue, now=now, limit=office.batch)
    for held in lost:
        attempt = Attempt(Outcome.LOST_AFTER_DATA, text="the worker that had it is gone")
        await _store(office, held, after_lost_lease(held.delivery, now=now), attempt)
    return len(lost)


async def _settle(office: PostOffice, held: Queued, attempt: Attempt) -> None:
    after = after_attempt(held.delivery, attempt, now=office.now(), rng=office.rng)
    await _store(office, held, after, attempt)


async def _store(office: PostOffice, held: Queued, after: Delivery, attempt: Attempt) -> None:
    """The result, with its announcement when it is final; nothing when the lease was lost meanwhile."""
    now = office.now()
    async with office.database.transaction(held.organisation) as connection:
        is_ours = await delivery_queue.settle(connection, held, after, attempt, now=now)
        fact = _fact(held, after, attempt)
        if is_ours and fact is not None:
            await _announce(connection, held, after, fact, now=now)


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


async def _announce(
    connection: Connection, held: Queued, after: Delivery, fact: Fact, *, now: datetime
) -> None:
    worker = Actor("gevinst-notifications", held.organisation, is_service=True)
    work = Work(connection, worker, now, new_id())
    record = recorded(work, fact, subject=subject_of("deliveries", held.id))
    was, became = ({"state": str(one.state), "attempts": one.attempts} for one in (held.delivery, after))
    await deliveries.announce(connection, record, before=was, after=became)
