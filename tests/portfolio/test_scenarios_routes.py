"""Scenarios over the API: solved, compared and published under money that cannot carry all (P3-P8)."""

from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.schemas.plans import PlanOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.schemas.scenario_comparisons import ComparisonOut
from gevinst_portfolio.schemas.scenarios import ScenarioOut
from gevinst_portfolio.store import scenarios as store
from gevinst_portfolio.usecases.planning import ask
from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import database_of, events_of, imported_year, make_british_world
from tests.portfolio.planned import (
    open_world,
    plan_of,
    propose,
    publish,
    read,
    scenario,
    solve,
    solved,
    starts,
)
from tests.portfolio.world import World, made, make_world, obeys
from tests.support.callers import Desk, problem


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def is_accepted(world: World, scenario_id: str) -> bool:
    """Whether the independent checker finds the stored plan to keep every rule."""
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        found = await store.get_scenario(connection, UUID(scenario_id), "*")
        asked = await ask(connection, found)
    plan = {
        one["project_id"]: Quarter.read(one["start"]).index - asked.question.first.index
        for one in (await plan_of(world, scenario_id))["selected"]
    }
    return check_plan(asked.question.problem, plan).is_feasible


@pytest.mark.slow
async def test_money_that_cannot_carry_everything_chooses_times_and_explains(world: World) -> None:
    await propose(world, "Best", benefit="30000000.00")
    await propose(world, "Good", benefit="20000000.00")
    await propose(world, "Poor", benefit="5000000.00")

    found = await solved(world)

    assert obeys(ScenarioOut, found)
    assert found["plan_summary"]["status"] == "optimal"
    assert found["inputs_changed"] is False
    plan = await plan_of(world, found["id"])
    assert obeys(PlanOut, plan)
    assert starts(plan)["Best"] == "2027-Q1"
    assert "Good" in starts(plan)
    (left_out,) = plan["left_out"]
    assert left_out["project_name"] == "Poor"
    assert {one["rule"] for one in left_out["obstacles"]} == {"budget"}
    assert left_out["obstacles"][0]["lacking_money"]["currency"] == "NOK"
    assert any(one["rule"] == "budget" for one in plan["binding"])
    spent = {one["year"]: float(one["spent"]["amount"]) for one in plan["money"]}
    assert spent[2027] <= 6_000_000
    assert spent[2028] <= 4_000_000
    assert await is_accepted(world, found["id"])
    run = await read(world.office, f"/runs/{found['plan_run_id']}")
    assert obeys(RunOut, run)
    assert run["progress"]["share"] == 1


@pytest.mark.slow
async def test_duties_people_dependencies_and_exclusions_are_kept(world: World) -> None:
    """P4, P5."""
    quarters = [{"year": y, "quarter": q, "amount": 2} for y in (2027, 2028) for q in (1, 2, 3, 4)]
    role = await made(
        world.office, "/resources", {"name": "Architects", "kind": "role", "capacity": quarters}
    )
    needs = [{"resource_id": role["id"], "amounts": [2, 2]}]
    half = {"start": "2027-01-01", "end": "2027-06-30", "cost": "1000000.00", "needs": needs}
    duty = await propose(world, "Duty", **{**half, "benefit": "0.00"}, is_statutory=True)
    await propose(world, "After", **half, depends_on=[duty["id"]])
    rival = await propose(world, "Rival", **half)
    await propose(world, "Loser", **{**half, "benefit": "2000000.00"}, excludes=[rival["id"]])
    silent = await world.project(name="Silent")

    found = await solved(world)

    plan = await plan_of(world, found["id"])
    begun = starts(plan)
    assert begun["Duty"] < begun["After"]
    assert "Rival" in begun
    assert "Loser" not in begun
    (unplanned,) = [one for one in plan["not_considered"] if one["project_id"] == silent["id"]]
    assert unplanned["reason"] == "length-unknown"
    assert all(q["used"] <= q["capacity"] for load in plan["load"] for q in load["quarters"])
    assert await is_accepted(world, found["id"])


@pytest.mark.slow
async def test_the_same_seed_gives_the_same_plan_and_a_change_of_the_register_shows(world: World) -> None:
    await propose(world, "A")
    await propose(world, "B", benefit="9000000.00")
    first, second = await solved(world), await solved(world)

    assert (await plan_of(world, first["id"]))["selected"] == (await plan_of(world, second["id"]))["selected"]
    await propose(world, "C")
    assert (await read(world.office, f"/scenarios/{first['id']}"))["inputs_changed"] is True


@pytest.mark.slow
async def test_two_plans_are_compared_by_who_enters_leaves_and_moves(world: World) -> None:
    best = await propose(world, "Best", benefit="30000000.00")
    await propose(world, "Good", benefit="20000000.00")
    await propose(world, "Third", benefit="15000000.00")
    this, other = await solved(world), await solved(world, forced_out=[best["id"]])

    found = await read(world.office, f"/scenarios/{this['id']}/comparison", **{"with": other["id"]})

    assert obeys(ComparisonOut, found)
    assert [one["project_name"] for one in found["leaves"]] == ["Best"]
    assert [one["project_name"] for one in found["enters"]] == ["Third"]
    assert found["value_difference"] < 0
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")
    path = f"/scenarios/{this['id']}"
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"{path}/plan")).status_code == 404
    assert (await stranger.get(f"{path}/comparison", params={"with": other["id"]})).status_code == 404
    assert (await stranger.post(f"{path}/runs")).status_code == 404


async def test_a_scenario_without_anything_to_plan_is_refused_before_a_worker_takes_it(world: World) -> None:
    made_scenario = await scenario(world)

    answer = await world.office.post(f"/scenarios/{made_scenario['id']}/runs")

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (409, "nothing-to-plan")


@pytest.mark.slow
async def test_a_scenario_is_private_until_it_is_published_and_then_stays_as_it_is(world: World) -> None:
    await propose(world, "A")
    found = await solved(world)
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    path = f"/scenarios/{found['id']}"
    hidden = [await board.get(p) for p in (path, f"{path}/plan", f"/runs/{found['plan_run_id']}")]
    assert [answer.status_code for answer in hidden] == [404, 404, 404]
    assert (await read(board, "/scenarios"))["items"] == []

    assert (await world.office.post(f"{path}/publication")).status_code == 428
    stale = await world.office.post(f"{path}/publication", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    published = await publish(world, found["id"])

    assert published["published_by"] == "kari"
    assert len((await read(board, "/scenarios"))["items"]) == 1
    assert (await board.get(f"{path}/plan")).status_code == 200
    again = await world.office.post(f"{path}/runs")
    assert (again.status_code, problem(again)["type"].rpartition("#")[2]) == (409, "scenario-published")
    (fact,) = await events_of(world.desk, "scenario-published")
    assert (fact["scenario_name"], fact["selected_count"], fact["left_out_count"]) == ("Plan", 1, 0)
    assert fact["total_cost"] == {"amount": "4000000.00", "currency": "NOK", "price_year": 2026}


async def test_a_scenario_without_a_plan_cannot_be_published(world: World) -> None:
    found = await scenario(world)

    answer = await world.office.post(f"/scenarios/{found['id']}/publication", headers={"If-Match": '"1"'})

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (409, "no-plan-yet")
    assert (await world.office.get(f"/scenarios/{found['id']}/plan")).status_code == 404


@pytest.mark.parametrize(
    ("assumptions", "status", "code"),
    [
        ({"budgets": [{"year": 2027, "kind": "investment", "amount": "1.00"}]}, 409, "budget-unknown"),
        ({"forced_in": ["0198b6a4-7c1e-7000-8000-000000000001"]}, 404, "unknown"),
    ],
)
async def test_what_cannot_be_asked_is_refused_at_once(
    world: World, assumptions: dict[str, Any], status: int, code: str
) -> None:
    body = {"name": "Odd", "first_quarter": "2027-Q1", "quarters": 8, "assumptions": assumptions}
    answer = await world.office.post(f"/portfolios/{world.portfolio_id}/scenarios", json=body)
    if answer.status_code == 201:
        answer = await world.office.post(f"/scenarios/{answer.json()['id']}/runs")

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (status, code)


@pytest.mark.slow
async def test_a_forced_project_that_cannot_fit_alone_stands_among_the_contradictions(world: World) -> None:
    """P5, P7: 30 million in 2027, of which there are 6."""
    await propose(world, "Too large", cost="30000000.00", is_statutory=True, latest_start="2027-01-01")
    await propose(world, "Good")
    found = await scenario(world)

    run = await solve(world, found["id"])

    assert (run["state"], run["plan_summary"]["status"]) == ("done", "infeasible")
    plan = await plan_of(world, found["id"])
    assert obeys(PlanOut, plan)
    money, duty = plan["contradictions"]
    assert money["text"] == "the money for investment must suffice every year"
    assert duty["text"] == (
        "Too large must be in, and does not fit even when it is alone. With a start in 2027-Q1: investment "
        "money lacks 24,000,000 NOK in 2027"
    )
    (lacking,) = duty["lacking_alone"]
    assert lacking["lacking_money"] == {"amount": "24000000.00", "currency": "NOK", "price_year": 2026}
    for language, words in {
        "nb": "Too large må være med, og får ikke plass selv om det er alene. Med start i 2027-Q1: ",
        "nn": "Too large må vere med, og får ikkje plass sjølv om det er åleine. Med start i 2027-Q1: ",
        "da": "Too large skal være med, men der er ikke plads til det, selv om det er alene. ",
        "sv": "Too large måste vara med, men får inte plats ens när det är ensamt. Med start i 2027-Q1: ",
    }.items():
        path = f"/scenarios/{found['id']}/plan"
        told = await world.office.get(path, headers={"Accept-Language": language})
        assert told.json()["contradictions"][1]["text"].startswith(words)


@pytest.mark.slow
async def test_a_duty_short_of_people_says_of_whom_and_in_which_quarter(world: World) -> None:
    """P4, P5."""
    quarters = [{"year": y, "quarter": q, "amount": 2} for y in (2027, 2028) for q in (1, 2, 3, 4)]
    role = await made(
        world.office, "/resources", {"name": "Architects", "kind": "role", "capacity": quarters}
    )
    needs = [{"resource_id": role["id"], "amounts": [1, 3.5]}]
    await propose(world, "Duty", needs=needs, cost="1.00", is_statutory=True, latest_start="2027-01-01")
    found = await scenario(world)

    await solve(world, found["id"])

    contradictions = (await plan_of(world, found["id"]))["contradictions"]
    texts = [one["text"] for one in contradictions]
    assert "Architects has 2 in 2027-Q2" in texts
    (duty,) = [one for one in contradictions if one["rule"] == "mandatory"]
    assert duty["text"].endswith("With a start in 2027-Q1: Architects lacks 1.5 in 2027-Q2")


@pytest.mark.slow
async def test_the_majors_of_2023_under_money_that_cannot_carry_all(portfolio: Desk) -> None:
    world = await make_british_world(portfolio)
    await imported_year(world, 2023)
    budgets = [{"year": year, "kind": "investment", "amount": "5000000000.00"} for year in (2027, 2028, 2029)]

    found = await solved(world, quarters=12, budgets=budgets)

    summary = found["plan_summary"]
    assert summary["status"] in {"optimal", "gap"}
    assert summary["gap"] < 0.05
    assert summary["selected_count"] > 10
    assert summary["left_out_count"] > 10
    assert await is_accepted(world, found["id"])
    plan = await plan_of(world, found["id"])
    assert obeys(PlanOut, plan)
    assert all(float(one["left"]["amount"]) >= 0 for one in plan["money"])
