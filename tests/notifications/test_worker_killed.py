"""N5 with real processes: workers die by SIGKILL at random while they send."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from random import Random

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from gevinst_shared.db.engine import Database
from tests.notifications.world import World
from tests.support.installation import Installation
from tests.support.smtp_server import Mailbox, smtp_server
from tests.support.waiting import until

EVENTS = 100  # three mails each
KILLS = 6
CONNECTIONS = 2
LEASE_SECONDS = "6"  # a twelfth of it is what the mail client waits for an answer


@dataclass
class KillingMailbox(Mailbox):
    """Takes every message, and tells when one has come."""

    on_message: Callable[[int], None] = lambda count: None
    delay: float = 0.0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = await super().handle_DATA(server, session, envelope)
        self.on_message(len(self.messages))
        await asyncio.sleep(self.delay)
        return reply


@dataclass
class Workers:
    """`python -m gevinst_notifications work`, as many times as wanted."""

    environment: dict[str, str]
    running: list[Process] = field(default_factory=list)

    async def start(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gevinst_notifications",
            "work",
            env={**os.environ, **self.environment},
            stderr=DEVNULL,
        )
        self.running.append(process)
        return process

    async def stop(self) -> None:
        for process in self.running:
            if process.returncode is None:
                process.terminate()
        for process in self.running:
            await process.wait()


def _environment(installation: Installation, port: int) -> dict[str, str]:
    return {
        **installation.environment("notifications"),
        "GEVINST_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "GEVINST_MAIL_FROM": "gevinst@example.no",
        "GEVINST_DELIVERY_LEASE_SECONDS": LEASE_SECONDS,
        "GEVINST_DELIVERY_BATCH": "20",
        "GEVINST_DELIVERY_CONNECTIONS": str(CONNECTIONS),
    }


async def _states(database: Database, organisation: str) -> Counter[str]:
    async with database.transaction(organisation, read_only=True) as connection:
        rows = await connection.fetch("SELECT state, count(*) AS count FROM delivery GROUP BY state")
    return Counter({row["state"]: row["count"] for row in rows})


async def _all_sent(world: World) -> None:
    async def is_so() -> bool:
        return await _states(world.database, world.organisation) == {"sent": 3 * EVENTS}

    await until(is_so, seconds=90)


@dataclass
class Killer:
    """Kills the youngest worker: in the middle of a message (the server has it, the worker has no
    answer yet), or anywhere."""

    workers: Workers
    rng: Random
    kills: int = 0

    def on_message(self, _count: int) -> None:
        victim = self.workers.running[-1]
        if self.rng.random() < 0.03 and self.kills < KILLS and victim.returncode is None:
            victim.kill()
            self.kills += 1

    async def torment(self) -> None:
        """Start workers one after the other until enough have died."""
        while self.kills < KILLS:
            process = await self.workers.start()
            await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=self.rng.uniform(1, 4))
            if process.returncode is None:
                process.kill()
                self.kills += 1
                await process.wait()


@pytest.mark.slow
async def test_workers_killed_at_random_lose_nothing_and_mark_what_they_repeat(
    world: World, installation: Installation
) -> None:
    mailbox = KillingMailbox(delay=0.002)
    await world.hear(*(world.gate_decided() for _ in range(EVENTS)))
    async with smtp_server(mailbox) as port:
        killer = Killer(Workers(_environment(installation, port)), Random(20261121))
        mailbox.on_message = killer.on_message
        try:
            await killer.torment()
            await killer.workers.start()
            await _all_sent(world)
        finally:
            await killer.workers.stop()

    sent: dict[str, list[EmailMessage]] = {}
    for message in mailbox.messages:
        sent.setdefault(str(message["Message-ID"]), []).append(message)
    assert len(sent) == 3 * EVENTS
    # A kill can double the messages that were in the worker's hands, one per connection, and no other.
    assert len(mailbox.messages) - len(sent) <= killer.kills * CONNECTIONS
    for _first, *copies in sent.values():
        assert all(copy["Gevinst-Possible-Duplicate"] == "yes" for copy in copies)


@pytest.mark.slow
async def test_two_worker_processes_share_the_queue_without_double(
    world: World, installation: Installation
) -> None:
    mailbox = KillingMailbox()
    async with smtp_server(mailbox) as port:
        workers = Workers(_environment(installation, port))
        try:
            await workers.start()
            await workers.start()
            await world.hear(*(world.gate_decided() for _ in range(EVENTS)))
            await _all_sent(world)
        finally:
            await workers.stop()

    found = Counter(str(message["Message-ID"]) for message in mailbox.messages)
    assert (len(found), len(mailbox.messages)) == (3 * EVENTS, 3 * EVENTS)
    assert [process.returncode for process in workers.running] == [0, 0]
