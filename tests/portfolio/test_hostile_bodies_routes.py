"""Bodies that are well formed, and would stop everybody else's work."""

import pytest

from tests.portfolio.planned import open_world, propose, scenario, solve
from tests.portfolio.pool_world import lent, make_pool_world
from tests.portfolio.scoring_world import model
from tests.portfolio.uploaded import refusal
from tests.portfolio.world import World


@pytest.mark.parametrize("member", ["start", "end", "earliest_start", "latest_start", "deadline"])
@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "2201-01-01", "9999-12-31"])
async def test_a_day_that_nobody_plans_with_is_refused(world: World, member: str, day: str) -> None:
    answer = await world.office.post("/projects", json=world.proposal(**{member: day}))

    assert refusal(answer) == (400, "malformed")
    assert answer.json()["errors"][0]["pointer"] == f"/body/{member}"


async def test_the_longest_project_of_all_leaves_the_outlook_and_the_plan_to_the_others(world: World) -> None:
    plans = await open_world(world)
    await propose(plans, "Endless", start="1950-01-01", end="2200-12-31")
    await propose(plans, "Ordinary")

    outlook = await plans.office.get(f"/portfolios/{plans.portfolio_id}/storms")
    run = await solve(plans, (await scenario(plans))["id"])

    assert outlook.status_code == 200, outlook.text
    assert (run["state"], run["plan_summary"]["selected_count"]) == ("done", 2)


async def test_what_has_become_part_of_another_project_is_not_scored(world: World) -> None:
    one, other = await world.project(name="Post"), await world.project(name="Mail")
    criterion = {"name": "Benefit", "weight": 1, "scale_min": 1, "scale_max": 5}
    criterion_id = (await model(world, criterion))["criteria"][0]["id"]
    body = {"into_id": other["id"], "reason": "The same"}
    merged = await world.office.post(f"/projects/{one['id']}/merge", json=body, headers={"If-Match": '"1"'})
    assert merged.status_code == 200, merged.text

    scored = {"scores": [{"criterion_id": criterion_id, "value": 3}]}
    answer = await world.office.post(f"/projects/{one['id']}/scores", json=scored)

    assert refusal(answer) == (409, "is-merged")


async def test_g3_an_owner_of_a_benefit_verifies_it_under_no_other_spelling(world: World) -> None:
    pools = await make_pool_world(world)
    _, award = await lent(pools)

    answer = await pools.verified(award, "100.00", benefit_owner="PER")

    assert refusal(answer)[1] == "verified-by-owner"


async def test_arrears_are_told_for_every_day_that_there_is(world: World) -> None:
    pools = await make_pool_world(world)
    await lent(pools)
    path = f"/pools/{pools.pool['id']}/arrears"

    answers = [await pools.finance.get(path, params={"day": day}) for day in ("0001-01-02", "9999-12-30")]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_an_instalment_in_a_year_that_nobody_plans_with_is_refused(world: World) -> None:
    pools = await make_pool_world(world)
    project = await world.project()
    asked = pools.asked(project["id"], repayments=[{"due_on": "0001-01-01", "amount": "1000000.00"}])

    answer = await pools.owner.post(f"/pool-rounds/{pools.round['id']}/applications", json=asked)

    assert refusal(answer) == (400, "malformed")
