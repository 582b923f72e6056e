"""Worked case 7: the line is not ready; the project steps back and passes later with all papers (G2, G9)."""

from datetime import timedelta
from typing import Any

from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.benefits.steered import condition, papers, receiver
from tests.benefits.test_condition_routes import act as act_on_condition
from tests.benefits.test_condition_routes import events, progress
from tests.benefits.test_handover_routes import LINE, act, missing, opened, ready
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, made
from tests.support.callers import problem


async def test_the_line_is_not_ready_and_takes_over_later_with_all_papers(world: World) -> None:
    """G2, G5, G7, G9, G10: from a refused handover over a step back to a project that is closed."""
    handover = await opened(world)
    benefit = await world.planned()
    for code in ("BP1", "BP2", "BP3"):
        await world.decided((await world.proposed(gate=code))["id"])

    await _the_line_refuses(world, handover, benefit["id"])
    stepped = await _stepped_back(world)
    again = await _returned_and_trained(world, stepped)
    await _taken_over(world)
    await world.decided(again)
    for code in ("BP5", "BP6"):
        await world.decided((await world.proposed(gate=code))["id"])

    # It is closed, and looked at again when the effect should have come.
    due = (utc_now() + timedelta(days=500)).date().isoformat()
    review = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": due})
    ended = await progress(world)
    assert (ended["state"], review["state"]) == ("closed", "scheduled")
    passed = [(one["gate"], one["outcome"]) for one in reversed(ended["history"])]
    assert passed[3:6] == [("BP4", "step-back"), ("BP3", "go"), ("BP4", "go")]
    assert (await world.office.get(f"/benefits/{benefit['id']}")).json()["state"] == "confirmed"


async def _the_line_refuses(world: World, handover: dict[str, Any], benefit_id: str) -> None:
    """G9: papers alone are not enough, and the line says what it lacks."""
    await ready(world, handover)
    lacking = await missing(world, handover)
    early = await act(world, handover, "offer")
    await made(world.office, f"/benefits/{benefit_id}/indicators", INDICATOR)
    await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit_id}/confirmation")
    await act(world, handover, "offer")

    refused = await act(world, handover, "refusal", LINE, missing=["training"], reason="Not the night shift")

    assert lacking == ["benefit-without-indicator", "benefit-not-confirmed"]
    assert problem(early)["type"].endswith("#handover-incomplete")
    assert refused.json()["state"] == "refused"


async def _stepped_back(world: World) -> str:
    """G2, G5: the gate that sent the project back, on a condition with an owner and a deadline."""
    not_ready = world.gate("BP4", "step-back", step_back_to="planlegge")
    for answer in not_ready["answers"]:
        if answer["item"] == "line-ready":
            answer["value"] = "no"
    gate = await made(world.office, f"/projects/{world.project_id}/gates", not_ready)
    go = await world.board.post(f"/gates/{gate['id']}/decision", json={"outcome": "go", "reason": "Anyway"})
    asked_for = condition(world, text="Train the night shift", needs_confirmation=True)

    await world.decided(gate["id"], "step-back", step_back_to="planlegge", conditions=[asked_for])

    assert problem(go)["type"].endswith("#mandatory-items-open")
    back = await progress(world)
    assert (back["phase"], back["state"]) == ("planlegge", "running")
    return str(gate["id"])


async def _returned_and_trained(world: World, stepped: str) -> str:
    """G7: the gate that it comes back to, which waits until the condition is met and confirmed."""
    await world.decided((await world.proposed(gate="BP3"))["id"])
    again = await world.proposed(gate="BP4")
    too_soon = await world.board.post(
        f"/gates/{again['id']}/decision", json={"outcome": "go", "reason": "Now they are"}
    )
    [asked] = (await world.office.get(f"/conditions?gate={stepped}")).json()["items"]
    told = await act_on_condition(world, asked, "report", OWNER, Role.READER, evidence="All are trained")
    board = ("confirmation", "bjarne", Role.BOARD_MEMBER)

    confirmed = await act_on_condition(world, told.json(), *board, is_met=True)

    assert problem(too_soon)["type"].endswith("#conditions-open")
    assert confirmed.json()["state"] == "met"
    return str(again["id"])


async def _taken_over(world: World) -> None:
    """G9: a new handover, offered when its last paper is there."""
    second = await made(world.office, f"/projects/{world.project_id}/handovers", receiver(world))
    without = papers(training={"state": "missing", "reason": "The night shift comes on Monday"})
    kept = await act(world, second, "papers", method="PUT", papers=without)
    still = await missing(world, second)
    await ready(world, second)
    offered = await act(world, second, "offer")

    accepted = await act(world, second, "acceptance", LINE)

    assert (kept.status_code, still) == (200, ["paper-missing"])
    assert offered.json()["state"] == "offered"
    assert (accepted.json()["state"], accepted.json()["settled_by"]) == ("accepted", LINE)
    assert [one["handover_id"] for one in await events(world, "handover-accepted")] == [second["id"]]
