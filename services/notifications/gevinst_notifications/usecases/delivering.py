"""Delivering what waits: claim, send one message at a time, store each result behind a fence (A6, N5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from typing import Protocol

from gevinst_notifications.clients.mail_texts import Letter, catalogues, mail_content
from gevinst_notifications.clients.mime import AddressError, Envelope, composed
from gevinst_notifications.domain.deliveries import (
    Attempt,
    Delivery,
    DeliveryState,
    Outcome,
    after_attempt,
    after_lost_lease,
    message_id,
    thread_id,
)
from gevinst_notifications.domain.messages import notice
from gevinst_notifications.domain.rules import Reason
from gevinst_notifications.domain.wording import language_of, worded
from gevinst_notifications.events.deliveries import Delivered, Failed
from gevinst_notifications.store import deliveries, delivery_queue, mail_words
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.store.mail_words import Words
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id


class Mail(Protocol):
    """Hands one message over, and says how that ended."""

    async def send(self, message: EmailMessage) -> Attempt: ...


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What delivering needs. `sender` is the address that mails come from.

    A send must end within half of `lease`: none is begun in the lease's second half.
    """

    database: Database
    mail: Mail
    sender: str
    now: Callable[[], datetime]
    rng: Random
    lease: timedelta
    batch: int = 50
    record_url: str | None = None


async def deliver_due(office: PostOffice) -> int:
    """Claim what is due and try each once; how many were tried.

    What was claimed and not begun is given back, also when the worker is stopped in the middle. When the
    mail server is lost the rest of the batch is not tried on it.
    """
    now = office.now()
    async with office.database.queue() as queue:
        waiting = await delivery_queue.claim(
            queue, now=now, lease_until=now + office.lease, limit=office.batch
        )
    waiting.sort(key=lambda held: held.delivery.due_at, reverse=True)
    tried = 0
    try:
        while waiting and office.now() < now + office.lease / 2:
            held = waiting.pop()  # from here on the message may have left
            attempt = await _try(office, held)
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


async def _try(office: PostOffice, held: Queued) -> Attempt:
    async with office.database.transaction(held.organisation, read_only=True) as connection:
        words = await mail_words.find_words(connection, held)
    if words is None or words.email is None:
        return Attempt(Outcome.PERMANENT, text="the person has no address")
    try:
        message = _message(office, held, words)
    except AddressError as error:
        return Attempt(Outcome.PERMANENT, text=str(error))
    return await office.mail.send(message)


def _message(office: PostOffice, held: Queued, words: Words) -> EmailMessage:
    """The mail in the person's language; the same identity at every attempt."""
    told = notice(words.event)
    assert told is not None
    catalogue = catalogues()[language_of(words.language)]
    read = worded(told, catalogue, reasons=[Reason(reason) for reason in words.reasons])
    subject = words.event.subject
    link = None if office.record_url is None else office.record_url.replace("{subject}", subject)
    letter = Letter(words.name, words.organisation_name, link)
    domain = office.sender.rpartition("@")[2]
    envelope = Envelope(
        sender=office.sender,
        sender_name=words.organisation_name,
        recipient=words.email or "",
        recipient_name=words.name,
        message_id=message_id(held.delivery.key, domain=domain),
        thread_id=thread_id(held.organisation, subject, domain=domain),
        list_id=f"gevinst.{domain}",
        sent_at=office.now(),
        may_be_duplicate=held.delivery.may_be_duplicate,
    )
    return composed(mail_content(read, letter, catalogue=catalogue), envelope)


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
