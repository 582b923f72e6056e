"""Scenarios in tests: a portfolio whose money cannot carry everything, solved by a worker."""

from typing import Any

import httpx

from gevinst_shared.values.actor import Role
from tests.portfolio.background import worked
from tests.portfolio.world import World, made

FIRST = "2027-Q1"


async def propose(world: World, name: str, **members: Any) -> dict[str, Any]:
    """A proposal for 2027 that costs 4 million and is worth 10."""
    said = {"start": "2027-01-01", "end": "2027-12-31", "cost": "4000000.00", "benefit": "10000000.00"}
    return await world.project(name=name, **{**said, **members})


async def scenario(
    world: World, *, name: str = "Plan", quarters: int = 8, seed: int = 1, **assumptions: Any
) -> dict[str, Any]:
    """A scenario with 6 million in 2027 and 4 in 2028, unless the assumptions say otherwise."""
    money = [
        {"year": year, "kind": "investment", "amount": amount}
        for year, amount in ((2027, "6000000.00"), (2028, "4000000.00"))
    ]
    body = {
        "name": name,
        "first_quarter": FIRST,
        "quarters": quarters,
        "seed": seed,
        "assumptions": {"budgets": money, **assumptions},
    }
    return await made(world.office, f"/portfolios/{world.portfolio_id}/scenarios", body)


async def solved(world: World, **members: Any) -> dict[str, Any]:
    """A scenario that a worker has solved."""
    found = await scenario(world, **members)
    run = await solve(world, found["id"])
    assert run["state"] == "done", run
    return await read(world.office, f"/scenarios/{found['id']}")


async def solve(world: World, scenario_id: str) -> dict[str, Any]:
    answer = await world.office.post(f"/scenarios/{scenario_id}/runs")
    assert answer.status_code == 202, answer.text
    return await worked(world, answer.json()["id"])


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def plan_of(world: World, scenario_id: str) -> dict[str, Any]:
    return await read(world.office, f"/scenarios/{scenario_id}/plan")


def starts(plan: dict[str, Any]) -> dict[str, str]:
    return {one["project_name"]: one["start"] for one in plan["selected"]}


async def publish(world: World, scenario_id: str) -> dict[str, Any]:
    known = await world.office.get(f"/scenarios/{scenario_id}")
    answer = await world.office.post(
        f"/scenarios/{scenario_id}/publication", headers={"If-Match": known.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


DECISION = {
    "case_number": "2026/4711",
    "deciders": ["Kari Nordmann", "Ola Nordmann"],
    "reasons": "The most for the money.",
}


async def decided(world: World, scenario_id: str) -> httpx.Response:
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    return await board.post(f"/scenarios/{scenario_id}/decisions", json=DECISION)


async def open_world(world: World) -> World:
    """Everything prioritised centrally, in a portfolio of its own."""
    body = {"name": "Plans", "currency": "NOK", "price_year": 2026, "threshold_shared_resources": False}
    portfolio = await made(world.office, "/portfolios", body)
    return World(world.desk, world.administrator, world.office, portfolio["id"])
