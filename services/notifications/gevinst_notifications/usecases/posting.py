"""Sending a delivery to an endpoint: a signed fact to a webhook, a worded notice to a chat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gevinst_notifications.clients.answers import attempt_of
from gevinst_notifications.clients.envelopes import JSON_HEADERS, webhook_content, webhook_headers
from gevinst_notifications.clients.mail_texts import catalogues
from gevinst_notifications.clients.safe import NotOpenedError, Safe
from gevinst_notifications.domain.cards import (
    Post,
    mattermost_message,
    plain_message,
    post_of,
    slack_message,
    teams_message,
)
from gevinst_notifications.domain.deliveries import Attempt, Channel, Outcome
from gevinst_notifications.domain.endpoints import EndpointState
from gevinst_notifications.domain.messages import BrokenFactError, notice
from gevinst_notifications.domain.wording import language_of, one_line, shortened, worded
from gevinst_notifications.events.endpoints import EndpointTested
from gevinst_notifications.store import endpoints, outgoing
from gevinst_notifications.store.allowed_networks import NETWORKS
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.store.endpoints import Target
from gevinst_notifications.store.outgoing import Outgoing
from gevinst_notifications.usecases.connecting import address_of
from gevinst_notifications.usecases.disabling import note_attempt
from gevinst_notifications.usecases.reading_ahead import ReadAhead
from gevinst_notifications.usecases.signing import secret_of
from gevinst_shared.db.engine import Database
from gevinst_shared.http.outside import AnswerLostError, NotPublicError, NotReachedError, Outside
from gevinst_shared.values.networks import Network
from gevinst_shared.values.typed_addresses import OddAddress, typed_address

_LONGEST_FOOTER = 200
_CHATS: Mapping[Channel, Callable[[Post], bytes]] = {
    Channel.TEAMS: teams_message,
    Channel.SLACK: slack_message,
    Channel.MATTERMOST: mattermost_message,
}

_LOST: Mapping[type[Exception], Outcome] = {
    NotPublicError: Outcome.PERMANENT,
    NotReachedError: Outcome.LOST_BEFORE_DATA,
    AnswerLostError: Outcome.LOST_AFTER_DATA,
}


class Exotic(Protocol):
    """Hands a message to a service that is none of ours, in a process of its own."""

    async def send(self, address: str, title: str, text: str, *, allowed: Sequence[Network]) -> Attempt: ...


@dataclass(frozen=True, slots=True)
class EndpointSender:
    """The sender of every channel that leads to endpoints. Without `exotic` there is no `apprise`."""

    outside: Outside
    safe: Safe
    now: Callable[[], datetime]
    record_url: str | None = None
    exotic: Exotic | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What it can send on here."""
        exotic = () if self.exotic is None else (Channel.APPRISE,)
        return (Channel.WEBHOOK, *_CHATS, *exotic)

    def begin(self, deliveries: Sequence[Queued], database: Database) -> "EndpointRound":
        return EndpointRound(self, deliveries, database)


class EndpointRound:
    """Tells endpoints of one host several facts, one after the other."""

    def __init__(self, sender: EndpointSender, deliveries: Sequence[Queued], database: Database) -> None:
        self._sender = sender
        self._database = database
        self._calls = ReadAhead(deliveries, self._read, sender.now)

    async def send(self, held: Queued) -> Attempt:
        """Make the message as it must be now, hand it over, and note how the endpoint fares."""
        now = self._sender.now()
        call = await self._calls.of(held)
        if call is None:
            return Attempt(Outcome.PERMANENT, text="the endpoint, or the fact, is kept no longer")
        state = call.target.state
        if state is not EndpointState.ACTIVE and call.fact.event.type != EndpointTested.type:
            return Attempt(Outcome.PERMANENT, text=f"the endpoint is {state}")
        try:
            attempt = await call.made(now)
        except NotOpenedError:
            return Attempt(Outcome.TEMPORARY, text="the key that the address was sealed with is not here")
        except (BrokenFactError, OddAddress):
            # Kept by an earlier version, which read it in another way.
            return Attempt(Outcome.PERMANENT, text="what was kept cannot be read any more")
        noted = await note_attempt(
            self._database, held.organisation, call.target, attempt, now=self._sender.now()
        )
        if noted:
            self._calls.forget()
        return attempt

    async def _read(self, deliveries: Sequence[Queued]) -> "Mapping[UUID, _Call]":
        keys = {one.id: one.delivery.key for one in deliveries}
        async with self._database.transaction(deliveries[0].organisation, read_only=True) as connection:
            targets = await endpoints.find_targets(
                connection, {key.person_id for key in keys.values()}, now=self._sender.now()
            )
            facts = await outgoing.find(connection, {key.event_id for key in keys.values()})
            networks = await NETWORKS.list_all(connection)
        return {
            delivery_id: _Call(self._sender, targets[key.person_id], facts[key.event_id], networks)
            for delivery_id, key in keys.items()
            if key.person_id in targets and key.event_id in facts
        }


@dataclass(frozen=True, slots=True)
class _Call:
    """One attempt to tell one endpoint one fact."""

    sender: EndpointSender
    target: Target
    fact: Outgoing
    networks: Sequence[Network] = field(default_factory=tuple)

    async def made(self, now: datetime) -> Attempt:
        if self.target.channel is Channel.APPRISE:
            return await self._handed_over()
        content, headers = self._message(now)
        address = typed_address(self._address)
        try:
            answer = await self.sender.outside.post(address, content, headers=headers, allowed=self.networks)
        except (NotPublicError, NotReachedError, AnswerLostError) as error:
            return Attempt(_LOST[type(error)], text=one_line(str(error))[:200])
        return attempt_of(self.target.channel, answer, now=now)

    async def _handed_over(self) -> Attempt:
        if self.sender.exotic is None:
            return Attempt(Outcome.TEMPORARY, text="the extra `apprise` is not installed here")
        title, text = plain_message(self._post())
        return await self.sender.exotic.send(self._address, title, text, allowed=self.networks)

    def _message(self, now: datetime) -> tuple[bytes, Mapping[str, str]]:
        if self.target.channel is not Channel.WEBHOOK:
            return _CHATS[self.target.channel](self._post()), JSON_HEADERS
        organisation = self.fact.event.organisation
        secrets = [
            self.sender.safe.open(sealed, about=secret_of(organisation, key_id))
            for key_id, sealed in self.target.secrets
        ]
        content = webhook_content(self.fact.event)
        return content, webhook_headers(self.fact.event, content, secrets, now=now)

    def _post(self) -> Post:
        """What the chat is told, in the endpoint's language."""
        event = replace(self.fact.event, data={**self.fact.names, **self.fact.event.data})
        catalogue = catalogues()[language_of(self.target.language)]
        footer = shortened(f"Gevinst · {self.target.organisation_name}", _LONGEST_FOOTER)
        url = self.sender.record_url
        link = None if url is None else url.replace("{subject}", event.subject)
        told = notice(event)
        if told is not None:
            return post_of(worded(told, catalogue, reasons=[]), footer=footer, link=link)
        title, lead = catalogue.phrases["test_title"], catalogue.phrases["test_lead"]
        return Post(title, lead.format(name=one_line(self.target.name)), (), title, footer)

    @property
    def _address(self) -> str:
        about = address_of(self.fact.event.organisation, self.target.id)
        return self.sender.safe.open(self.target.sealed_address, about=about)
