"""Sending a delivery as a mail to the person whom it is for."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gevinst_notifications.clients.mail_texts import Letter
from gevinst_notifications.clients.mime import AddressError, Envelope, Mail, composed
from gevinst_notifications.domain.addresses import is_mail_address_inside
from gevinst_notifications.domain.deliveries import Attempt, Outcome, message_id, thread_id
from gevinst_notifications.domain.erasing import without_addresses
from gevinst_notifications.domain.leaving import leaving_ticket
from gevinst_notifications.store import mail_words
from gevinst_notifications.store.allowed_networks import NETWORKS
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.store.mail_words import Words
from gevinst_notifications.usecases.reading_ahead import ReadAhead
from gevinst_notifications.usecases.suppressing import Undeliverable, suppress
from gevinst_notifications.usecases.writing import Written, is_drawn, is_needed, thread_of, what_of
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import Network


class Postman(Protocol):
    """Hands one message over, and says how that ended."""

    async def send(self, message: Mail) -> Attempt: ...


@dataclass(frozen=True, slots=True)
class LeavingDesk:
    """Where people stop mails of a kind (RFC 8058), and the key that makes their tickets."""

    address: str
    key: bytes


@dataclass(frozen=True, slots=True)
class MailSender:
    """The sender of `Channel.MAIL`. `sender` is the address that mails come from."""

    mail: Postman
    sender: str
    now: Callable[[], datetime]
    record_url: str | None = None
    leaving: LeavingDesk | None = None

    def begin(self, deliveries: Sequence[Queued], database: Database) -> "MailRound":
        return MailRound(self, deliveries, database)


class MailRound:
    """Sends several mails one after the other, each as its reader would read it now."""

    def __init__(self, sender: MailSender, deliveries: Sequence[Queued], database: Database) -> None:
        self._sender = sender
        self._database = database
        self._words = ReadAhead(deliveries, self._read, sender.now)
        self._networks: Sequence[Network] = ()
        self._written = Written()

    async def send(self, held: Queued) -> Attempt:
        """Write the mail, and hand it over."""
        words = await self._words.of(held)
        if words is None or words.email is None:
            return Attempt(Outcome.PERMANENT, text="the person has no address")
        if is_mail_address_inside(words.email, self._networks):
            return Attempt(Outcome.PERMANENT, text="the person's address is not public")
        if words.is_suppressed:
            return Attempt(
                Outcome.PERMANENT, text="no mail is sent to the address: one was refused or came back"
            )
        try:
            # Drawing a picture takes as long as many mails: the others do not wait for it.
            write = asyncio.to_thread(self._mail, held, words) if is_drawn(words) else None
            mail = self._mail(held, words) if write is None else await write
        except AddressError as error:
            return Attempt(Outcome.PERMANENT, text=str(error))
        attempt = await self._sender.mail.send(mail)
        attempt = replace(attempt, text=without_addresses(attempt.text, words.email))
        if attempt.outcome is Outcome.GONE:
            await self._suppress(held, words.email, attempt)
        return attempt

    async def _read(self, deliveries: Sequence[Queued]) -> Mapping[UUID, Words]:
        self._written = Written()
        async with self._database.transaction(deliveries[0].organisation, read_only=True) as connection:
            self._networks = await NETWORKS.list_all(connection)
            return await mail_words.find_words(connection, deliveries)

    async def _suppress(self, held: Queued, address: str, attempt: Attempt) -> None:
        said = Undeliverable("refused", str(attempt.code), attempt.text, held.id, held.delivery.key.person_id)
        worker = Actor("gevinst-notifications", held.organisation, is_service=True)
        async with self._database.transaction(held.organisation) as connection:
            await suppress(Work(connection, worker, self._sender.now(), new_id()), address, said)
        self._words.forget()

    def _mail(self, held: Queued, words: Words) -> Mail:
        """The mail in the person's language; the same identity at every attempt."""
        sender = self._sender
        leave = self._leave(held.organisation, words)
        letter = Letter(words.name, words.organisation_name, sender.record_url, leave, stays=is_needed(words))
        domain = sender.sender.rpartition("@")[2]
        envelope = Envelope(
            sender=sender.sender,
            sender_name=words.organisation_name,
            recipient=words.email or "",
            recipient_name=words.name,
            message_id=message_id(held.id, domain=domain),
            thread_id=thread_id(held.organisation, thread_of(words), domain=domain),
            list_id=f"gevinst.{domain}",
            sent_at=sender.now(),
            may_be_duplicate=held.delivery.may_be_duplicate,
            leave=leave,
        )
        return composed(self._written.content_of(words, letter), envelope)

    def _leave(self, organisation: str, words: Words) -> str | None:
        """Where the reader stops such mails; None for what must be told, and without a key for tickets."""
        desk = self._sender.leaving
        if desk is None or is_needed(words):
            return None
        ticket = leaving_ticket(organisation, words.person_id, what_of(words), key=desk.key)
        return f"{desk.address}?ticket={ticket}"
