"""Budgets and shared resources (P4), over HTTP."""

import json
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from gevinst_portfolio.schemas.budgets import BudgetOut
from gevinst_portfolio.schemas.resources import ResourceOut
from gevinst_portfolio.tables.projects import project as project_table
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Role
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem

_APPROVE = Query(
    update(project_table).values(status="approved").where(project_table.c.id == bindparam("project"))
)


async def approved(world: World, **members: Any) -> dict[str, Any]:
    """A project that the board has said yes to."""
    project = await world.project(**members)
    house = world.desk.app.state.house
    async with house.database.transaction(world.desk.organisation) as connection:
        await _APPROVE.run(connection, project=project["id"])
    return project


def cost(year: int, amount: str, kind: str = "investment") -> dict[str, Any]:
    return {"year": year, "kind": kind, "amount": amount}


async def test_a_portfolio_begins_without_a_budget(world: World) -> None:
    answer = await world.office.get(f"/portfolios/{world.portfolio_id}/budget")

    assert answer.headers["etag"] == '"0"'
    assert obeys(BudgetOut, answer.json())
    assert (answer.json()["version"], answer.json()["years"]) == (0, [])


async def test_the_budget_shows_what_is_planned_and_what_is_free(world: World) -> None:
    await approved(world, cost_by_year=[cost(2027, "60.00"), cost(2028, "5.00")])
    await world.project(cost_by_year=[cost(2027, "1000.00")])
    vague = await approved(world, name="Vague")
    body = {"years": [cost(2027, "50.00"), cost(2027, "10.00", "operation")], "reason": "Council, June"}

    answer = await put(world.office, f"/portfolios/{world.portfolio_id}/budget", body, revision=0)

    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert obeys(BudgetOut, found)
    assert [
        (year["year"], year["kind"], year["planned"]["amount"], year.get("free", {}).get("amount"))
        for year in found["years"]
    ] == [
        (2027, "investment", "60.00", "-10.00"),
        (2027, "operation", "0.00", "10.00"),
        (2028, "investment", "5.00", None),
    ]
    assert found["unprofiled_project_ids"] == [vague["id"]]
    assert (found["version"], found["set_by"], found["reason"]) == (1, "kari", "Council, June")


async def test_nobody_sets_a_budget_over_one_they_have_not_read(world: World) -> None:
    path, body = f"/portfolios/{world.portfolio_id}/budget", {"years": [cost(2027, "1.00")]}
    await put(world.office, path, body, revision=0)

    stale = await put(world.office, path, body, revision=0)
    blind = await world.office.put(path, json=body)
    twice = await put(world.office, path, {"years": body["years"] * 2}, revision=1)

    assert (stale.status_code, blind.status_code, twice.status_code) == (412, 428, 400)


async def test_finance_sets_money_and_a_project_owner_does_not(world: World) -> None:
    path, body = f"/portfolios/{world.portfolio_id}/budget", {"years": [cost(2027, "1.00")]}

    owner = await put(world.desk.caller(Role.PROJECT_OWNER), path, body, revision=0)
    finance = await put(world.desk.caller(Role.FINANCE), path, body, revision=0)

    assert (owner.status_code, finance.status_code) == (403, 200)


async def test_a_resource_is_registered_and_changed(world: World) -> None:
    unit = await world.unit("Health")
    body = {"name": "Change in health", "kind": "change-load", "unit_id": unit["id"], "measure": "points"}
    resource = await made(world.office, "/resources", body)

    capacity = [{"year": 2027, "quarter": 2, "amount": 1.5}]
    answer = await put(world.office, f"/resources/{resource['id']}", {**body, "capacity": capacity})

    assert obeys(ResourceOut, resource)
    assert answer.json()["capacity"] == capacity
    listed = await world.office.get("/resources", params={"kind": "change-load", "unit": unit["id"]})
    assert listed.json()["items"] == [answer.json()]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"kind": "change-load"}, "unit-missing"),
        ({"capacity": [{"year": 2027, "quarter": 1, "amount": 1}] * 2}, "named-twice"),
    ],
)
async def test_an_odd_resource_is_refused(world: World, members: dict[str, Any], code: str) -> None:
    answer = await world.office.post("/resources", json={"name": "R", "kind": "role", **members})

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith(f"#{code}")


@pytest.mark.parametrize("amount", [-1, "1", None, 1e400])
async def test_capacity_below_zero_or_no_number_is_refused(world: World, amount: Any) -> None:
    """P4: there cannot be less than nothing."""
    capacity = [{"year": 2027, "quarter": 1, "amount": amount}]
    body = json.dumps({"name": "R", "kind": "role", "capacity": capacity})

    answer = await world.office.post("/resources", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["pointer"].startswith("/body/capacity/0/amount")


async def test_investment_money_rolls_on_as_the_budget_says(world: World) -> None:
    path = f"/portfolios/{world.portfolio_id}/budget"
    capped = {"carry": "capped", "cap": "5.00"}

    found = await put(world.office, path, {"years": [cost(2027, "9.00")], "roll_over": capped}, revision=0)
    odd = [
        await put(world.office, path, {"years": [], "roll_over": rolls}, revision=1)
        for rolls in (
            {"carry": "capped"},
            {"carry": "pool", "cap": "1.00"},
            {"carry": "capped", "cap": "-1.00"},
        )
    ]

    assert found.status_code == 200, found.text
    assert found.json()["roll_over"] == capped
    assert obeys(BudgetOut, found.json())
    assert [answer.status_code for answer in odd] == [400, 400, 400]
    assert all(problem(answer)["type"].endswith("#odd-cap") for answer in odd)


async def test_a_need_of_a_resource_that_is_not_there_is_not_found(world: World) -> None:
    needs = [{"resource_id": world.portfolio_id, "amounts": [1]}]

    answer = await world.office.post("/projects", json=world.proposal(needs=needs))

    assert answer.status_code == 404
