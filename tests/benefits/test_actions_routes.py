"""B8 over HTTP: realisation actions have an owner, a deadline and a state."""

import asyncio
from typing import Any

import pytest

from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import DELIVERY, action, approved, installation, risk, told
from tests.benefits.world import World, made
from tests.support.callers import problem

REASON = {"reason": "Another way was found"}


async def planned_action(world: World, **members: Any) -> dict[str, Any]:
    benefit = await world.planned()
    return await made(world.office, f"/benefits/{benefit['id']}/actions", action(world, **members))


async def stepped(world: World, one: dict[str, Any], state: str, **members: Any) -> Any:
    current = await world.office.get(f"/actions/{one['id']}")
    headers = {"If-Match": current.headers["etag"]}
    body = {"state": state, **members}
    return await world.office.post(f"/actions/{one['id']}/steps", json=body, headers=headers)


async def test_a_deadline_hangs_on_the_project_and_is_overdue_when_it_has_passed(world: World) -> None:
    """B9: the deadline moves with the project."""
    one = await planned_action(world, deadline={"hangs_on": "end", "offset_months": -1})
    assert "due_on" not in one
    assert not one["is_overdue"]

    await approved(world, "2020-01-01", "2020-03-31")
    overdue = (await world.office.get(f"/actions/{one['id']}")).json()
    await approved(world, "2020-01-01", "2999-03-31")
    later = (await world.office.get(f"/actions/{one['id']}")).json()

    assert (overdue["due_on"], overdue["is_overdue"]) == ("2020-02-29", True)
    assert (later["due_on"], later["is_overdue"]) == ("2999-02-28", False)


async def test_a_deadline_on_a_delivery_moves_with_it(world: World) -> None:
    delivery = await made(world.office, f"/projects/{world.project_id}/deliveries", DELIVERY)
    deadline = {"hangs_on": "milestone", "delivery_id": delivery["id"], "offset_months": 1}

    one = await planned_action(world, deadline=deadline)

    assert one["due_on"] == "2027-05-01"


async def test_an_action_is_started_done_and_taken_up_again(world: World) -> None:
    one = await planned_action(world)

    started = await stepped(world, one, "started")
    done = await stepped(world, one, "done", on="2026-05-02", follow_up="Count the calls in June")
    silent = await stepped(world, one, "started")
    again = await stepped(world, one, "started", reason="People still call")

    assert started.json()["state"] == "started"
    assert done.json()["done_on"] == "2026-05-02"
    assert (done.json()["done_by"], done.json()["follow_up"]) == ("kari", "Count the calls in June")
    assert problem(silent)["type"].endswith("#action-reason-missing")
    assert "done_on" not in again.json()
    [heard] = await told(world, "action-done")
    assert (heard["name"], heard["owner_unit_id"]) == (one["name"], str(world.unit))
    assert len(await told(world, "action-started")) == 2


async def test_an_action_is_dropped_only_with_a_reason(world: World) -> None:
    one = await planned_action(world)

    silent = await stepped(world, one, "dropped")
    dropped = await stepped(world, one, "dropped", **REASON)

    assert (silent.status_code, problem(silent)["type"].partition("#")[2]) == (400, "action-reason-missing")
    assert (dropped.json()["state"], dropped.json()["reason"]) == ("dropped", REASON["reason"])
    assert not dropped.json()["is_overdue"]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([{"state": "planned"}], "action-step-not-possible"),
        ([{"state": "done"}, {"state": "dropped", **REASON}], "action-step-not-possible"),
        ([{"state": "done", "on": "2999-01-01"}], "action-done-in-future"),
        ([{"state": "overdue"}], "malformed"),
    ],
)
async def test_odd_steps_are_refused(world: World, steps: list[dict[str, Any]], code: str) -> None:
    one = await planned_action(world)

    answers = [await stepped(world, one, **step) for step in steps]

    assert problem(answers[-1])["type"].endswith(f"#{code}")


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"kind": "magic"}, 400, "malformed"),
        ({"kind": "other"}, 400, "action-kind-unsaid"),
        ({"other_kind": "Moving house"}, 400, "action-kind-unsaid"),
        ({"owner": {}}, 400, "malformed"),
        ({"owner": {"person_id": str(new_id())}}, 409, "person-not-known"),
        ({"owner": {"role": "unit-leader", "unit_id": str(new_id())}}, 409, "unit-not-known"),
        ({"deadline": {"hangs_on": "none"}}, 400, "odd-timing"),
        ({"deadline": {"hangs_on": "end", "day": "2027-01-01"}}, 400, "odd-timing"),
        ({"deadline": {"hangs_on": "end", "offset_months": 10_000}}, 400, "malformed"),
        ({"deadline": {"hangs_on": "milestone", "delivery_id": str(new_id())}}, 409, "delivery-not-known"),
        ({"name": " "}, 400, "malformed"),
        ({"state": "done"}, 400, "malformed"),
    ],
)
async def test_odd_actions_are_refused(world: World, members: dict[str, Any], status: int, code: str) -> None:
    benefit = await world.planned()

    answer = await world.office.post(f"/benefits/{benefit['id']}/actions", json=action(world, **members))

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (status, code)


async def test_actions_are_listed_by_who_must_do_them_and_by_when(world: World) -> None:
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/actions"
    person = {"person_id": str(world.owner_id)}
    soon = {"hangs_on": "none", "day": "2026-01-01"}
    early = await made(world.office, path, action(world, name="Early", owner=person, deadline=soon))
    late = await made(world.office, path, action(world, name="Late"))
    never = await made(world.office, path, action(world, name="Undated", deadline={"hangs_on": "end"}))
    done = await made(world.office, path, action(world, name="Done", deadline=soon))
    await stepped(world, done, "done")

    async def listed(**query: Any) -> list[str]:
        answer = await world.office.get("/actions", params=query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert (await listed())[-2:] == [late["id"], never["id"]]
    assert await listed(owner=world.owner_id) == [early["id"]]
    assert await listed(unit=world.top, state="planned") == [late["id"], never["id"]]
    assert await listed(due="2026-12-31") == [early["id"]]
    assert await listed(project=world.other_id) == []
    assert len(await listed(benefit=benefit["id"], project=world.project_id)) == 4
    first = (await world.office.get("/actions?limit=3")).json()
    second = (await world.office.get(f"/actions?limit=3&cursor={first['next_cursor']}")).json()
    assert [one["id"] for one in second["items"]] == [never["id"]]
    last = (await world.office.get("/actions?limit=1&sort=-due")).json()
    before = (await world.office.get(f"/actions?limit=1&sort=-due&cursor={last['next_cursor']}")).json()
    assert [one["id"] for one in (*last["items"], *before["items"])] == [never["id"], late["id"]]


@pytest.mark.parametrize(
    "query", ["due=tomorrow", "due=infinity", "due=2026-02-30", "owner=me", "state=overdue"]
)
async def test_odd_filters_are_refused(world: World, query: str) -> None:
    answer = await world.office.get(f"/actions?{query}")

    assert answer.status_code == 400, answer.text


async def test_of_two_who_change_an_action_at_once_one_must_read_it_again(world: World) -> None:
    one = await planned_action(world)
    body, headers = action(world, name="Mine"), {"If-Match": '"1"'}

    answers = await asyncio.gather(
        *(world.office.put(f"/actions/{one['id']}", json=body, headers=headers) for _ in range(5))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_an_action_changes_by_revision_and_keeps_what_became_of_it(world: World) -> None:
    one = await planned_action(world)
    await stepped(world, one, "started")
    path, body = f"/actions/{one['id']}", action(world, name="Close the counter on Mondays")

    missing = await world.office.put(path, json=body)
    stale = await world.office.put(path, json=body, headers={"If-Match": '"1"'})
    changed = await world.office.put(path, json=body, headers={"If-Match": '"2"'})

    assert (missing.status_code, stale.status_code) == (428, 412)
    assert (changed.json()["name"], changed.json()["state"]) == (body["name"], "started")


async def test_a_closed_benefit_takes_no_more_actions_and_a_moved_one_takes_them_along(world: World) -> None:
    """G6."""
    await world.started()
    closed, moved = await world.planned(name="Closed"), await world.planned(name="Moved")
    one = await made(world.office, f"/benefits/{moved['id']}/actions", action(world))
    await made(world.office, f"/benefits/{moved['id']}/risks", risk(world))
    rows = {"installations": [installation(world)]}
    await made(world.office, f"/benefits/{moved['id']}/installations", rows)
    gate = await world.proposed(outcome="stop")
    moves = [{"benefit_id": moved["id"], "project_id": world.other_id}]
    await world.decided(gate["id"], "stop", moved_benefits=moves)

    refused = await world.office.post(f"/benefits/{closed['id']}/actions", json=action(world))
    there = (await world.office.get(f"/actions?project={world.other_id}")).json()["items"]

    assert (refused.status_code, problem(refused)["type"].partition("#")[2]) == (409, "benefit-ended")
    assert [two["id"] for two in there] == [one["id"]]
    for kind in ("risks", "installations"):
        taken = await world.office.get(f"/benefits/{there[0]['benefit_id']}/{kind}")
        assert len(taken.json()["items"]) == 1


async def test_nobody_can_follow_up_more_than_fifty_actions(world: World) -> None:
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/actions"
    for _ in range(50):
        await made(world.office, path, action(world))

    answer = await world.office.post(path, json=action(world))

    assert problem(answer)["type"].endswith("#too-many-here")
