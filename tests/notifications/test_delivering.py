"""The whole way from an event to a mail, over a real SMTP server (N5)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from typing import Any

import pytest

from gevinst_notifications.clients.mail_pool import MailPool
from gevinst_notifications.clients.mime import Mail
from gevinst_notifications.clients.smtp import MailClient, mail_server
from gevinst_notifications.domain.deliveries import Attempt, Channel, Outcome, leased
from gevinst_notifications.store import claims, deliveries, delivery_queue
from gevinst_notifications.store.claims import Portion
from gevinst_notifications.store.delivery_queue import Queued, Settled
from gevinst_notifications.usecases.delivering import PostOffice, deliver_due, recover_lost
from gevinst_notifications.usecases.mailing import MailSender
from gevinst_shared.db.engine import Connection
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.notifications.world import World
from tests.support.smtp_server import DROP, OK, Mailbox, smtp_server

LEASE = timedelta(minutes=5)
RECORD_URL = "https://intranet.example.no/gevinst/{subject}"


@dataclass
class Clock:
    """Real time, moved on by hand."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@asynccontextmanager
async def post_office(
    world: World, mailbox: Mailbox, clock: Clock, *, seed: int = 1
) -> AsyncIterator[PostOffice]:
    async with smtp_server(mailbox) as port:
        server = mail_server(f"smtp://127.0.0.1:{port}")
        # Mails of several organisations leave at once, as they do from a worker.
        async with MailPool(server, size=1, timeout=5) as mail:
            yield PostOffice(
                world.database,
                {Channel.MAIL: MailSender(mail, "gevinst@example.no", clock, RECORD_URL)},
                now=clock,
                rng=Random(seed),
                lease=LEASE,
                batch=10,
            )


async def _states(world: World) -> list[dict[str, Any]]:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    items: list[dict[str, Any]] = (await office.get("/deliveries", params={"limit": 100})).json()["items"]
    return items


async def _events(world: World) -> list[dict[str, Any]]:
    admin = world.caller("admin", Role.ADMINISTRATOR)
    items: list[dict[str, Any]] = (await admin.get("/events", params={"limit": 100})).json()["items"]
    return items


async def _claimed(queue: Connection, now: datetime) -> list[Queued]:
    claim = await claims.claim(queue, Channel.MAIL, Portion(10, 10), now=now, lease=LEASE)
    return [held for run in claim.runs for held in run.deliveries]


def _ids(mailbox: Mailbox) -> Counter[str]:
    return Counter(str(message["Message-ID"]) for message in mailbox.messages)


async def test_each_reads_the_mail_in_their_language(world: World) -> None:
    mailbox = Mailbox()
    await world.hear(world.gate_decided(reason="Kostnaden har økt."))

    async with post_office(world, mailbox, Clock()) as office:
        assert await deliver_due(office) == 3
        assert await deliver_due(office) == 0

    by_person = {str(message["To"].addresses[0].addr_spec): message for message in mailbox.messages}
    assert {who: message["Content-Language"] for who, message in by_person.items()} == {
        "olga@example.no": "nb",
        "magnus@example.no": "da",
        "olle@example.no": "sv",
    }
    mail = by_person["olga@example.no"]
    assert mail["Subject"] == "BP3 for Digital post: stopp"
    assert mail["From"].addresses[0].display_name == "Oslo kommune"
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    assert "Kostnaden har økt." in part.get_content()
    assert f"https://intranet.example.no/gevinst/projects/{world.project_id}" in part.get_content()
    assert len({message["In-Reply-To"] for message in mailbox.messages}) == 1


async def test_what_was_sent_is_announced_with_its_delivery(world: World) -> None:
    await world.hear(world.gate_decided())

    async with post_office(world, Mailbox(), Clock()) as office:
        await deliver_due(office)

    states = await _states(world)
    assert {item["state"] for item in states} == {"sent"}
    assert all("sent_at" in item and "lease_until" not in item for item in states)
    said = await _events(world)
    assert {event["type"] for event in said} == {"gevinst.notifications.delivered.v1"}
    assert {event["data"]["delivery_id"] for event in said} == {item["id"] for item in states}


async def test_a_refused_recipient_is_given_up_and_announced(world: World) -> None:
    await world.hear(world.gate_decided())

    async with post_office(world, Mailbox(at_rcpt=["550 no such user"]), Clock()) as office:
        await deliver_due(office)

    dead = [item for item in await _states(world) if item["state"] == "dead"]
    assert [(item["last_code"], item["last_text"]) for item in dead] == [(550, "no such user")]
    failed = [event for event in await _events(world) if event["type"].endswith("failed.v1")]
    assert [event["data"]["delivery_id"] for event in failed] == [dead[0]["id"]]


async def test_an_address_that_is_none_is_given_up_without_asking_the_server(world: World) -> None:
    await world.hear(
        world.event(
            "person-changed",
            person_id=world.people["olga"],
            subject="olga",
            name="Olga",
            email="not an address",
        )
    )
    await world.hear(world.gate_decided())

    async with post_office(world, Mailbox(), Clock()) as office:
        await deliver_due(office)

    assert Counter(item["state"] for item in await _states(world)) == {"sent": 2, "dead": 1}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_lost_however_the_server_fails(world: World, seed: int) -> None:
    """Every mail arrives; a second copy only where the answer was lost, with the same id, and marked."""
    rng = Random(seed)
    faults = ["451 later", "421 busy", DROP]
    mailbox = Mailbox(
        at_rcpt=[rng.choice([OK, OK, *faults]) for _ in range(40)],
        at_data=[rng.choice([OK, OK, *faults]) for _ in range(40)],
    )
    lost_answers = mailbox.at_data.count(DROP)
    clock = Clock()
    await world.hear(*(world.gate_decided() for _ in range(10)))

    async with post_office(world, mailbox, clock, seed=seed) as office:
        for _ in range(200):
            await recover_lost(office)
            await deliver_due(office)
            clock.ahead += timedelta(minutes=20)
            states = Counter(item["state"] for item in await _states(world))
            if set(states) <= {"sent", "dead"}:
                break

    # Eight failures in a row would be given up; with these odds nobody is.
    assert states == {"sent": 30}
    sent = _ids(mailbox)
    assert len(sent) == 30
    assert sum(sent.values()) - 30 <= lost_answers
    for message_id, count in sent.items():
        copies = [message for message in mailbox.messages if message["Message-ID"] == message_id]
        assert [message["Gevinst-Possible-Duplicate"] for message in copies][1:] == ["yes"] * (count - 1)


async def test_two_workers_at_once_send_each_mail_once(world: World) -> None:
    mailbox = Mailbox()
    await world.hear(*(world.gate_decided() for _ in range(20)))

    async def drain(office: PostOffice) -> None:
        while await deliver_due(office):
            pass

    async with (
        post_office(world, mailbox, Clock()) as first,
        post_office(world, mailbox, Clock()) as second,
    ):
        await asyncio.gather(drain(first), drain(second))

    assert len(mailbox.messages) == len(_ids(mailbox)) == 60


async def test_a_claim_is_what_the_domain_calls_a_lease(world: World) -> None:
    await world.hear(world.gate_decided())
    now = utc_now()

    async with world.database.transaction(world.organisation) as connection:
        rows = await connection.fetch("SELECT id FROM delivery ORDER BY id")
        waiting = {row["id"]: (await deliveries.get_delivery(connection, row["id"])).delivery for row in rows}
    async with world.database.queue() as queue:
        claimed = await _claimed(queue, now)

    assert {one.id: one.delivery for one in claimed} == {
        id_: leased(delivery, now=now, lease=LEASE) for id_, delivery in waiting.items()
    }


async def test_a_worker_that_lost_its_lease_changes_nothing_any_more(world: World) -> None:
    """N5: the fence. The second worker's result stands."""
    mailbox, clock = Mailbox(), Clock()
    await world.hear(world.gate_decided())
    async with world.database.queue() as queue:
        now = clock()
        claimed = await _claimed(queue, now)
    clock.ahead = LEASE + timedelta(seconds=1)

    async with post_office(world, mailbox, clock) as office:
        assert await recover_lost(office) == 3
        assert await deliver_due(office) == 3
    async with world.database.transaction(world.organisation) as connection:
        held = claimed[0]
        lost = Settled(held, held.delivery, Attempt(Outcome.TEMPORARY))
        ours = await delivery_queue.settle_all(connection, world.organisation, [lost], now=clock())

    assert not ours
    assert {(item["state"], item["attempts"]) for item in await _states(world)} == {("sent", 2)}
    assert {message["Gevinst-Possible-Duplicate"] for message in mailbox.messages} == {"yes"}


async def test_what_a_stopped_worker_had_not_begun_is_given_back_unmarked(world: World) -> None:
    await world.hear(world.gate_decided())

    class Stopped:
        async def send(self, message: Mail) -> Attempt:
            raise asyncio.CancelledError

    async with post_office(world, Mailbox(), Clock()) as office:
        stopped = PostOffice(
            world.database,
            {Channel.MAIL: MailSender(Stopped(), "gevinst@example.no", office.now)},
            now=office.now,
            rng=office.rng,
            lease=LEASE,
        )
        with pytest.raises(asyncio.CancelledError):
            await deliver_due(stopped)

    states = Counter((item["state"], item["attempts"]) for item in await _states(world))
    assert states == {("leased", 1): 1, ("pending", 0): 2}


async def test_a_server_that_is_away_costs_one_attempt_a_round(world: World) -> None:
    await world.hear(world.gate_decided())
    async with MailClient(mail_server("smtp://127.0.0.1:1"), timeout=1) as mail:
        office = PostOffice(
            world.database,
            {Channel.MAIL: MailSender(mail, "gevinst@example.no", utc_now)},
            now=utc_now,
            rng=Random(1),
            lease=LEASE,
        )

        assert await deliver_due(office) == 1

    assert Counter(item["attempts"] for item in await _states(world)) == {1: 1, 0: 2}


async def test_a_mail_address_that_leads_inside_is_written_to_only_when_that_is_allowed(world: World) -> None:
    """OWASP API7, for mail: the server is not made to speak to machines of the house."""
    mailbox = Mailbox()
    olga: dict[str, Any] = {
        "person_id": world.people["olga"],
        "subject": "olga",
        "name": "Olga",
        "email": "olga@[127.0.0.1]",
    }
    await world.hear(world.event("person-changed", **olga), world.gate_decided())

    async with post_office(world, mailbox, Clock()) as office:
        await deliver_due(office)
        refused = {item["last_text"] for item in await _states(world) if item["state"] == "dead"}
        admin = world.caller("admin", Role.ADMINISTRATOR)
        await admin.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "Drift"})
        await world.hear(world.gate_decided())
        await deliver_due(office)

    assert refused == {"the person's address is not public"}
    assert Counter(mailbox.recipients)["olga@[127.0.0.1]"] == 1
