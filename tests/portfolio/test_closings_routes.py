"""Closing existing activities that give less value, over HTTP (P11)."""

from typing import Any

from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_shared.values.ids import new_id
from tests.portfolio.planned import open_world, plan_of, solved, starts
from tests.portfolio.world import PORTFOLIO, World, made, obeys, put
from tests.support.callers import problem

CLOSING = {"yearly_saving": "1000000.00", "saving_years": 5}
MOVE = {"start": "2027-01-01", "end": "2027-06-30", "cost": "500000.00", "closing": CLOSING}


async def test_p11_a_closing_is_proposed_with_what_it_saves_and_frees(world: World) -> None:
    resource = await made(world.office, "/resources", {"name": "Case workers", "kind": "role"})
    frees = [{"resource_id": resource["id"], "amount": 2.5}]

    found = await world.project(name="Close the fax line", **MOVE | {"closing": {**CLOSING, "frees": frees}})

    assert obeys(ProjectOut, found)
    assert (found["kind"], found["status"]) == ("closing", "proposed")
    # Check: 1 000 000 a year for 5 years.
    assert found["benefit"]["amount"] == "5000000.00"
    assert found["closing"]["frees"] == frees
    listed = (await world.office.get("/projects", params={"kind": "closing"})).json()["items"]
    assert listed == [found]


async def test_p11_a_closing_is_scored_like_a_project(world: World) -> None:
    criterion = await made(
        world.office,
        f"/portfolios/{world.portfolio_id}/criteria",
        {"name": "Value", "weight": 1, "scale_min": 0, "scale_max": 5},
    )
    closing = await world.project(**MOVE)

    answer = await world.office.post(
        f"/projects/{closing['id']}/scores",
        json={"scores": [{"criterion_id": criterion["id"], "value": 4}]},
    )

    assert answer.status_code == 201, answer.text


async def test_p11_the_optimiser_chooses_a_closing_for_what_it_saves(world: World) -> None:
    """It costs 0.5 of 1 million and saves 5; a project that costs 1 is worth 4."""
    here = await open_world(world)
    await here.project(name="Close", **MOVE)
    await here.project(
        name="Build", start="2027-01-01", end="2027-06-30", cost="1000000.00", benefit="4000000.00"
    )
    money = [{"year": 2027, "kind": "investment", "amount": "1000000.00"}]

    found = await solved(here, quarters=4, budgets=money)

    assert starts(await plan_of(here, found["id"])) == {"Close": "2027-Q1"}


async def test_p11_what_a_closing_frees_is_not_capacity_before_it_is_there(world: World) -> None:
    """A plan may not lean on people whom a closing has yet to free."""
    here = await open_world(world)
    capacity = [{"year": 2027, "quarter": quarter, "amount": 0} for quarter in (1, 2, 3, 4)]
    resource = await made(
        world.office, "/resources", {"name": "Developers", "kind": "role", "capacity": capacity}
    )
    frees = [{"resource_id": resource["id"], "amount": 9}]
    await here.project(name="Close", **MOVE | {"closing": {**CLOSING, "frees": frees}})
    needs = [{"resource_id": resource["id"], "amounts": [1]}]
    await here.project(
        name="Build", needs=needs, start="2027-07-01", end="2027-09-30", cost="1.00", benefit="9000.00"
    )
    money = [{"year": 2027, "kind": "investment", "amount": "9000000.00"}]

    found = await solved(here, quarters=4, budgets=money)

    assert starts(await plan_of(here, found["id"])) == {"Close": "2027-Q1"}


async def test_p2_a_closing_is_as_large_as_what_it_saves(world: World) -> None:
    body = {**PORTFOLIO, "name": "Thresholded", "threshold_cost": "1000000.00"}
    portfolio = await made(world.office, "/portfolios", body)
    closing = await made(
        world.office, "/projects", {"portfolio_id": portfolio["id"], "name": "Close", **MOVE}
    )

    raised = {"name": "Thresholded", "threshold_cost": "5000001.00"}
    await put(world.office, f"/portfolios/{portfolio['id']}", raised)
    above = (await world.office.get(f"/projects/{closing['id']}")).json()

    assert (closing["registration"], above["registration"]) == ("central", "light")


async def test_a_closing_has_no_other_benefit_and_frees_what_there_is(world: World) -> None:
    said: list[tuple[dict[str, Any], int]] = [
        ({"benefit": "1.00"}, 400),
        ({"closing": {**CLOSING, "saving_years": 0}}, 400),
        ({"closing": {**CLOSING, "frees": [{"resource_id": str(new_id()), "amount": 1}]}}, 404),
    ]
    for members, status in said:
        answer = await world.office.post("/projects", json=world.proposal(**MOVE | members))

        assert answer.status_code == status, answer.text
    answer = await world.office.post("/projects", json=world.proposal(**MOVE, benefit="1.00"))
    assert problem(answer)["type"].endswith("#saving-is-benefit")
