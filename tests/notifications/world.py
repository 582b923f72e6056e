"""An organisation whose people, roles and projects were announced, as the portfolio's feed does it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from fastapi import FastAPI

from gevinst_notifications.store import duty_register
from gevinst_notifications.usecases.closing import close_due_digests
from gevinst_notifications.usecases.reminding import remind_due
from gevinst_notifications.worker import apply_event
from gevinst_shared.db.engine import Database
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.support.callers import Desk
from tests.support.waiting import until

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


async def remind_all(world: "World", now: datetime) -> None:
    """Until nothing is left to be looked at: other organisations have duties, too, and some of those cannot
    be dealt with, so a round may come to nothing."""
    while await _is_any_waiting(world.database, now):
        await remind_due(world.database, now)


async def _is_any_waiting(database: Database, now: datetime) -> bool:
    async with database.queue() as queue:
        return bool(await duty_register.list_waiting(queue, now=now, limit=1))


async def close_all(world: "World", now: datetime) -> None:
    """Until no digest is left that is due, in any organisation."""
    while await close_due_digests(world.database, now=now):
        pass


@dataclass(slots=True)
class World:
    """`hear` does what the service's consumer does with an event."""

    desk: Desk
    database: Database
    portfolio_id: UUID = field(default_factory=new_id)
    project_id: UUID = field(default_factory=new_id)
    unit_id: UUID = field(default_factory=new_id)
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def organisation(self) -> str:
        return self.desk.organisation

    def event(self, kind: str, *, about: str = "", **data: Any) -> Event:
        """A fact of the portfolio or, when `kind` is a gate's, of benefits."""
        service = "benefits" if kind.startswith("gate-") else "portfolio"
        return self.fact(f"{service}.{kind}", about=about, **data)

    def fact(self, kind: str, /, *, about: str = "", time: datetime = NOW, **data: Any) -> Event:
        """A fact of a service, such as `benefits.condition-set`."""
        members = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
        return Event(
            id=new_id(),
            organisation=self.organisation,
            type=f"gevinst.{kind}.v1",
            subject=about or f"projects/{self.project_id}",
            time=time,
            data=members,
        )

    async def hear(self, *events: Event) -> None:
        async with self.database.transaction(self.organisation) as connection:
            for event in events:
                await apply_event(connection, event)

    async def person(self, subject: str, *, language: str = "en", email: bool = True) -> UUID:
        """Announce a person whose address is their subject at example.no."""
        person_id = self.people.setdefault(subject, new_id())
        data: dict[str, Any] = {
            "person_id": person_id,
            "subject": subject,
            "name": subject.title(),
            "language": language,
        }
        await self.hear(
            self.event("person-changed", **data, **_present(email=f"{subject}@example.no" if email else None))
        )
        return person_id

    async def role(self, subject: str, role: Role, scope: str, scope_id: UUID | None = None) -> None:
        data: dict[str, Any] = {
            "assignment_id": new_id(),
            "person_id": self.people[subject],
            "subject": subject,
            "role": role.value,
            "scope": scope,
        }
        await self.hear(self.event("role-assigned", **data, **_present(scope_id=scope_id)))

    def project(self, **changes: Any) -> Event:
        data: dict[str, Any] = {
            "project_id": self.project_id,
            "portfolio_id": self.portfolio_id,
            "name": "Digital post",
            "status": "proposed",
            "unit_id": self.unit_id,
            "owner_id": self.people["olga"],
            "manager_id": self.people["magnus"],
        }
        return self.event("project-proposed", **{**data, **changes})

    def gate_decided(self, **changes: Any) -> Event:
        """The gate stops the project; the event names only the project's id."""
        data: dict[str, Any] = {
            "project_id": self.project_id,
            "gate_id": new_id(),
            "gate_name": "BP3",
            "outcome": "stop",
            "decided_on": "2026-11-20",
        }
        return self.event("gate-decided", **{**data, **changes})

    def caller(self, subject: str, *roles: Role) -> httpx.AsyncClient:
        return self.desk.caller(*(roles or (Role.READER,)), subject=subject)


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


async def make_world(desk: Desk, database: Database) -> World:
    """An owner (nb), a manager (da), an office worker (sv) and a project in a unit."""
    world = World(desk, database)
    await world.hear(
        world.event("organisation-registered", name="Oslo kommune", currency="NOK", language="nb"),
        world.event("unit-changed", unit_id=world.unit_id, name="Helse", path=[str(world.unit_id)]),
        world.event("portfolio-arranged", portfolio_id=world.portfolio_id, name="Digitalisering"),
    )
    await world.person("olga", language="nb")
    await world.person("magnus", language="da")
    await world.person("olle", language="sv")
    await world.role("olle", Role.PORTFOLIO_OFFICE, "organisation")
    await world.hear(world.project())
    return world


async def empty_queue(database: Database) -> None:
    """Cancel what other tests left to be delivered: a worker takes every organisation's."""
    async with database.queue() as queue:
        await queue.execute(
            "UPDATE delivery SET state = 'cancelled', lease_until = NULL WHERE state NOT IN ('sent', 'dead')"
        )


@asynccontextmanager
async def served(app: FastAPI, *, port: int = 0) -> AsyncIterator[str]:
    """The started application behind a real server; its address."""
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=port, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=1
        )
    )

    async def is_started() -> bool:
        return server.started

    task = asyncio.create_task(server.serve())
    await until(is_started, every=0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
