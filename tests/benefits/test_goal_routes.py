"""Goals over HTTP: commitments of units that outlive the means (G8)."""

from typing import Any

import pytest

from gevinst_benefits.schemas.goals import GoalOut
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.values.ids import new_id
from tests.benefits.world import World, made
from tests.support.callers import problem


def savings(world: World, **members: Any) -> dict[str, Any]:
    """A savings frame of the lower unit."""
    money = {"amount": "250000.00", "currency": "NOK", "price_year": 2026}
    return {
        "unit_id": str(world.unit),
        "name": "Two per cent less",
        "target": {"kind": "savings-frame", "money": money},
        "due_year": 2028,
    } | members


async def test_a_goal_answers_what_the_schema_promises(world: World) -> None:
    goal = await made(world.office, "/goals", savings(world, description="From the budget"))
    service = {"kind": "service-goal", "amount": "10.5", "unit_of_measure": "days"}
    other = await made(world.office, "/goals", savings(world, target=service))
    benefit = await world.planned()
    linked = await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefit["id"]})

    shown = (await world.office.get(f"/goals/{goal['id']}")).json()
    listed = (await world.office.get("/goals?sort=id")).json()["items"]

    assert shown == linked
    assert listed == [linked, other]
    for one in listed:
        assert GoalOut.model_validate(one).model_dump(mode="json", exclude_none=True) == one
    assert (goal["has_means"], linked["has_means"], other["target"]) == (False, True, service)
    assert linked["means"] == [
        {
            "benefit_id": benefit["id"],
            "project_id": world.project_id,
            "name": benefit["name"],
            "state": "proposed",
        }
    ]


async def test_when_the_project_stops_the_goal_stays_and_is_without_means(world: World) -> None:
    """G8: the means are opened, the commitment is not."""
    await world.started()
    kept, closed = await world.planned(name="Kept"), await world.planned(name="Closed")
    goals = [await made(world.office, "/goals", savings(world, name=name)) for name in ("First", "Second")]
    for goal, benefit in zip(goals, (kept, closed), strict=True):
        await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefit["id"]})
    gate = await world.proposed(outcome="stop")
    moves = [{"benefit_id": kept["id"], "project_id": world.other_id}]

    await world.decided(gate["id"], "stop", moved_benefits=moves)

    carried = (await world.office.get(f"/goals/{goals[0]['id']}")).json()
    bare = (await world.office.get(f"/goals/{goals[1]['id']}")).json()
    assert (carried["state"], carried["has_means"]) == ("open", True)
    assert carried["means"][0]["project_id"] == world.other_id
    assert (bare["state"], bare["has_means"], bare["means"][0]["state"]) == ("open", False, "closed")
    without = (await world.office.get("/goals?means=false")).json()["items"]
    assert [one["id"] for one in without] == [bare["id"]]
    feed = await world.desk.caller(Role.INTEGRATION, subject="link").get("/events?limit=100&wait=5")
    told = [e["data"] for e in feed.json()["items"] if e["type"].endswith("goal-without-means.v1")]
    assert [one["goal_id"] for one in told] == [bare["id"]]
    again = await world.planned_in(world.other_id)
    mended = await made(world.office, f"/goals/{bare['id']}/means", {"benefit_id": again["id"]})
    assert mended["has_means"] is True


async def test_a_goal_is_settled_for_a_reason_and_then_stays_as_it_is(world: World) -> None:
    """G8: withdrawing a commitment is an act with a name and a reason."""
    goal = await made(world.office, "/goals", savings(world))
    path = f"/goals/{goal['id']}"

    blank = await world.office.put(
        f"{path}/state", json={"state": "met", "reason": " "}, headers={"If-Match": '"1"'}
    )
    met = await world.office.put(
        f"{path}/state", json={"state": "met", "reason": "The accounts say so"}, headers={"If-Match": '"1"'}
    )
    late = await world.office.put(path, json=savings(world), headers={"If-Match": '"2"'})
    twice = await world.office.put(
        f"{path}/state", json={"state": "withdrawn", "reason": "No"}, headers={"If-Match": '"2"'}
    )
    opened = await world.office.put(
        f"{path}/state", json={"state": "open", "reason": "A mistake"}, headers={"If-Match": '"2"'}
    )

    assert blank.status_code == 400
    assert (met.json()["state"], met.json()["ended_by"]) == ("met", "kari")
    assert problem(late)["type"].endswith("#goal-ended")
    assert problem(twice)["type"].endswith("#goal-ended")
    assert opened.json()["state"] == "open"
    assert "ended_by" not in opened.json()


async def test_a_goal_changes_at_the_revision_that_was_read(world: World) -> None:
    goal = await made(world.office, "/goals", savings(world))
    path = f"/goals/{goal['id']}"
    changed = savings(world, name="Three per cent less", unit_id=str(world.top))

    missing = await world.office.put(path, json=changed)
    first = await world.office.put(path, json=changed, headers={"If-Match": '"1"'})
    stale = await world.office.put(path, json=changed, headers={"If-Match": '"1"'})

    assert (missing.status_code, first.status_code, stale.status_code) == (428, 200, 412)
    assert (first.json()["name"], first.json()["unit_id"]) == ("Three per cent less", str(world.top))


async def test_means_are_linked_once_and_taken_off(world: World) -> None:
    goal = await made(world.office, "/goals", savings(world))
    benefit = await world.planned()
    path = f"/goals/{goal['id']}/means"
    body = {"benefit_id": benefit["id"]}
    linked = await made(world.office, path, body)

    twice = await world.office.post(path, json=body)
    nothing = await world.office.post(path, json={"benefit_id": str(new_id())})
    stale = await world.office.delete(f"{path}/{benefit['id']}", headers={"If-Match": '"1"'})
    gone = await world.office.delete(
        f"{path}/{benefit['id']}", headers={"If-Match": f'"{linked["revision"]}"'}
    )
    again = await world.office.delete(
        f"{path}/{benefit['id']}", headers={"If-Match": f'"{linked["revision"] + 1}"'}
    )

    assert (twice.status_code, nothing.status_code, stale.status_code) == (409, 404, 412)
    assert (gone.status_code, again.status_code) == (204, 404)


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"unit_id": "0198b6a4-7c1e-7000-8000-000000000009"}, 409),
        ({"due_year": 0}, 400),
        ({"target": {"kind": "savings-frame", "amount": "1", "unit_of_measure": "days"}}, 400),
        ({"target": {"kind": "wish"}}, 400),
        ({"state": "met"}, 400),
    ],
)
async def test_odd_goals_are_refused(world: World, members: dict[str, Any], status: int) -> None:
    answer = await world.office.post("/goals", json=savings(world, **members))

    assert answer.status_code == status, answer.text


async def test_only_the_unit_and_those_above_it_commit_it(world: World) -> None:
    await world.assign("lise", Role.UNIT_LEADER, "unit", world.unit)
    lise = world.desk.caller(subject="lise")

    own = await lise.post("/goals", json=savings(world))
    above = await lise.post("/goals", json=savings(world, unit_id=str(world.top)))
    reader = await world.desk.caller(Role.READER, subject="rolf").post("/goals", json=savings(world))

    assert (own.status_code, above.status_code, reader.status_code) == (201, 403, 403)


async def test_another_organisation_sees_no_goal(world: World) -> None:
    goal = await made(world.office, "/goals", savings(world))
    stranger = world.desk.caller(*EVERYONE, subject="per", organisation="0192:958935420")

    assert (await stranger.get(f"/goals/{goal['id']}")).status_code == 404
    assert (await stranger.get("/goals")).json()["items"] == []
    assert (await world.office.get("/goals?colour=red")).status_code == 400
