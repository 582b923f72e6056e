"""The worker as it runs: two real feeds over HTTP with our own token, mail at the other end."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.app import create_app as create_benefits
from gevinst_benefits.settings import Settings as BenefitsSettings
from gevinst_benefits.tables import shared as benefits_tables
from gevinst_notifications.settings import Settings
from gevinst_notifications.tables.shared import feed_cursor
from gevinst_notifications.worker import work
from gevinst_portfolio.tables import shared as portfolio_tables
from gevinst_shared.auth.development_issuer import create_issuer_app, key_file
from gevinst_shared.db.engine import Database
from gevinst_shared.db.query import Query
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import Outbox, recorded
from gevinst_shared.feed.reader import Cursor, FeedReader
from gevinst_shared.settings import SERVICES, from_environment
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.notifications.world import empty_queue, served
from tests.support.callers import started
from tests.support.installation import AUDIENCE, ISSUER, Installation
from tests.support.organisations import new_organisation
from tests.support.smtp_server import Mailbox, smtp_server
from tests.support.waiting import until


@dataclass(frozen=True, slots=True)
class PersonChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.person-changed.v1"
    person_id: UUID
    subject: str
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class ProjectChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.project-changed.v1"
    project_id: UUID
    portfolio_id: UUID
    name: str
    owner_id: UUID


@dataclass(frozen=True, slots=True)
class GateDecided(Fact):
    type: ClassVar[str] = "gevinst.benefits.gate-decided.v1"
    project_id: UUID
    gate_name: str
    outcome: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class House:
    """The databases of the two services that are followed."""

    portfolio: Database
    benefits: Database
    organisation: str

    async def announce(self, fact: Fact) -> None:
        """As the service that owns the fact does it: in its outbox."""
        is_gate = isinstance(fact, GateDecided)
        database = self.benefits if is_gate else self.portfolio
        outbox: Outbox = (benefits_tables if is_gate else portfolio_tables).outbox
        async with database.transaction(self.organisation) as connection:
            work = Work(connection, Actor("olga", self.organisation), utc_now(), new_id())
            record = recorded(work, fact, subject="projects/1")
            await outbox.record().find(connection, **record, before=None, after={})


async def _skip(database: Database, source: str, reader: FeedReader, feed: Database) -> None:
    """Begin at the end of the feed: what other tests announced is not this test's."""
    end = Cursor()
    async with feed.queue() as queue:
        while (following := (await reader.page(queue, end, limit=5000))[1]) != end:
            end = following
    save = insert(feed_cursor).values(source=bindparam("feed"), cursor=bindparam("at"))
    save = save.on_conflict_do_update(index_elements=["source"], set_={"cursor": save.excluded.cursor})
    async with database.transaction("") as connection:
        await Query(save).run(connection, feed=source, at=str(end))


@pytest.fixture
async def house(installation: Installation, database: Database) -> AsyncIterator[House]:
    portfolio = await Database.open(installation.databases["portfolio"].url, size=2)
    benefits = await Database.open(installation.databases["benefits"].url, size=2)
    await _skip(database, "portfolio", portfolio_tables.feed, portfolio)
    await _skip(database, "benefits", benefits_tables.feed, benefits)
    await empty_queue(database)
    yield House(portfolio, benefits, new_organisation())
    await empty_queue(database)
    await portfolio.close()
    await benefits.close()


@pytest.fixture
async def settings(
    installation: Installation, portfolio_app: Any
) -> AsyncIterator[Callable[[int], Settings]]:
    """The worker's settings for a mail port, with the services and the issuer behind real addresses."""
    benefits_environment = installation.environment("benefits")
    benefits_app = create_benefits(from_environment(BenefitsSettings, "benefits", benefits_environment))
    client_key = key_file(installation.keys, "gevinst-notifications")
    port = _free_port()
    token_url = f"http://127.0.0.1:{port}/issuer/token"
    issuer: Any = create_issuer_app(
        installation.keys,
        issuer=ISSUER,
        audience=AUDIENCE,
        clients=[f"gevinst-{service}" for service in SERVICES],
        clock=utc_now,
        token_url=token_url,
    )
    async with (
        started(benefits_app),
        served(portfolio_app) as portfolio_url,
        served(benefits_app) as benefits_url,
        served(issuer, port=port),
    ):
        environment = {
            **installation.environment("notifications"),
            "GEVINST_TOKEN_URL": token_url,
            "GEVINST_NOTIFICATIONS_CLIENT_KEY_FILE": str(client_key),
            "GEVINST_PORTFOLIO_URL": portfolio_url,
            "GEVINST_BENEFITS_URL": f"{benefits_url}/benefits/v1",
            "GEVINST_MAIL_FROM": "gevinst@example.no",
        }
        yield lambda smtp: from_environment(
            Settings, "notifications", {**environment, "GEVINST_SMTP_URL": f"smtp://127.0.0.1:{smtp}"}
        )


@pytest.mark.slow
async def test_a_gate_decided_before_its_project_is_known_reaches_the_owner_by_mail(
    house: House, settings: Callable[[int], Settings]
) -> None:
    """The benefits feed is ahead: its page is held until the portfolio feed has told of the project."""
    mailbox = Mailbox()
    person, project = new_id(), new_id()

    async def has_come() -> bool:
        return bool(mailbox.messages)

    async with smtp_server(mailbox) as smtp_port:
        worker = asyncio.create_task(work(settings(smtp_port)))
        await house.announce(GateDecided(project, "BP3", "stop", date(2026, 11, 20)))
        await asyncio.sleep(2)
        assert not mailbox.messages
        await house.announce(PersonChanged(person, "olga", "Olga Ås", "olga@example.no", "nn"))
        await house.announce(ProjectChanged(project, new_id(), "Trygg heim", person))

        await until(has_come)
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker

    assert [message["To"] for message in mailbox.messages] == ["Olga Ås <olga@example.no>"]
    assert mailbox.messages[0]["Content-Language"] == "nn"
    assert "Trygg heim" in mailbox.messages[0]["Subject"]


@pytest.mark.slow
async def test_a_new_owner_hears_of_a_gate_that_was_decided_after_they_took_over(
    house: House, settings: Callable[[int], Settings]
) -> None:
    """N1: the portfolio feed is pages behind, and it alone tells who owns the project now."""
    mailbox = Mailbox()
    before, after, project = new_id(), new_id(), new_id()
    await house.announce(PersonChanged(before, "olga", "Olga Ås", "olga@example.no", "nn"))
    await house.announce(ProjectChanged(project, new_id(), "Trygg heim", before))
    for number in range(250):
        await house.announce(PersonChanged(new_id(), f"p{number}", "Anon", "anon@example.no", "en"))
    await house.announce(PersonChanged(after, "nina", "Nina Ny", "nina@example.no", "nb"))
    await house.announce(ProjectChanged(project, new_id(), "Trygg heim", after))
    await house.announce(GateDecided(project, "BP3", "stop", date(2026, 11, 20)))

    async def has_come() -> bool:
        return bool(mailbox.messages)

    async with smtp_server(mailbox) as smtp_port:
        worker = asyncio.create_task(work(settings(smtp_port)))
        await until(has_come)
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker

    assert [message["To"] for message in mailbox.messages] == ["Nina Ny <nina@example.no>"]


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port
