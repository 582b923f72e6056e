"""The board decides from a published scenario (P8)."""

import pytest

from gevinst_portfolio.schemas.decisions import DecisionOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import all_items, database_of, events_of
from tests.portfolio.planned import (
    DECISION,
    decided,
    open_world,
    plan_of,
    propose,
    publish,
    read,
    solve,
    solved,
    starts,
)
from tests.portfolio.world import World, make_world, obeys
from tests.support.callers import Desk, problem

pytestmark = pytest.mark.slow


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def test_the_chosen_are_approved_with_their_starts_and_the_others_stay_proposed(world: World) -> None:
    await propose(world, "Best", benefit="30000000.00")
    await propose(world, "Good", benefit="20000000.00")
    poor = await propose(world, "Poor", benefit="5000000.00")
    found = await solved(world)
    await publish(world, found["id"])

    answer = await decided(world, found["id"])

    assert answer.status_code == 201, answer.text
    decision = answer.json()
    assert obeys(DecisionOut, decision)
    assert decision["left_out"] == [poor["id"]]
    assert (decision["case_number"], decision["decided_by"]) == ("2026/4711", "board")
    assert await read(world.office, f"/decisions/{decision['id']}") == decision
    assert (await read(world.office, "/decisions", scenario=found["id"]))["items"] == [decision]
    projects = {
        one["name"]: one for one in await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    }
    begun = starts(await plan_of(world, found["id"]))
    assert projects["Poor"] == poor
    assert projects["Best"]["status"] == "approved"
    assert projects["Best"]["start"] == "2027-01-01"
    assert begun["Good"] == "2027-Q3"
    assert (projects["Good"]["start"], projects["Good"]["end"]) == ("2027-07-01", "2028-06-30")
    approved = {fact["project_name"]: fact for fact in await events_of(world.desk, "project-approved")}
    assert approved.keys() == {"Best", "Good"}
    assert (approved["Good"]["starts_on"], approved["Good"]["status"]) == ("2027-07-01", "approved")
    (fact,) = await events_of(world.desk, "decision-made")
    assert (fact["approved_count"], fact["left_out_count"]) == (2, 1)
    assert fact["total_cost"]["amount"] == "8000000.00"


async def test_what_starts_in_a_quarter_that_has_come_runs_at_once(world: World) -> None:
    """The clock of these tests is the real one, so the project is one that was to begin long ago."""
    await propose(world, "Late", start="2020-01-01", end="2020-12-31")
    body = {
        "name": "Past",
        "first_quarter": "2020-Q1",
        "quarters": 8,
        "assumptions": {"budgets": []},
    }
    made = await world.office.post(f"/portfolios/{world.portfolio_id}/scenarios", json=body)
    await solve(world, made.json()["id"])
    await publish(world, made.json()["id"])

    decision = (await decided(world, made.json()["id"])).json()

    assert [(one["effect"], one["status"]) for one in decision["projects"]] == [("approved", "running")]


async def test_a_later_decision_follows_the_first_and_moves_what_it_starts_otherwise(world: World) -> None:
    await propose(world, "Good", benefit="20000000.00")
    first = await solved(world)
    await publish(world, first["id"])
    one = (await decided(world, first["id"])).json()
    nothing_in_2027 = [
        {"year": 2027, "kind": "investment", "amount": "0.00"},
        {"year": 2028, "kind": "investment", "amount": "4000000.00"},
    ]
    second = await solved(world, budgets=nothing_in_2027)
    await publish(world, second["id"])

    two = (await decided(world, second["id"])).json()

    assert "follows_id" not in one
    assert two["follows_id"] == one["id"]
    assert two["projects"][0]["effect"] == "rescheduled"
    (fact,) = await events_of(world.desk, "project-rescheduled")
    assert (fact["previous_start"], fact["new_start"]) == ("2027-01-01", "2028-01-01")


async def test_only_the_board_decides_and_only_from_what_was_published_and_only_once(world: World) -> None:
    await propose(world, "A")
    found = await solved(world)
    path = f"/scenarios/{found['id']}/decisions"
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")

    assert (await world.office.post(path, json=DECISION)).status_code == 403
    assert (await board.post(path, json=DECISION)).status_code == 404
    both = world.desk.caller(Role.BOARD_MEMBER, Role.PORTFOLIO_OFFICE)
    early = await both.post(path, json=DECISION)
    assert problem(early)["type"].endswith("#not-published")
    await publish(world, found["id"])
    assert (await world.office.post(path, json=DECISION)).status_code == 403
    assert (await decided(world, found["id"])).status_code == 201
    again = await decided(world, found["id"])
    assert (again.status_code, problem(again)["type"].rpartition("#")[2]) == (409, "scenario-decided")
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")
    assert (await stranger.post(path, json=DECISION)).status_code == 404


async def test_a_plan_that_chose_what_was_stopped_since_cannot_be_decided(world: World) -> None:
    project = await propose(world, "A")
    found = await solved(world)
    await publish(world, found["id"])
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = 'stopped' WHERE id = $1", project["id"])

    answer = await decided(world, found["id"])

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (409, "plan-outdated")
    assert await events_of(world.desk, "decision-made") == []


async def test_no_decision_can_be_changed_in_the_database(world: World) -> None:
    await propose(world, "A")
    found = await solved(world)
    await publish(world, found["id"])
    await decided(world, found["id"])

    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        with pytest.raises(Exception, match="permission denied"):
            await connection.execute("UPDATE decision SET reasons = 'other'")
