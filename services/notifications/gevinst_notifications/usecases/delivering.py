"""Delivering what waits: claim, send, store each result while the lease still holds (A6, N5)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol, TypeVar

import asyncpg
from opentelemetry.metrics import get_meter

from gevinst_notifications.domain.deliveries import (
    Attempt,
    Channel,
    Delivery,
    DeliveryState,
    Outcome,
    after_attempt,
    after_lost_lease,
)
from gevinst_notifications.domain.destinations import LIMITS, is_ill, is_well, rest
from gevinst_notifications.events.deliveries import Delivered, Failed
from gevinst_notifications.store import claims, deliveries, delivery_queue, destinations
from gevinst_notifications.store.claims import Claim, Portion, Run
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

T = TypeVar("T")
_ATTEMPTS = get_meter(__name__).create_counter(
    "gevinst.deliveries.attempts", "{attempt}", "Attempts to deliver, by channel and how they ended."
)
_log = logging.getLogger(__name__)


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
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def deliver_due(office: PostOffice) -> int:
    """Claim what is due on every channel once, and try it; how many deliveries were tried."""
    portion = Portion(office.batch, office.batch)
    claimed = [await claim_due(office, channel, portion) for channel in office.senders]
    return sum(await asyncio.gather(*(deliver_run(office, run) for claim in claimed for run in claim.runs)))


async def claim_due(office: PostOffice, channel: Channel, portion: Portion) -> Claim:
    """Lease a portion of what is due on the channel: deliver it at once."""
    async with office.database.queue() as queue:
        return await claims.claim(queue, channel, portion, now=office.now(), lease=office.lease)


async def deliver_run(office: PostOffice, run: Run) -> int:
    """Send one destination's deliveries one after the other; how many were tried.

    When the destination is lost, or is to rest, the others are given back as if they had not been claimed;
    also when the worker is stopped, which waits for the one that it has in hand.
    """
    waiting = list(reversed(run.deliveries))
    channel = run.deliveries[0].delivery.key.channel
    begins_until = office.now() + office.lease / 2
    was_ill, tried = run.failures > 0, 0
    try:
        while waiting and office.now() < begins_until:
            held = waiting.pop()  # from here on the message may have left
            attempt, is_resting = await _undisturbed(_deliver(office, held, was_ill=was_ill))
            was_ill = is_ill(attempt)
            tried += 1
            if is_resting or attempt.outcome is Outcome.LOST_BEFORE_DATA:
                break
            if waiting:
                await office.sleep(LIMITS[channel].every_seconds)
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
        async with office.database.transaction(held.organisation) as connection:
            after = after_lost_lease(held.delivery, now=now)
            await _settle(connection, held, after, attempt, now=now)
    return len(lost)


async def _deliver(office: PostOffice, held: Queued, *, was_ill: bool) -> tuple[Attempt, bool]:
    """Send it and store the result; whether its destination is to rest now."""
    attempt = await _attempt(office, held)
    channel = str(held.delivery.key.channel)
    _ATTEMPTS.add(1, {"channel": channel, "outcome": str(attempt.outcome)})
    now = office.now()
    after = after_attempt(held.delivery, attempt, now=now, rng=office.rng)
    async with office.database.transaction(held.organisation) as connection:
        await _settle(connection, held, after, attempt, now=now)
        if is_ill(attempt):
            return attempt, await _rests(connection, office, held, attempt, now=now)
        if was_ill and is_well(attempt):
            await destinations.recover(connection, held)
        return attempt, False


async def _attempt(office: PostOffice, held: Queued) -> Attempt:
    """How sending it ended. What breaks in our own hands is given up, and can be replayed when mended."""
    try:
        return await office.senders[held.delivery.key.channel].send(held, office.database)
    except (OSError, asyncpg.PostgresError):
        raise  # the database's: nothing was learned of the delivery
    except Exception:  # one delivery's fault must not hold up the others
        _log.exception("delivery broke here", extra={"delivery": str(held.id)})
        return Attempt(Outcome.PERMANENT, text="it broke on our side; see the log, and replay it then")


async def _rests(
    connection: Connection, office: PostOffice, held: Queued, attempt: Attempt, *, now: datetime
) -> bool:
    failures = await destinations.count_failure(connection, held, now=now)
    if failures is None:
        return True
    for_ = rest(failures, attempt, rng=office.rng)
    if for_ is None:
        return False
    await destinations.rest(connection, held, until=now + for_)
    return True


async def _settle(
    connection: Connection, held: Queued, after: Delivery, attempt: Attempt, *, now: datetime
) -> None:
    """The result, with its announcement when it is final; nothing when the lease was lost meanwhile."""
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


async def _undisturbed(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is finished even when we are cancelled meanwhile."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
