"""Sending a delivery as a mail to the person whom it is for."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gevinst_notifications.clients.mail_texts import Letter
from gevinst_notifications.clients.mime import AddressError, Envelope, Mail, composed
from gevinst_notifications.domain.addresses import is_mail_address_inside
from gevinst_notifications.domain.deliveries import Attempt, Outcome, message_id, thread_id
from gevinst_notifications.domain.erasing import without_addresses
from gevinst_notifications.domain.leaving import leaving_ticket
from gevinst_notifications.store import allowed_networks, mail_words, suppressions
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.store.mail_words import Words
from gevinst_notifications.usecases.suppressing import Undeliverable, suppress
from gevinst_notifications.usecases.writing import content_of, is_drawn, is_needed, thread_of, what_of
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id


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

    async def send(self, held: Queued, database: Database) -> Attempt:
        """Write the mail as the person would read it now, and hand it over."""
        async with database.transaction(held.organisation, read_only=True) as connection:
            words = await mail_words.find_words(connection, held)
            networks = await allowed_networks.list_networks(connection)
            address = "" if words is None else words.email or ""
            is_suppressed = await suppressions.is_suppressed(connection, address)
        if words is None or words.email is None:
            return Attempt(Outcome.PERMANENT, text="the person has no address")
        if is_mail_address_inside(words.email, networks):
            return Attempt(Outcome.PERMANENT, text="the person's address is not public")
        if is_suppressed:
            return Attempt(
                Outcome.PERMANENT, text="no mail is sent to the address: one was refused or came back"
            )
        try:
            # Drawing a picture takes as long as many mails: the others do not wait for it.
            write = asyncio.to_thread(self._message, held, words) if is_drawn(words) else None
            message = self._message(held, words) if write is None else await write
        except AddressError as error:
            return Attempt(Outcome.PERMANENT, text=str(error))
        attempt = await self.mail.send(message)
        attempt = replace(attempt, text=without_addresses(attempt.text, words.email))
        if attempt.outcome is Outcome.GONE:
            await self._suppress(held, words.email, attempt, database)
        return attempt

    async def _suppress(self, held: Queued, address: str, attempt: Attempt, database: Database) -> None:
        said = Undeliverable("refused", str(attempt.code), attempt.text, held.id, held.delivery.key.person_id)
        worker = Actor("gevinst-notifications", held.organisation, is_service=True)
        async with database.transaction(held.organisation) as connection:
            await suppress(Work(connection, worker, self.now(), new_id()), address, said)

    def _message(self, held: Queued, words: Words) -> Mail:
        """The mail in the person's language; the same identity at every attempt."""
        leave = self._leave(held.organisation, words)
        letter = Letter(words.name, words.organisation_name, self.record_url, leave, stays=is_needed(words))
        domain = self.sender.rpartition("@")[2]
        envelope = Envelope(
            sender=self.sender,
            sender_name=words.organisation_name,
            recipient=words.email or "",
            recipient_name=words.name,
            message_id=message_id(held.id, domain=domain),
            thread_id=thread_id(held.organisation, thread_of(words), domain=domain),
            list_id=f"gevinst.{domain}",
            sent_at=self.now(),
            may_be_duplicate=held.delivery.may_be_duplicate,
            leave=leave,
        )
        return composed(content_of(words, letter), envelope)

    def _leave(self, organisation: str, words: Words) -> str | None:
        """Where the reader stops such mails; None for what must be told, and without a key for tickets."""
        if self.leaving is None or is_needed(words):
            return None
        ticket = leaving_ticket(organisation, words.person_id, what_of(words), key=self.leaving.key)
        return f"{self.leaving.address}?ticket={ticket}"
