"""Roll-out in waves over HTTP (P12)."""

from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.schemas.waves import RolloutOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import database_of, events_of
from tests.portfolio.planned import open_world, plan_of, solved, starts
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation

QUARTERS = [(2027, 1), (2027, 2), (2027, 3), (2027, 4)]


async def unit_with_capacity(world: World, name: str, amount: float = 5) -> tuple[str, str]:
    """A unit, and its capacity for change in 2027."""
    unit = await world.unit(name)
    capacity = [{"year": year, "quarter": quarter, "amount": amount} for year, quarter in QUARTERS]
    body = {"name": f"{name} change", "kind": "change-load", "unit_id": unit["id"], "capacity": capacity}
    return unit["id"], (await made(world.office, "/resources", body))["id"]


def wave(unit: str, resource: str, *, after: int = 0, load: float = 4, **members: Any) -> dict[str, Any]:
    needs = [{"resource_id": resource, "amounts": [load]}]
    return {"name": "Wave", "unit_ids": [unit], "quarters_after": after, "needs": needs, **members}


async def plan(
    client: httpx.AsyncClient, project: dict[str, Any], *waves: dict[str, Any], revision: int = 1
) -> httpx.Response:
    return await put(client, f"/projects/{project['id']}/waves", {"waves": list(waves)}, revision=revision)


async def stop(world: World, project: dict[str, Any], number: int, *, revision: int) -> httpx.Response:
    return await world.office.post(
        f"/projects/{project['id']}/waves/stop",
        json={"number": number, "reason": "Not stable yet."},
        headers={"If-Match": f'"{revision}"'},
    )


async def load(world: World) -> dict[str, dict[str, float]]:
    """What decided work takes, by resource and quarter."""
    answer = await world.office.get(f"/portfolios/{world.portfolio_id}/storms", params={"proposals": "false"})
    return {
        one["resource_name"]: {each["quarter"]: each["load"] for each in one["quarters"] if each["load"]}
        for one in answer.json()["resources"]
    }


async def test_p12_each_wave_loads_its_own_unit_in_its_own_quarter(world: World) -> None:
    north, south = await unit_with_capacity(world, "North"), await unit_with_capacity(world, "South")
    project = await world.project(start="2027-01-01", end="2027-12-31", cost="100.00")

    answer = await plan(world.office, project, wave(*north, cost="40.00"), wave(*south, after=1))

    assert answer.status_code == 200, answer.text
    assert obeys(ProjectOut, answer.json())
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = 'approved' WHERE id = $1", project["id"])
    assert await load(world) == {"North change": {"2027-Q1": 4}, "South change": {"2027-Q3": 4}}
    shown = (await world.office.get(f"/projects/{project['id']}/waves")).json()
    assert obeys(RolloutOut, shown)
    assert [one["first_quarter"] for one in shown["waves"]] == ["2027-Q1", "2027-Q3"]


async def test_p12_a_wave_costs_money_in_its_own_year(world: World) -> None:
    north = await unit_with_capacity(world, "North")
    project = await world.project(start="2027-10-01", end="2028-03-31", cost="100.00")
    await plan(world.office, project, wave(*north, cost="30.00", quarters=2))
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = 'running' WHERE id = $1", project["id"])

    answer = await world.office.get(f"/portfolios/{world.portfolio_id}/budget")

    planned = {one["year"]: one["planned"]["amount"] for one in answer.json()["years"]}
    assert planned == {2027: "15.00", 2028: "15.00"}


async def test_p12_the_optimiser_keeps_each_unit_within_what_it_can_absorb(world: World) -> None:
    """Both roll-outs reach the same unit with 4 of its 5: they cannot load it in the same quarter."""
    here = await open_world(world)
    north = await unit_with_capacity(world, "North")
    for name, benefit in (("First", "900.00"), ("Second", "800.00")):
        project = await here.project(
            name=name, start="2027-01-01", end="2027-06-30", cost="1.00", benefit=benefit
        )
        await plan(world.office, project, wave(*north, after=1))
    money = [{"year": 2027, "kind": "investment", "amount": "1000.00"}]

    found = await solved(here, quarters=4, budgets=money)

    assert starts(await plan_of(here, found["id"])) == {"First": "2027-Q1", "Second": "2027-Q2"}


async def test_p12_the_rest_of_a_rollout_is_stopped_between_waves(world: World) -> None:
    north, south = await unit_with_capacity(world, "North"), await unit_with_capacity(world, "South")
    project = await world.project(start="2027-01-01", end="2027-12-31")
    await plan(world.office, project, wave(*north), wave(*south, after=1))

    stopped = await stop(world, project, 2, revision=2)
    again = await stop(world, project, 2, revision=3)

    assert stopped.status_code == 200, stopped.text
    assert [one["state"] for one in stopped.json()["waves"]] == ["planned", "stopped"]
    assert stopped.json()["waves"][1]["stopped_because"] == "Not stable yet."
    told = await events_of(world.desk, "waves-changed")
    assert [(one["planned_count"], one["stopped_count"]) for one in told] == [(2, 0), (1, 1)]
    assert problem(again)["type"].endswith("#no-such-wave")
    shown = (await world.office.get(f"/projects/{project['id']}/waves")).json()["waves"]
    assert "first_quarter" not in shown[1]


async def test_a_changed_project_keeps_its_waves(world: World) -> None:
    north = await unit_with_capacity(world, "North")
    project = await world.project()
    planned = await plan(world.office, project, wave(*north))

    changed = await put(world.office, f"/projects/{project['id']}", {"name": "New"}, revision=2)

    assert changed.json()["waves"] == planned.json()["waves"]


async def test_p2_a_wave_that_needs_shared_resources_reaches_the_threshold(world: World) -> None:
    north = await unit_with_capacity(world, "North")
    project = await world.project()

    planned = await plan(world.office, project, wave(*north))

    assert (project["registration"], planned.json()["registration"]) == ("light", "central")


async def test_odd_waves_are_refused(world: World) -> None:
    north, south = await unit_with_capacity(world, "North"), await unit_with_capacity(world, "South")
    project = await world.project(cost="10.00")
    unknown = str(new_id())

    wrong_unit = await plan(world.office, project, wave(north[0], south[1]))
    too_dear = await plan(world.office, project, wave(*north, cost="11.00"))
    too_long = await plan(
        world.office, project, wave(*north, needs=[{"resource_id": north[1], "amounts": [1, 1]}])
    )
    no_unit = await plan(world.office, project, wave(unknown, north[1]))
    no_resource = await plan(world.office, project, wave(north[0], unknown))
    no_time = await plan(world.office, project, wave(*north, quarters=0))

    assert problem(wrong_unit)["type"].endswith("#load-on-another-unit")
    assert problem(too_dear)["type"].endswith("#waves-cost-more")
    assert problem(too_long)["type"].endswith("#wave-needs-too-long")
    assert (no_unit.status_code, no_resource.status_code, no_time.status_code) == (404, 404, 400)
    assert problem(no_unit)["errors"][0]["pointer"] == "/body/waves"


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.UNIT_LEADER])
async def test_waves_are_planned_by_those_who_may_and_have_read_the_project(world: World, role: Role) -> None:
    project = await world.project()
    other = world.desk.caller(role, subject="other")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    forbidden = await plan(other, project)
    elsewhere = await plan(stranger, project)
    stale = await plan(world.office, project, revision=9)
    blind = await world.office.put(f"/projects/{project['id']}/waves", json={"waves": []})

    statuses = [answer.status_code for answer in (forbidden, elsewhere, stale, blind)]
    assert statuses == [403, 404, 412, 428]
