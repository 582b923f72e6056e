"""Audit trails in tests: written, sealed, taken home, and tampered with."""

from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from gevinst_shared.audit.sealing import Sealer
from gevinst_shared.audit.trail import Sealed, Trail
from gevinst_shared.cli.auditing import Query, write_trail
from gevinst_shared.db.engine import Database, connect_arguments
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.support.callers import Desk
from tests.support.installation import Installation

SUBJECT = "projects/x"


def trail_of(service: str) -> Trail:
    trail: Trail = import_module(f"gevinst_{service}.tables.shared").trail
    return trail


def fact_of(service: str) -> type[Sealed]:
    fact: type[Sealed] = import_module(f"gevinst_{service}.events.audit").AuditSealed
    return fact


def sealer_of(database: Database, service: str = "portfolio") -> Sealer:
    """What the service's worker runs."""
    return Sealer(database, trail_of(service), fact_of(service), utc_now)


async def seal(desk: Desk) -> int:
    """Seal what is settled; how many rows that were, of all organisations."""
    return await sealer_of(desk.app.state.house.database, desk.service).once()


async def change(database: Database, organisation: str, *names: str, service: str = "portfolio") -> None:
    """One transaction with a change for each name."""
    trail = trail_of(service)
    record = trail.outbox.record()
    async with database.transaction(organisation) as connection:
        for name in names:
            work = Work(connection, Actor("kari", organisation), utc_now(), new_id())
            # Any fact that is no seal will do.
            fact = type("Changed", (fact_of(service),), {"type": f"gevinst.{service}.changed.v1"})
            told = recorded(work, fact(0, 0, name, ""), subject=SUBJECT)
            await record.run(connection, before=None, after={"name": name}, **told)


async def taken_home(desk: Desk, file: Path) -> Path:
    """The trail of the desk's organisation, as `gevinst audit export` writes it."""
    client = desk.caller(Role.AUDITOR, subject="auditor")

    async def fetch(path: str, query: Query) -> bytes:
        answer = await client.get(f"/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.content

    with file.open("wb") as out:
        await write_trail(out, fetch)
    return file


async def as_owner(installation: Installation, organisation: str, *statements: str) -> None:
    """Raw SQL by the owner of the schema, who may do anything."""
    owner = await asyncpg.connect(**connect_arguments(installation.databases["portfolio"].owner_url))
    try:
        await owner.execute("SELECT set_config('app.organisation', $1, false)", organisation)
        for statement in statements:
            await owner.execute(statement)
    finally:
        await owner.close()


async def all_seals(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The chain from its beginning, as long as it fits a page."""
    answer = await client.get("/audit-seals", params={"sort": "number", "limit": 100})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
