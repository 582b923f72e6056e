"""The entry threshold separates central from light registration (P2), over HTTP."""

from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.portfolios import PortfolioOut
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_shared.values.actor import Role
from tests.portfolio.background import events_of
from tests.portfolio.world import PORTFOLIO, World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation

THRESHOLD = {"threshold_cost": "1000.00", "threshold_months": 6}


async def thresholded(world: World, **members: Any) -> World:
    """The same organisation, in a portfolio with a threshold."""
    body = {**PORTFOLIO, "name": "Thresholded", **THRESHOLD, **members}
    portfolio = await made(world.office, "/portfolios", body)
    assert obeys(PortfolioOut, portfolio)
    return World(world.desk, world.administrator, world.office, portfolio["id"])


async def overrule(
    client: httpx.AsyncClient, project_id: str, *, revision: int = 1, **members: Any
) -> httpx.Response:
    body = {"registration": "central", "reason": "The council asked for it.", **members}
    return await put(client, f"/projects/{project_id}/registration", body, revision=revision)


async def test_p2_cost_length_or_shared_resources_reach_the_threshold(world: World) -> None:
    here = await thresholded(world)
    resource = await made(world.office, "/resources", {"name": "Developers", "kind": "role"})
    needs = [{"resource_id": resource["id"], "amounts": [1]}]

    small = await here.project(name="Small", cost="999.99", start="2027-01-01", end="2027-06-30")
    found = [
        await here.project(name="Dear", cost="1000.00"),
        await here.project(name="Long", start="2027-01-01", end="2027-07-01"),
        await here.project(name="Shared", needs=needs),
    ]

    assert small["registration"] == "light"
    assert [one["registration"] for one in found] == ["central"] * 3
    light = await world.office.get(
        "/projects", params={"portfolio": here.portfolio_id, "registration": "light"}
    )
    assert [one["name"] for one in light.json()["items"]] == ["Small"]


async def test_p2_a_figure_that_crosses_the_threshold_is_announced_and_in_the_history(world: World) -> None:
    here = await thresholded(world)
    project = await here.project(cost="10.00")

    answer = await put(world.office, f"/projects/{project['id']}", {"name": "A project", "cost": "5000.00"})

    assert answer.json()["registration"] == "central"
    assert await events_of(world.desk, "project-reregistered") == [
        {
            "project_id": project["id"],
            "portfolio_id": here.portfolio_id,
            "project_name": "A project",
            "registration": "central",
            "previous_registration": "light",
        }
    ]
    history = (await world.office.get(f"/projects/{project['id']}/history")).json()["items"]
    changes = [change for entry in history for change in entry["changes"]]
    assert {"member": "registration", "before": "light", "after": "central"} in changes


async def test_p2_a_change_on_the_same_side_announces_nothing(world: World) -> None:
    here = await thresholded(world)
    project = await here.project(cost="10.00")

    await put(world.office, f"/projects/{project['id']}", {"name": "A project", "cost": "20.00"})

    assert await events_of(world.desk, "project-reregistered") == []


async def test_p2_the_threshold_is_overruled_only_where_the_portfolio_says_so(world: World) -> None:
    strict, free = await thresholded(world), await thresholded(world, threshold_may_be_overruled=True)
    held, freed = await strict.project(cost="1.00"), await free.project(cost="1.00")

    refused = await overrule(world.office, held["id"])
    allowed = await overrule(world.office, freed["id"])

    assert refused.status_code == 409
    assert problem(refused)["type"].endswith("#cannot-overrule")
    assert allowed.status_code == 200, allowed.text
    assert obeys(ProjectOut, allowed.json())
    assert (allowed.json()["registration"], allowed.json()["registration_reason"]) == (
        "central",
        "The council asked for it.",
    )


async def test_p2_what_was_overruled_stays_until_it_is_taken_back(world: World) -> None:
    here = await thresholded(world, threshold_may_be_overruled=True)
    project = await here.project(cost="1.00")
    await overrule(world.office, project["id"])
    changed = await put(
        world.office, f"/projects/{project['id']}", {"name": "Still", "cost": "2.00"}, revision=2
    )
    body = {**THRESHOLD, "name": "Again", "threshold_cost": "900.00"}
    await put(world.office, f"/portfolios/{here.portfolio_id}", body)
    kept = (await world.office.get(f"/projects/{project['id']}")).json()

    back = await put(
        world.office, f"/projects/{project['id']}/registration", {"reason": "No more."}, revision=3
    )

    assert changed.json()["registration"] == kept["registration"] == "central"
    assert back.status_code == 200, back.text
    assert back.json()["registration"] == "light"
    assert "registration_overruled" not in back.json()


async def test_the_threshold_is_overruled_by_the_office_of_the_organisation_only(world: World) -> None:
    here = await thresholded(world, threshold_may_be_overruled=True)
    project = await here.project(cost="1.00")
    owner = world.desk.caller(Role.PROJECT_OWNER, subject="owner")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    forbidden = await overrule(owner, project["id"])
    elsewhere = await overrule(stranger, project["id"])
    stale = await overrule(world.office, project["id"], revision=7)
    blind = await world.office.put(f"/projects/{project['id']}/registration", json={"reason": "x"})

    statuses = [answer.status_code for answer in (forbidden, elsewhere, stale, blind)]
    assert statuses == [403, 404, 412, 428]


@pytest.mark.parametrize("members", [{"reason": ""}, {"registration": "heavy"}, {"registration": None}])
async def test_odd_registrations_are_refused(world: World, members: dict[str, Any]) -> None:
    project = await world.project()

    answer = await overrule(world.office, project["id"], **members)

    assert answer.status_code == 400
