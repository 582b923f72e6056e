"""What scenarios and projects may ask, told, compared and kept by plans (P3-P5)."""

from typing import Any

import pytest

from gevinst_portfolio.schemas.plans import PlanOut
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.schemas.scenario_comparisons import ComparisonOut, SupposedPageOut
from gevinst_portfolio.schemas.scenarios import ScenarioOut
from tests.portfolio.planned import (
    open_world,
    plan_of,
    propose,
    read,
    scenario,
    solve,
    solved,
    starts,
)
from tests.portfolio.test_capacity_routes import approved, cost
from tests.portfolio.world import World, made, make_world, obeys, put
from tests.support.callers import Desk, problem

STRANGE = "0198b6a4-7c1e-7000-8000-000000000001"


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def code_of(answer: Any) -> str:
    return str(problem(answer)["type"].rpartition("#")[2])


async def test_a_scenario_is_told_in_words_as_changes_over_the_portfolio(world: World) -> None:
    one, two = await propose(world, "One"), await propose(world, "Two")
    capacity = [{"year": 2027, "quarter": 1, "amount": 4}]
    role = await made(
        world.office, "/resources", {"name": "Architects", "kind": "role", "capacity": capacity}
    )
    budget = f"/portfolios/{world.portfolio_id}/budget"
    await put(world.office, budget, {"years": [cost(2027, "1.00")]}, revision=0)
    found = await scenario(
        world,
        capacity=[
            {"resource_id": role["id"], "quarter": "2027-Q1", "change": "add", "amount": -1},
            {"resource_id": role["id"], "quarter": "2027-Q2", "change": "replace", "amount": 2.5},
        ],
        roll_over={"carry": "capped", "cap": "7.00"},
        pinned=[{"project_id": one["id"], "quarter": "2027-Q3"}],
        forced_in=[two["id"]],
        all_or_none=[{"project_ids": [one["id"], two["id"]]}],
        categories=[{"category": "Experiments", "min_share": "0.05"}],
        most_starts=1,
    )
    assert obeys(ScenarioOut, found)

    told = await read(world.office, f"/scenarios/{found['id']}/assumptions")
    nb = await world.office.get(f"/scenarios/{found['id']}/assumptions", headers={"Accept-Language": "nb"})

    assert obeys(SupposedPageOut, told)
    assert [item["text"] for item in told["items"]][3:] == [
        "There is 6000000.00 NOK for investment in 2027 instead of 1.00.",
        "There is 4000000.00 NOK for investment in 2028.",
        "Of investment money that a year leaves, at most 7.00 NOK rolls on.",
        "Architects in 2027-Q1: -1 where 4 is registered.",
        "Architects has 2.5 in 2027-Q2.",
        "Two must be in.",
        "One must start in 2027-Q3.",
        "One, Two: all of them or none.",
        "At most 1 projects start in a quarter.",
        "Experiments gets at least 5 % of the whole cost.",
    ]
    assert nb.json()["items"][8]["text"] == "Two skal være med."


@pytest.mark.slow
async def test_two_scenarios_stand_side_by_side(world: World) -> None:
    role = await made(
        world.office,
        "/resources",
        {
            "name": "Architects",
            "kind": "role",
            "capacity": [
                {"year": year, "quarter": quarter, "amount": 2}
                for year in (2027, 2028)
                for quarter in (1, 2, 3, 4)
            ],
        },
    )
    needs = [{"resource_id": role["id"], "amounts": [2]}]
    best = await propose(world, "Best", benefit="30000000.00", needs=needs)
    await propose(world, "Good", benefit="20000000.00")
    law = await propose(world, "Law", benefit="0.00", is_statutory=True, cost="100000.00")
    this = await solved(world)
    other = await solved(
        world, pinned=[{"project_id": best["id"], "quarter": "2027-Q2"}], forced_out=[], quarters=8
    )

    found = await read(world.office, f"/scenarios/{this['id']}/comparison", **{"with": other["id"]})

    assert obeys(ComparisonOut, found)
    move = next(one for one in found["moves"] if one["project_name"] == "Best")
    assert (move["start"], move["start_in_other"], move["quarters"]) == ("2027-Q1", "2027-Q2", 1)
    assert move["forced_by"] == "chosen-start"
    assert [(one["quarter"], one["used"], one["used_in_other"]) for one in found["load"]] == [
        ("2027-Q1", 2, 0),
        ("2027-Q2", 0, 2),
    ]
    assert [one["text"] for one in found["only_in_other"]] == ["Best must start in 2027-Q2."]
    assert found["only_here"] == []
    values = {one["project_name"]: one for one in found["values"]}
    assert values["Best"]["value"] > values["Best"]["value_in_other"]
    plan = await plan_of(world, this["id"])
    assert {one["project_id"]: one.get("forced_by") for one in plan["selected"]}[law["id"]] == "law"
    longer = await solved(world, quarters=7)
    apart = await read(world.office, f"/scenarios/{this['id']}/comparison", **{"with": longer["id"]})
    assert "value_difference" not in apart


@pytest.mark.slow
async def test_a_scenario_stands_beside_what_is_decided_today(world: World) -> None:
    decided = await approved(
        world,
        name="Decided",
        start="2027-01-01",
        end="2027-12-31",
        cost="1000000.00",
        benefit="5000000.00",
    )
    await propose(world, "New")
    found = await solved(world)

    compared = await read(world.office, f"/scenarios/{found['id']}/comparison")

    assert obeys(ComparisonOut, compared)
    assert "other_id" not in compared
    assert [one["project_name"] for one in compared["leaves"]] == ["New"]
    assert compared["stays_count"] + len(compared["moves"]) == 1
    assert compared["cost_difference"]["amount"] == "-4000000.00"
    assert decided["id"] not in {one["project_id"] for one in compared["leaves"]}


@pytest.mark.slow
async def test_rules_that_contradict_each_other_are_named_in_the_readers_language(world: World) -> None:
    """P5: two duties of 4 million with a deadline in 2027, and 6 million to pay them with."""
    for name in ("Lov A", "Lov B"):
        await propose(world, name, is_statutory=True, deadline="2027-12-31")
    found = await scenario(world)
    run = await solve(world, found["id"])
    assert run["plan_summary"]["status"] == "infeasible"

    answer = await world.office.get(f"/scenarios/{found['id']}/plan", headers={"Accept-Language": "nb"})

    assert obeys(PlanOut, answer.json())
    texts = {one["text"] for one in answer.json()["contradictions"]}
    assert {"pengene til investering må rekke hvert år", "Lov A må være med", "Lov B må være med"} <= texts
    assert "Lov A må holde datoene sine: ferdig innen utgangen av 2027-Q4" in texts


@pytest.mark.slow
async def test_a_project_keeps_its_days_its_lag_and_its_group(world: World) -> None:
    first = await propose(world, "First", end="2027-03-31", cost="100000.00")
    after = await propose(
        world,
        "After",
        end="2027-03-31",
        cost="100000.00",
        depends_on=[first["id"]],
        dependency_lags=[{"project_id": first["id"], "lag_quarters": 2}],
        latest_start="2028-03-31",
    )
    late = await propose(world, "Late", end="2027-03-31", cost="100000.00", earliest_start="2027-05-01")
    assert obeys(ProjectOut, after)

    found = await solved(world, exclusive=[{"project_ids": [late["id"], STRANGE]}][:0], most_starts=1)

    assert starts(await plan_of(world, found["id"])) == {
        "First": "2027-Q1",
        "Late": "2027-Q3",
        "After": "2027-Q4",
    }


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"earliest_start": "2027-02-01", "latest_start": "2027-01-01"}, "window-closed"),
        ({"earliest_start": "2027-02-01", "deadline": "2027-01-01"}, "window-closed"),
        ({"dependency_lags": [{"project_id": STRANGE, "lag_quarters": 1}]}, "lag-without-dependency"),
    ],
)
async def test_odd_timing_of_a_project_is_refused(world: World, members: dict[str, Any], code: str) -> None:
    answer = await world.office.post("/projects", json=world.proposal(**members))

    assert (answer.status_code, code_of(answer)) == (400, code)


@pytest.mark.parametrize(
    ("assumptions", "status", "code"),
    [
        ({"pinned": [{"project_id": STRANGE, "quarter": "2027-Q1"}]}, 404, "unknown"),
        ({"all_or_none": [{"project_ids": [STRANGE, STRANGE]}]}, 400, "named-twice"),
        (
            {"capacity": [{"resource_id": STRANGE, "quarter": "2027-Q1", "change": "add", "amount": 1}]},
            404,
            "unknown",
        ),
        ({"categories": [{"category": "A"}, {"category": "A"}]}, 400, "named-twice"),
        ({"budgets": [cost(2027, "1.00"), cost(2027, "2.00")]}, 400, "named-twice"),
        ({"roll_over": {"carry": "capped"}}, 400, "odd-cap"),
        ({"most_starts": -1}, 400, "malformed"),
    ],
)
async def test_odd_assumptions_are_refused_when_they_are_kept(
    world: World, assumptions: dict[str, Any], status: int, code: str
) -> None:
    body = {"name": "Odd", "first_quarter": "2027-Q1", "assumptions": assumptions}

    answer = await world.office.post(f"/portfolios/{world.portfolio_id}/scenarios", json=body)

    assert (answer.status_code, code_of(answer)) == (status, code)


async def test_ids_of_another_portfolio_are_no_part_of_a_scenario(world: World) -> None:
    other = await open_world(world)
    theirs = await propose(other, "Theirs")
    body = {"name": "Odd", "first_quarter": "2027-Q1", "assumptions": {"forced_in": [theirs["id"]]}}

    answer = await world.office.post(f"/portfolios/{world.portfolio_id}/scenarios", json=body)

    assert (answer.status_code, code_of(answer)) == (409, "outside-portfolio")


async def test_a_start_outside_of_the_scenario_is_refused_when_it_is_asked(world: World) -> None:
    one = await propose(world, "One")
    found = await scenario(world, pinned=[{"project_id": one["id"], "quarter": "2031-Q1"}])

    answer = await world.office.post(f"/scenarios/{found['id']}/runs")

    assert (answer.status_code, code_of(answer)) == (409, "cannot-pin")
    assert "One" in problem(answer)["detail"]
