"""The read model that is kept from the portfolio service's feed (A1, A5)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from fastapi import FastAPI

from gevinst_benefits.settings import Settings
from gevinst_benefits.usecases.following import apply
from gevinst_benefits.worker import work
from gevinst_shared.auth.development_issuer import create_issuer_app, key_file
from gevinst_shared.settings import from_environment
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.benefits.world import World, connection_of, event, made
from tests.portfolio.world import make_world as make_portfolio
from tests.support.callers import Desk
from tests.support.installation import AUDIENCE, ISSUER, Installation
from tests.support.waiting import until


async def rows_of(world: World, table: str) -> list[dict[str, Any]]:
    async with connection_of(world.desk) as connection:
        return [dict(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY id")]


async def test_the_same_events_twice_leave_the_same_rows(world: World) -> None:
    """A5: a consumer may begin again at the start of the feed."""
    fact = {"project_id": world.project_id, "name": "Renamed", "portfolio_id": world.portfolio_id}
    told = [
        event(world.desk.organisation, "project-changed", **fact, start="2027-01-01"),
        event(world.desk.organisation, "project-rescheduled", **fact, start="2027-06-01"),
        event(world.desk.organisation, "person-changed", person_id=world.owner_id, subject="o", name="Ola"),
    ]

    async def replay() -> list[Any]:
        async with connection_of(world.desk) as connection:
            for one in told:
                await apply(connection, one)
        return [await rows_of(world, table) for table in ("project", "person", "unit", "role_assignment")]

    assert await replay() == await replay()


async def test_what_a_later_event_does_not_tell_stays(world: World) -> None:
    await world.tell("project-approved", project_id=world.project_id, status="approved", news="ignored")

    [row] = [row for row in await rows_of(world, "project") if str(row["id"]) == world.project_id]

    assert (row["status"], row["name"], row["unit_id"]) == ("approved", "Digital post", world.unit)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("project-proposed", {"project_id": "not an id", "name": "X"}),
        ("project-proposed", {"project_id": str(uuid4())}),
        ("project-stopped", {"project_id": str(uuid4())}),
        ("unit-changed", {"unit_id": str(uuid4()), "name": "X", "path": "top"}),
        ("role-assigned", {"assignment_id": str(uuid4())}),
        ("person-changed", {}),
        ("board-sang", {"project_id": str(uuid4())}),
    ],
)
async def test_an_event_that_is_not_understood_is_passed_over(
    world: World, kind: str, data: dict[str, Any]
) -> None:
    """A bad event must not stop those behind it."""
    tables = ("project", "person", "unit", "role_assignment")
    before = [await rows_of(world, table) for table in tables]

    await world.tell(kind, **data)

    assert [await rows_of(world, table) for table in tables] == before


async def test_a_role_unknown_here_gives_nothing(world: World) -> None:
    async with connection_of(world.desk) as connection:
        data = {"person_id": new_id(), "subject": "futura", "scope": "galaxy", "scope_id": world.unit}
        told = event(world.desk.organisation, "role-assigned", assignment_id=new_id(), role="oracle", **data)
        await apply(connection, told)

    answer = await world.desk.caller(subject="futura").get(f"/projects/{world.project_id}/benefits")

    assert answer.status_code == 403


async def test_the_real_portfolio_service_feeds_the_real_worker(
    benefits: Desk, portfolio_app: FastAPI
) -> None:
    """What the portfolio service registers can be planned here once its events are read: a project in a
    unit, and the line manager who owns the benefit there (B2)."""
    portfolio = Desk(portfolio_app, "portfolio", benefits.installation, benefits.organisation)
    made_there = await make_portfolio(portfolio)
    top = await made_there.unit("Health")
    unit = await made_there.unit("Home care", top["id"])
    person = await made_there.person("olav")
    role = {"person_id": person["id"], "role": "benefit-owner", "scope": "unit", "scope_id": top["id"]}
    await made(made_there.administrator, "/role-assignments", role)
    project = await made_there.project(name="Digital post", unit_id=unit["id"])
    office = benefits.caller(Role.PORTFOLIO_OFFICE)
    path = f"/projects/{project['id']}/benefits"
    body = {
        "name": "Less postage",
        "mode": "budget-reduction",
        "kind": "avoided-cost",
        "owner": {"role": "benefit-owner", "unit_id": unit["id"]},
        "estimate": {
            "ledger": "money",
            "money_per_year": {"amount": "600.00", "currency": "NOK", "price_year": 2026},
        },
    }

    async def is_known() -> bool:
        return (await office.get(path)).status_code == 200

    early = await office.post(path, json=body)
    async with working(benefits.installation, portfolio_app):
        await until(is_known)
    benefit = await made(office, path, body)
    confirmed = await benefits.caller(subject="olav").post(f"/benefits/{benefit['id']}/confirmation")

    assert early.status_code == 404
    assert (confirmed.status_code, confirmed.json()["confirmed_by"]) == (200, "olav")
    for caller in portfolio.clients:
        await caller.aclose()


@asynccontextmanager
async def working(installation: Installation, portfolio_app: FastAPI) -> AsyncIterator[None]:
    """The benefits service's worker, beside a portfolio service and an issuer on a real connection."""
    async with served(portfolio_app, installation) as address:
        environment = installation.environment("benefits") | {
            "GEVINST_PORTFOLIO_URL": address,
            "GEVINST_TOKEN_URL": f"{address}/issuer/token",
            "GEVINST_BENEFITS_CLIENT_KEY_FILE": str(key_file(installation.keys, "gevinst-benefits")),
        }
        worker = asyncio.create_task(work(from_environment(Settings, "benefits", environment)))
        yield
        worker.cancel()
        with pytest.raises(asyncio.CancelledError):
            await worker


@asynccontextmanager
async def served(portfolio_app: FastAPI, installation: Installation) -> AsyncIterator[str]:
    """The address of a server that answers for the portfolio service and for the issuer."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        issuer = create_issuer_app(
            installation.keys,
            issuer=ISSUER,
            audience=AUDIENCE,
            clients=["gevinst-benefits"],
            clock=utc_now,
            token_url=f"{address}/issuer/token",
        )

        async def either(scope: Any, receive: Any, send: Any) -> None:
            is_issuer = scope["path"].startswith("/issuer/")
            await (issuer if is_issuer else portfolio_app)(scope, receive, send)

        config = uvicorn.Config(
            either, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, log_config=None
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield address
        server.should_exit = True
        await serving
