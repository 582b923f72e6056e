"""N5 with real processes: workers die by SIGKILL at random while servers fail at random."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import SupportsIndex

import pytest

from gevinst_shared.values.actor import Role
from tests.notifications.workers import Workers
from tests.notifications.world import World
from tests.support.http_receiver import Receiver, http_receiver
from tests.support.installation import Installation
from tests.support.smtp_server import DROP, HANG, OK, Mailbox, smtp_server
from tests.support.waiting import until

EVENTS = 250  # twenty mails and twenty webhooks each
PEOPLE = 20
ENDPOINTS = 20
KILLS = 6
CONNECTIONS = 2
AT_RCPT = ("450 greylisted", "421 busy", DROP)
AT_DATA = ("451 later", "452 full", DROP, HANG)
AT_HTTP = ("500 Broken", "503 Busy", "429 Slowly", "drop", "refuse", "hang")
LEASE_SECONDS = "6"  # a twelfth of it is what a client waits for an answer


class Odds(list[str]):
    """A script without end: mostly `usual`, now and then one of `faults`."""

    def __init__(self, rng: Random, usual: str, faults: Sequence[str], *, share: float) -> None:
        super().__init__()
        self._rng, self._usual, self._faults, self._share = rng, usual, faults, share
        self.played: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return True

    def pop(self, _index: SupportsIndex = -1) -> str:
        play = self._rng.choice(self._faults) if self._rng.random() < self._share else self._usual
        self.played[play] += 1
        return play


@dataclass
class Torment:
    """Kills a worker every second or so and starts another, and makes what waits due at once."""

    world: World
    workers: Workers
    rng: Random

    async def go_on(self) -> None:
        for _ in range(KILLS):
            await asyncio.sleep(self.rng.uniform(0.5, 2.5))
            await self.workers.start()
            await self.workers.kill(self.rng)

    async def hurry(self) -> None:
        """The waits between attempts are long for the days, and short for a test."""
        while True:
            await asyncio.sleep(0.5)
            async with self.world.database.transaction(self.world.organisation) as connection:
                await connection.execute(
                    "UPDATE delivery SET due_at = now() WHERE state IN ('pending', 'failed', 'unknown')"
                    " AND due_at > now()"
                )
                await connection.execute("UPDATE breaker SET open_until = now() WHERE open_until > now()")

    async def is_over(self) -> bool:
        """Nothing waits, and nobody has anything in hand."""
        return set(await _states(self.world)) <= {"sent", "dead"}


async def _states(world: World) -> Counter[str]:
    async with world.database.transaction(world.organisation, read_only=True) as connection:
        rows = await connection.fetch("SELECT state, count(*) AS count FROM delivery GROUP BY state")
    return Counter({row["state"]: row["count"] for row in rows})


def _environment(installation: Installation, port: int) -> dict[str, str]:
    return {
        **installation.environment("notifications"),
        "GEVINST_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "GEVINST_MAIL_FROM": "gevinst@example.no",
        "GEVINST_DELIVERY_LEASE_SECONDS": LEASE_SECONDS,
        "GEVINST_DELIVERY_BATCH": "20",
        "GEVINST_DELIVERY_CONNECTIONS": str(CONNECTIONS),
    }


async def _many_receivers(world: World, port: int) -> None:
    """Twenty people who hear of gates by mail, and as many webhooks on one receiver."""
    for number in range(PEOPLE - 3):
        await world.person(f"office{number}", language="nb")
        await world.role(f"office{number}", Role.PORTFOLIO_OFFICE, "organisation")
    admin = world.caller("admin", Role.ADMINISTRATOR)
    await admin.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "The receiver is here."})
    for number in range(ENDPOINTS):
        body = {
            "channel": "webhook",
            "name": f"Bus {number}",
            "address": f"http://127.0.0.1:{port}/hooks/{number}",
            "event_types": ["*.gate-decided.v1"],
        }
        answer = await admin.post("/endpoints", json=body)
        assert answer.status_code == 201, answer.text


@pytest.mark.slow
async def test_ten_thousand_messages_survive_servers_that_fail_and_workers_that_die(
    world: World, installation: Installation
) -> None:
    rng = Random(20261122)
    at_rcpt, at_data = Odds(rng, OK, AT_RCPT, share=0.02), Odds(rng, OK, AT_DATA, share=0.02)
    mailbox = Mailbox(at_rcpt=at_rcpt, at_data=at_data)
    receiver = Receiver(script=Odds(rng, "204 No Content", AT_HTTP, share=0.04))
    async with smtp_server(mailbox) as smtp_port, http_receiver(receiver) as http_port:
        await _many_receivers(world, http_port)
        await world.hear(*(world.gate_decided() for _ in range(EVENTS)))
        torment = Torment(world, Workers(_environment(installation, smtp_port)), rng)
        hurrying = asyncio.create_task(torment.hurry())
        try:
            for _ in range(2):
                await torment.workers.start()
            await torment.go_on()
            await until(torment.is_over, seconds=400, every=0.5)
        finally:
            hurrying.cancel()
            await torment.workers.stop()

    # None lost: every one was sent, and every receiver has it.
    assert await _states(world) == {"sent": EVENTS * (PEOPLE + ENDPOINTS)}
    got = {(request.target, request.headers["webhook-id"]) for request in receiver.requests}
    assert len(got) == EVENTS * ENDPOINTS
    # No webhook id ever came with two contents, to whichever endpoint and however often.
    said = {(request.headers["webhook-id"], request.content) for request in receiver.requests}
    assert len(said) == len({webhook_id for webhook_id, _ in said}) == EVENTS
    # No mail came twice except where the server took it and died, or a worker died with it in hand; and
    # whoever gets a second copy can see that it may be one.
    copies = defaultdict(list)
    for message in mailbox.messages:
        copies[str(message["Message-ID"])].append(message["Gevinst-Possible-Duplicate"])
    assert len(copies) == EVENTS * PEOPLE
    twice = len(mailbox.messages) - len(copies)
    assert twice <= at_data.played[DROP] + torment.workers.kills * CONNECTIONS
    assert all(mark == "yes" for marks in copies.values() for mark in marks[1:])
    assert torment.workers.kills == KILLS


@pytest.mark.slow
async def test_two_worker_processes_share_the_queue_without_double(
    world: World, installation: Installation
) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox) as port:
        # Nobody dies here, so a busy machine has all the time that it needs to answer.
        patient = {"GEVINST_DELIVERY_LEASE_SECONDS": "300"}
        workers = Workers(_environment(installation, port) | patient)
        try:
            await workers.start()
            await workers.start()
            await world.hear(*(world.gate_decided() for _ in range(100)))
            torment = Torment(world, workers, Random(1))
            await until(torment.is_over)
        finally:
            await workers.stop()

    found = Counter(str(message["Message-ID"]) for message in mailbox.messages)
    assert (len(found), len(mailbox.messages)) == (300, 300)
    assert [process.returncode for process in workers.running] == [0, 0]
