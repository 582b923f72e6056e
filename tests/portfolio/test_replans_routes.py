"""Planning again is offered when a stop has freed capacity (G6)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.replans import shifted
from gevinst_portfolio.schemas.replans import ReplanOut
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import all_items, database_of, events_of
from tests.portfolio.boards import post, ruled
from tests.portfolio.clocked import clocked, work_off
from tests.portfolio.planned import decided, open_world, plan_of, propose, publish, read, scenario, starts
from tests.portfolio.test_gates_followed import consume, gate
from tests.portfolio.world import World, make_world, obeys
from tests.support.callers import Desk, problem
from tests.support.clock import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
async def world(portfolio: Desk, clock: MovedClock) -> AsyncIterator[World]:
    with clocked(portfolio, clock):
        yield await open_world(await make_world(portfolio))


async def offers(world: World, **query: Any) -> list[dict[str, Any]]:
    items = await all_items(world.office, f"/portfolios/{world.portfolio_id}/replans", **query)
    assert all(obeys(ReplanOut, one) for one in items)
    return items


async def stopped(world: World, clock: MovedClock) -> dict[str, Any]:
    """The offer after a project of 2027 was stopped on the 10th of April."""
    project = await propose(world, "Stopped")
    clock.now = datetime(2027, 4, 10, 9, 0, tzinfo=UTC)
    await ruled(world, project["id"], "approve")
    await ruled(world, project["id"], "stop")
    (offer,) = await offers(world, state="open")
    return offer


def test_the_new_scenario_begins_with_the_next_quarter_and_ends_with_the_old_one() -> None:
    first = Quarter.read("2027-Q1")

    assert shifted(first, 8, date(2027, 4, 10)) == (Quarter.read("2027-Q3"), 6)
    assert shifted(first, 8, date(2026, 4, 10)) == (first, 8)
    assert shifted(first, 8, date(2030, 4, 10)) == (Quarter.read("2030-Q3"), 8)


async def test_a_stop_is_offered_with_what_it_freed_until_somebody_handles_it(
    world: World, clock: MovedClock
) -> None:
    offer = await stopped(world, clock)
    path = f"/replans/{offer['id']}"

    assert (offer["release"]["project_name"], offer["release"]["released_on"]) == ("Stopped", "2027-04-10")
    assert offer["release"]["total"]["amount"] == "2000000.00"
    (fact,) = await events_of(world.desk, "replan-offered")
    assert (fact["replan_id"], fact["project_name"]) == (offer["id"], "Stopped")
    no_scenario = await post(world.office, f"{path}/acceptance", {}, revision=1)
    assert problem(no_scenario)["type"].endswith("#nothing-decided-yet")
    stale = await post(world.office, f"{path}/dismissal", {"reason": "Too little."}, revision=7)
    dismissed = await post(world.office, f"{path}/dismissal", {"reason": "Too little."}, revision=1)
    assert stale.status_code == 412
    assert (dismissed.json()["state"], dismissed.json()["reason"]) == ("dismissed", "Too little.")
    again = await post(world.office, f"{path}/acceptance", {}, revision=2)
    assert problem(again)["type"].endswith("#replan-handled")
    assert await offers(world, state="open") == []
    (fact,) = await events_of(world.desk, "replan-dismissed")
    assert fact["reason"] == "Too little."


async def test_only_the_office_plans_again(world: World, clock: MovedClock) -> None:
    offer = await stopped(world, clock)
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")
    path = f"/replans/{offer['id']}"

    assert (await board.get(path)).status_code == 200
    assert (await post(board, f"{path}/acceptance", {}, revision=1)).status_code == 403
    assert (await post(board, f"{path}/dismissal", {"reason": "x"}, revision=1)).status_code == 403
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"/portfolios/{world.portfolio_id}/replans")).status_code == 404


async def test_nothing_is_offered_when_nothing_is_free(world: World, clock: MovedClock) -> None:
    project = await propose(world, "Over")
    clock.now = datetime(2027, 11, 10, 9, 0, tzinfo=UTC)
    await ruled(world, project["id"], "approve")
    await ruled(world, project["id"], "stop")

    assert await offers(world) == []


async def test_a_gates_stop_is_offered_too_and_only_once(world: World, clock: MovedClock) -> None:
    project = await propose(world, "Gated")
    events = [gate(world, project["id"], "running"), gate(world, project["id"], "stopped")]

    await consume(world, events, source=str(new_id()))
    await consume(world, events, source=str(new_id()))

    (offer,) = await offers(world)
    assert "gate_outcome_id" in offer["release"]


async def test_an_offer_leaves_who_when_what_before_and_after(world: World, clock: MovedClock) -> None:
    """E1"""
    offer = await stopped(world, clock)
    await post(world.office, f"/replans/{offer['id']}/dismissal", {"reason": "Too little."}, revision=1)

    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        rows = await connection.fetch(
            "SELECT actor, reason, before->>'state' AS before, after->>'state' AS after FROM audit "
            "WHERE subject = $1 ORDER BY id",
            f"replans/{offer['id']}",
        )

    assert [tuple(row) for row in rows] == [
        ("board", None, None, "open"),
        ("kari", "Too little.", "open", "dismissed"),
    ]


@pytest.mark.slow
async def test_an_accepted_offer_copies_the_decided_scenario_and_starts_what_was_left_out(
    world: World, clock: MovedClock
) -> None:
    """G6: the portfolio is asked what to start instead; what was spent stays spent."""
    best = await propose(world, "Best", benefit="30000000.00")
    await propose(world, "Good", benefit="20000000.00")
    third = await propose(world, "Third", benefit="15000000.00")
    found = await scenario(world, forced_in=[best["id"]])
    await world.office.post(f"/scenarios/{found['id']}/runs")
    await work_off(world, clock)
    await publish(world, found["id"])
    assert (await decided(world, found["id"])).status_code == 201
    assert starts(await plan_of(world, found["id"])).keys() == {"Best", "Good"}
    clock.now = datetime(2027, 4, 10, 9, 0, tzinfo=UTC)
    await ruled(world, best["id"], "stop")
    (offer,) = await offers(world)

    answer = await post(world.office, f"/replans/{offer['id']}/acceptance", {}, revision=1)
    await work_off(world, clock)

    assert answer.status_code == 200, answer.text
    accepted = answer.json()
    assert obeys(ReplanOut, accepted)
    assert (accepted["state"], accepted["handled_by"]) == ("accepted", "kari")
    made = await read(world.office, f"/scenarios/{accepted['scenario_id']}")
    assert (made["name"], made["first_quarter"], made["quarters"]) == ("Plan 2027-04-10", "2027-Q3", 6)
    assert made["assumptions"]["forced_in"] == []
    # Best had spent two of 2027's six million.
    money = {one["year"]: one["amount"] for one in made["assumptions"]["budgets"]}
    assert money == {2027: "4000000.00", 2028: "4000000.00"}
    assert (await read(world.office, f"/runs/{accepted['run_id']}"))["state"] == "done"
    assert "Third" in starts(await plan_of(world, made["id"]))
    assert third["status"] == "proposed"
    (fact,) = await events_of(world.desk, "replan-accepted")
    assert fact["scenario_id"] == made["id"]
