"""Worked case 7: the line is not ready; the project steps back and passes later with all its papers (G2, G9)."""

from datetime import timedelta

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

    # The papers are there, but the benefit has no indicator and nobody in the line has confirmed it.
    await ready(world, handover)
    lacking = await missing(world, handover)
    early = await act(world, handover, "offer")
    await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)
    await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    await act(world, handover, "offer")
    refused = await act(world, handover, "refusal", LINE, missing=["training"], reason="Not the night shift")

    assert lacking == ["benefit-without-indicator", "benefit-not-confirmed"]
    assert problem(early)["type"].endswith("#handover-incomplete")
    assert refused.json()["state"] == "refused"

    # The gate says so as well: step back, on a condition with an owner and a deadline.
    not_ready = world.gate("BP4", "step-back", step_back_to="planlegge")
    for answer in not_ready["answers"]:
        if answer["item"] == "line-ready":
            answer["value"] = "no"
    gate = await made(world.office, f"/projects/{world.project_id}/gates", not_ready)
    go = await world.board.post(f"/gates/{gate['id']}/decision", json={"outcome": "go", "reason": "Anyway"})
    asked_for = condition(world, text="Train the night shift", needs_confirmation=True)
    await world.decided(gate["id"], "step-back", step_back_to="planlegge", conditions=[asked_for])
    back = await progress(world)

    assert problem(go)["type"].endswith("#mandatory-items-open")
    assert (back["phase"], back["state"]) == ("planlegge", "running")

    # It returns: what was asked for is done and confirmed, every gate from there on is passed again.
    await world.decided((await world.proposed(gate="BP3"))["id"])
    again = await world.proposed(gate="BP4")
    too_soon = await world.board.post(
        f"/gates/{again['id']}/decision", json={"outcome": "go", "reason": "Now they are"}
    )
    [asked] = (await world.office.get(f"/conditions?gate={gate['id']}")).json()["items"]
    told = await act_on_condition(world, asked, "report", OWNER, Role.READER, evidence="All are trained")
    confirmed = (told.json(), "confirmation", "bjarne", Role.BOARD_MEMBER)
    await act_on_condition(world, *confirmed, is_met=True)

    second = await made(world.office, f"/projects/{world.project_id}/handovers", receiver(world))
    without = papers(training={"state": "missing", "reason": "The night shift comes on Monday"})
    kept = await act(world, second, "papers", method="PUT", papers=without)
    still = await missing(world, second)
    await ready(world, second)
    offered = await act(world, second, "offer")
    accepted = await act(world, second, "acceptance", LINE)

    assert problem(too_soon)["type"].endswith("#conditions-open")
    assert (kept.status_code, still) == (200, ["paper-missing"])
    assert offered.json()["state"] == "offered"
    assert (accepted.json()["state"], accepted.json()["settled_by"]) == ("accepted", LINE)
    assert [one["handover_id"] for one in await events(world, "handover-accepted")] == [second["id"]]

    # It passes, is closed, and is looked at again when the effect should have come.
    await world.decided(again["id"])
    for code in ("BP5", "BP6"):
        await world.decided((await world.proposed(gate=code))["id"])
    due = (utc_now() + timedelta(days=500)).date().isoformat()
    review = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": due})
    ended = await progress(world)

    assert (ended["state"], review["state"]) == ("closed", "scheduled")
    passed = [(one["gate"], one["outcome"]) for one in reversed(ended["history"])]
    assert passed[3:6] == [("BP4", "step-back"), ("BP3", "go"), ("BP4", "go")]
    assert (await world.office.get(f"/benefits/{benefit['id']}")).json()["state"] == "confirmed"
