"""Runs in tests: asked for over the API, done by a worker in the test's own process or in its own."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from gevinst_portfolio.worker.runs import RunWorker
from gevinst_shared.db.engine import Database
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.portfolio.world import ORGANISATION, World
from tests.support.callers import Desk
from tests.support.gmpp import published
from tests.support.waiting import PATIENCE

ENDED = {"done", "failed", "cancelled"}


async def make_british_world(desk: Desk, **portfolio: Any) -> World:
    """An organisation whose portfolio is in pounds, and in which all work is prioritised centrally."""
    administrator = desk.caller(Role.ADMINISTRATOR, subject="admin")
    assert (await administrator.put("/organisation", json=ORGANISATION)).status_code in {200, 201}
    office = desk.caller(Role.PORTFOLIO_OFFICE)
    body = {
        "name": "Major projects",
        "currency": "GBP",
        "price_year": 2023,
        "threshold_shared_resources": False,
        **portfolio,
    }
    made = await office.post("/portfolios", json=body)
    assert made.status_code == 201, made.text
    return World(desk, administrator, office, made.json()["id"])


def database_of(desk: Desk) -> Database:
    database: Database = desk.app.state.house.database
    return database


async def upload(
    world: World, content: bytes, *, keep: str = "all", year: int | None = None, key: str = ""
) -> httpx.Response:
    parameters: dict[str, Any] = {"source": "gmpp", "keep": keep} | ({"year": year} if year else {})
    return await world.office.post(
        f"/portfolios/{world.portfolio_id}/imports",
        params=parameters,
        content=content,
        headers={"Content-Type": "text/csv", **({"Idempotency-Key": key} if key else {})},
    )


async def imported(
    world: World, content: bytes, *, keep: str = "all", year: int | None = None
) -> dict[str, Any]:
    """The run of an import, after a worker has done it."""
    answer = await upload(world, content, keep=keep, year=year)
    assert answer.status_code == 202, answer.text
    return await worked(world, answer.json()["id"])


async def imported_year(world: World, year: int, *, keep: str = "all") -> dict[str, Any]:
    content, _ = published(year)
    return await imported(world, content, keep=keep, year=year)


async def worked(world: World, run_id: str) -> dict[str, Any]:
    """The run after workers have done everything that waits."""
    worker = RunWorker(database_of(world.desk), utc_now)
    while await worker.once():
        pass
    return await read_run(world, run_id)


async def read_run(world: World, run_id: str) -> dict[str, Any]:
    answer = await world.office.get(f"/runs/{run_id}")
    assert answer.status_code == 200, answer.text
    run: dict[str, Any] = answer.json()
    return run


async def ended(world: World, run_id: str, *, seconds: float = PATIENCE) -> dict[str, Any]:
    """The run when somebody else's worker has done it."""
    async with asyncio.timeout(seconds):
        while True:
            run = await read_run(world, run_id)
            if run["state"] in ENDED:
                return run
            await asyncio.sleep(0.05)


@asynccontextmanager
async def worker_process(desk: Desk) -> AsyncIterator[Process]:
    """A real worker in a process of its own; killed at the end of the block."""
    environment = {
        **os.environ,
        **desk.installation.environment("portfolio"),
        "PYTHONPATH": ":".join(sys.path),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gevinst_portfolio", "work", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def all_items(client: httpx.AsyncClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """Every record of a list, page by page."""
    items: list[dict[str, Any]] = []
    query = {"limit": 100, **parameters}
    while True:
        answer = await client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if "next_cursor" not in page:
            return items
        query["cursor"] = page["next_cursor"]


async def forget_lease(desk: Desk, run_id: str) -> None:
    """As if the lease of the run had just run out."""
    async with database_of(desk).transaction(desk.organisation) as connection:
        await connection.execute(
            "UPDATE run SET lease_until = now() - interval '1 second' WHERE id = $1", run_id
        )


async def events_of(desk: Desk, type_: str) -> list[dict[str, Any]]:
    """The data of the organisation's events of one type, in order."""
    items: list[dict[str, Any]] = []
    cursor = ""
    client = desk.caller(Role.INTEGRATION, Role.ADMINISTRATOR, subject="feed")
    while True:
        answer = await client.get("/events", params={"limit": 100, **({"cursor": cursor} if cursor else {})})
        page = answer.json()
        if not page["items"]:
            return [item["data"] for item in items if item["type"] == f"gevinst.portfolio.{type_}.v1"]
        items += page["items"]
        cursor = page["next_cursor"]
