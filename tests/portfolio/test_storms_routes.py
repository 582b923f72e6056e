"""Project storms over HTTP: of today's plan and of scenarios, before they happen (P3, P4)."""

from typing import Any

import pytest

from gevinst_portfolio.schemas.storms import OutlookOut
from gevinst_shared.values.actor import Role
from tests.portfolio.planned import open_world, plan_of, propose, read, scenario, solved, starts
from tests.portfolio.test_capacity_routes import approved, cost
from tests.portfolio.world import World, made, make_world, obeys, put
from tests.support.callers import Desk


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def developers(world: World, amount: float = 4, **members: Any) -> dict[str, Any]:
    capacity = [
        {"year": year, "quarter": quarter, "amount": amount}
        for year in (2027, 2028)
        for quarter in (1, 2, 3, 4)
    ]
    body = {"name": "Developers", "kind": "role", "capacity": capacity, **members}
    return await made(world.office, "/resources", body)


async def outlook(world: World, **parameters: Any) -> dict[str, Any]:
    found = await read(world.office, f"/portfolios/{world.portfolio_id}/storms", **parameters)
    assert obeys(OutlookOut, found)
    return found


async def test_a_project_storm_is_shown_with_who_makes_it(world: World) -> None:
    """P3: a start plan that overloads a role is shown before it happens."""
    resource = await developers(world)
    needs = [{"resource_id": resource["id"], "amounts": [3, 1]}]
    await approved(world, name="First", start="2027-01-01", needs=needs)
    await approved(world, name="Second", start="2027-02-01", needs=needs)
    await world.project(name="Only proposed", start="2027-04-01", needs=needs)
    waiting = await approved(world, name="Waiting", needs=needs)

    found = await outlook(world)

    (load,) = found["resources"]
    assert [
        (one["quarter"], one["load"], one["decided_load"], one.get("overload"))
        for one in load["quarters"][:3]
    ] == [
        ("2027-Q1", 6, 6, 2),
        ("2027-Q2", 5, 2, 1),
        ("2027-Q3", 1, 0, None),
    ]
    assert load["quarters"][1]["projects"][0]["project_name"] == "Only proposed"
    assert found["unplaced"] == [{"project_id": waiting["id"], "project_name": "Waiting"}]
    assert [(storm["quarter"], storm["overload"], storm["is_decided"]) for storm in found["storms"]] == [
        ("2027-Q1", 2, True),
        ("2027-Q2", 1, False),
    ]
    assert found["storms"][0]["causes"] == ["First", "Second"]
    assert found["storms"][0]["text"].startswith("Developers lacks 2 person-months in 2027-Q1")
    decided = await outlook(world, proposals=False, overloaded=True)
    assert [one["quarter"] for one in decided["resources"][0]["quarters"]] == ["2027-Q1"]


async def test_the_warning_speaks_the_readers_language(world: World) -> None:
    await world.office.put(
        f"/portfolios/{world.portfolio_id}/budget",
        json={"years": [cost(2027, "10.00")]},
        headers={"If-Match": '"0"'},
    )
    await approved(world, name="Vei", start="2027-01-01", cost_by_year=[cost(2027, "60.00")])

    answer = await world.office.get(
        f"/portfolios/{world.portfolio_id}/storms", headers={"Accept-Language": "nb"}
    )

    (storm,) = answer.json()["storms"]
    assert storm["text"] == "Det mangler 50.00 NOK til investering i 2027; mest brukes av Vei."
    (year,) = answer.json()["money"]
    assert (year["overload"]["amount"], year["projects"][0]["project_name"]) == ("50.00", "Vei")


async def test_people_are_shared_across_portfolios(world: World, portfolio: Desk) -> None:
    """P4: another portfolio's decided work takes of the same role; its proposals are its own affair."""
    resource = await developers(world)
    needs = [{"resource_id": resource["id"], "amounts": [3]}]
    other = await open_world(world)
    await approved(other, name="Theirs", start="2027-01-01", needs=needs)
    await other.project(name="Their proposal", start="2027-01-01", needs=needs)
    await approved(world, name="Ours", start="2027-01-01", needs=needs)

    found = await outlook(world, resource=resource["id"], overloaded=True)

    (quarter,) = found["resources"][0]["quarters"]
    assert {one["project_name"] for one in quarter["projects"]} == {"Theirs", "Ours"}


async def test_the_change_of_several_units_falls_on_each_of_them(world: World) -> None:
    """P4: change load per receiving unit."""
    health, school = await world.unit("Health"), await world.unit("School")
    loads = [
        await developers(world, 1, name=f"Change in {unit['name']}", kind="change-load", unit_id=unit["id"])
        for unit in (health, school)
    ]
    receiving = [health["id"], school["id"]]
    both = [
        {"resource_id": load["id"], "amounts": [amount]} for load, amount in zip(loads, (1, 2), strict=True)
    ]
    await approved(world, name="Both", start="2027-01-01", needs=both, receiving_unit_ids=receiving)
    await approved(world, name="Silent", start="2027-01-01", needs=both[:1], receiving_unit_ids=receiving)

    found = await outlook(world)
    one_unit = await outlook(world, unit=health["id"])

    assert [(storm["resource_id"], storm["overload"]) for storm in found["storms"]] == [
        (loads[0]["id"], 1),
        (loads[1]["id"], 1),
    ]
    assert [(one["project_name"], one["resource_name"]) for one in found["unstated_changes"]] == [
        ("Silent", "Change in School")
    ]
    assert [one["resource_id"] for one in one_unit["resources"]] == [loads[0]["id"]]
    assert one_unit["money"] == one_unit["unstated_changes"] == []


@pytest.mark.slow
async def test_a_scenarios_plan_keeps_what_today_would_overload(world: World) -> None:
    """P3: the plan moves a start, and with it the need and the cost."""
    resource = await developers(world, 3)
    needs = [{"resource_id": resource["id"], "amounts": [3, 3]}]
    half = {"start": "2027-01-01", "end": "2027-06-30", "cost": "1000000.00", "needs": needs}
    await propose(world, "One", **half)
    await propose(world, "Two", **half)
    assert (await outlook(world))["storms"] != []

    found = await solved(world)
    planned = await read(world.office, f"/scenarios/{found['id']}/storms")

    assert obeys(OutlookOut, planned)
    assert sorted(starts(await plan_of(world, found["id"])).values()) == ["2027-Q1", "2027-Q3"]
    assert planned["storms"] == []
    assert [one["load"] for one in planned["resources"][0]["quarters"][:4]] == [3, 3, 3, 3]
    assert {one["year"]: one["budget"]["amount"] for one in planned["money"]} == {
        2027: "6000000.00",
        2028: "4000000.00",
    }
    # The role is cut after the plan was made: the storm is told of the plan as well.
    await put(
        world.office,
        f"/resources/{resource['id']}",
        {"name": "Developers", "kind": "role", "capacity": [{"year": 2027, "quarter": 3, "amount": 1}]},
    )
    (storm,) = (await read(world.office, f"/scenarios/{found['id']}/storms"))["storms"]
    assert (storm["quarter"], storm["overload"]) == ("2027-Q3", 2)


async def test_who_may_not_see_a_scenario_sees_no_storms_of_it(world: World) -> None:
    found = await scenario(world)
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    reader = world.desk.caller(Role.READER, subject="reader")
    path = f"/scenarios/{found['id']}/storms"

    # Also for those who may see it, there is nothing to show before it is solved.
    assert (await world.office.get(path)).status_code == 404
    assert (await board.get(path)).status_code == 404
    assert (await reader.get(path)).status_code == 403


async def test_a_filter_by_what_is_not_there_is_refused(world: World) -> None:
    """A misspelt filter must not look like a calm portfolio."""
    path = f"/portfolios/{world.portfolio_id}/storms"

    answers = [
        await world.office.get(path, params={name: world.portfolio_id}) for name in ("resource", "unit")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
