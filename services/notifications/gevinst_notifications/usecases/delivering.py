"""Delivering what waits: claim, send, store each result while the lease still holds (A6, N5)."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Protocol, TypeVar

import asyncpg
from opentelemetry.metrics import get_meter

from gevinst_notifications.domain.deliveries import (
    Attempt,
    Channel,
    Outcome,
    after_attempt,
    after_lost_lease,
)
from gevinst_notifications.domain.destinations import LIMITS, is_ill
from gevinst_notifications.store import claims, delivery_queue
from gevinst_notifications.store.claims import Claim, Portion, Run
from gevinst_notifications.store.delivery_queue import Queued, Settled
from gevinst_notifications.usecases.settling import Done, Ledger, store_results
from gevinst_shared.db.engine import Database

T = TypeVar("T")
_ATTEMPTS = get_meter(__name__).create_counter(
    "gevinst.deliveries.attempts", "{attempt}", "Attempts to deliver, by channel and how they ended."
)

_log = logging.getLogger(__name__)


class Round(Protocol):
    """Some deliveries of one destination that are sent one after the other."""

    async def send(self, held: Queued) -> Attempt:
        """Send this delivery, and say how that ended; what receiver and network do is never raised.

        Every attempt at `held.delivery.key` sends the same content under the same identity. It must end
        within half of the lease. `Outcome.GONE` says that the address exists no more; `retry_after` when the
        receiver wants us back. The attempt is stored by the caller (`delivery_attempt`).
        """
        ...


class Sender(Protocol):
    """Sends on one channel. One object serves a worker for as long as it runs."""

    def begin(self, deliveries: Sequence[Queued], database: Database) -> Round:
        """What sends these, of one organisation and destination, in this order.

        No transaction is open meanwhile: the round opens `database.transaction(…)` for what must be read,
        for several of them at once, and closes it before anything is sent.
        """
        ...


Senders = Mapping[Channel, Sender]
"""The channels that are set up; deliveries on others wait."""


@dataclass(frozen=True)
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

    @cached_property
    def ledger(self) -> Ledger:
        """Where results are stored, those of all channels."""
        return Ledger(self.database, self.now, self.rng)


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
    sending = office.senders[channel].begin(run.deliveries, office.database)
    begins_until = office.now() + office.lease / 2
    was_ill, tried = run.failures > 0, 0
    storing: list[asyncio.Future[bool]] = []
    try:
        while waiting and office.now() < begins_until:
            held = waiting.pop()  # from here on the message may have left
            attempt, is_resting = await _undisturbed(
                _deliver(office, sending, held, storing, was_ill=was_ill)
            )
            was_ill = is_ill(attempt)
            tried += 1
            if is_resting or attempt.outcome is Outcome.LOST_BEFORE_DATA:
                break
            if waiting:
                await office.sleep(LIMITS[channel].every_seconds)
    finally:
        await _undisturbed(_end(office, storing, waiting))
    return tried


async def recover_lost(office: PostOffice) -> int:
    """Make due again, and mark, what dead workers had claimed; how many that were."""
    now = office.now()
    async with office.database.queue() as queue:
        lost = await delivery_queue.list_lost(queue, now=now, limit=office.batch)
    attempt = Attempt(Outcome.LOST_AFTER_DATA, text="the worker that had it is gone")
    of_each: dict[str, list[Settled]] = defaultdict(list)
    for held in lost:
        after = after_lost_lease(held.delivery, now=now)
        of_each[held.organisation].append(Settled(held, after, attempt))
    for organisation, done in of_each.items():
        async with office.database.transaction(organisation) as connection:
            await store_results(connection, organisation, done, now=now)
    return len(lost)


async def _deliver(
    office: PostOffice, sending: Round, held: Queued, storing: list[asyncio.Future[bool]], *, was_ill: bool
) -> tuple[Attempt, bool]:
    """Send it and store the result; whether its destination is to rest now.

    Where receivers know a repetition as one, the next is not held up: that all is well goes to `storing`.
    """
    attempt = await _attempt(sending, held)
    channel = held.delivery.key.channel
    _ATTEMPTS.add(1, {"channel": str(channel), "outcome": str(attempt.outcome)})
    after = after_attempt(held.delivery, attempt, now=office.now(), rng=office.rng)
    done = Done(Settled(held, after, attempt), was_ill=was_ill)
    stored = asyncio.ensure_future(office.ledger.settle(done))
    if LIMITS[channel].is_repeatable and not (was_ill or is_ill(attempt)):
        storing.append(stored)
        return attempt, False
    return attempt, await stored


async def _attempt(sending: Round, held: Queued) -> Attempt:
    """How sending it ended. What breaks in our own hands is given up, and can be replayed when mended."""
    try:
        return await sending.send(held)
    except (OSError, asyncpg.PostgresError):
        raise  # the database's: nothing was learned of the delivery
    except Exception:  # one delivery's fault must not hold up the others
        _log.exception("delivery broke here", extra={"delivery": str(held.id)})
        return Attempt(Outcome.PERMANENT, text="it broke on our side; see the log, and replay it then")


async def _end(office: PostOffice, storing: Sequence[asyncio.Future[bool]], left: Sequence[Queued]) -> None:
    """Wait until the results are stored, and give back what was not begun."""
    try:
        await asyncio.gather(*storing)
    finally:
        if left:
            async with office.database.queue() as queue:
                await delivery_queue.release(queue, left)


async def _undisturbed(work: Awaitable[T]) -> T:
    """The result of `work`, which is finished even when we are cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
