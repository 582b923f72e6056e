"""X3: a playbook that was taken over is the project's own, and is kept up to date without losing that."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gevinst_portfolio.schemas.playbook_adoptions import (
    AdoptedActivityOut,
    AdoptedDecisionOut,
    PlaybookAdoptionOut,
    PlaybookAdoptionPageOut,
    PlaybookPlanOut,
)
from gevinst_portfolio.schemas.playbooks import PlaybookFollowerPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.portfolio.playbook_world import (
    BEGIN,
    COUNT,
    TRAIN,
    act,
    adopted,
    change_activity,
    changed,
    next_edition,
    plan,
    progress,
    published,
    taken_over,
)
from tests.portfolio.world import World, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation


async def test_x3_what_is_taken_over_has_days_of_its_own(world: World) -> None:
    _, adoption = await adopted(world)
    path = f"/playbook-adoptions/{adoption['id']}"

    before = await plan(world.office, adoption["id"])
    points = [{"point": "start", "day": "2027-02-01"}, {"point": "contract", "day": "2027-03-01"}]
    moved = await put(world.office, path, {"points": points})
    after = await plan(world.office, adoption["id"])

    assert obeys(PlaybookAdoptionOut, adoption)
    assert obeys(PlaybookAdoptionOut, moved.json())
    assert (adoption["points"], adoption["planned"]) == ([{"point": "start", "day": "2027-01-04"}], 2)
    assert (before[COUNT]["starts_on"], before[COUNT]["ends_on"]) == ("2027-01-04", "2027-01-18")
    # Nobody has said when the contract is.
    assert "starts_on" not in before[TRAIN]
    assert (after[COUNT]["starts_on"], after[TRAIN]["starts_on"]) == ("2027-02-01", "2027-03-29")
    assert after[TRAIN]["after"] == [COUNT]


async def test_the_plan_says_where_each_item_is_from(world: World) -> None:
    _, adoption = await adopted(world)
    path = f"/playbook-adoptions/{adoption['id']}"
    await world.office.post(
        f"{path}/activities", json={"title": "Tell the press", "week": 1, "after": [COUNT]}
    )
    mine = await change_activity(world, adoption, COUNT, role=None, week=1)

    found = (await world.office.get(f"{path}/plan")).json()

    assert obeys(PlaybookPlanOut, found)
    assert obeys(AdoptedActivityOut, mine)
    assert [(one["origin"], one["changed_members"], one.get("edition")) for one in found["activities"]] == [
        ("playbook", ["role", "week"], 1),
        ("playbook", [], 1),
        ("own", [], None),
    ]
    assert found["activities"][2]["starts_on"] == "2027-01-11"


async def test_what_is_said_as_in_the_playbook_is_no_change_of_ours(world: World) -> None:
    _, adoption = await adopted(world)
    await change_activity(world, adoption, COUNT, week=7)

    back = await change_activity(world, adoption, COUNT, week=0)

    assert back["changed_members"] == []


async def test_activities_are_done_and_left_out_with_a_reason(world: World) -> None:
    _, adoption = await adopted(world)
    await progress(world, adoption, COUNT, state="done")
    item = (await plan(world.office, adoption["id"]))[TRAIN]
    path = f"/adopted-activities/{item['id']}/progress"

    silent = await act(world.office, path, state="left-out")
    left = await progress(world, adoption, TRAIN, state="left-out", reason="All are trained.")
    found = (await world.office.get(f"/playbook-adoptions/{adoption['id']}")).json()

    assert problem(silent)["errors"][0]["pointer"] == "/body/reason"
    assert (left["state"], left["reason"]) == ("left-out", "All are trained.")
    assert (found["planned"], found["done"], found["left_out"]) == (0, 1, 1)


async def test_a_decision_is_taken_on_a_day_that_has_come_with_its_reason(world: World) -> None:
    _, adoption = await adopted(world)
    item = (await plan(world.office, adoption["id"]))[BEGIN]
    path = f"/adopted-decisions/{item['id']}"
    today = day_there(world.desk.organisation, utc_now())
    taken: dict[str, Any] = {"state": "taken", "decided_on": str(today), "reason": "They are ready."}

    pointers = [
        problem(await act(world.office, f"{path}/outcome", **{**taken, **odd}))["errors"][0]["pointer"]
        for odd in ({"decided_on": str(today + timedelta(days=1))}, {"reason": ""})
    ]
    dayless = await act(world.office, f"{path}/outcome", state="taken", reason="Yes")
    answer = await act(world.office, f"{path}/outcome", **taken)
    stale = await act(world.office, f"{path}/outcome", state="open")
    reopened = await act(world.office, f"{path}/outcome", 2, state="open")

    assert pointers == ["/body/decided_on", "/body/reason"]
    assert problem(dayless)["errors"][0]["pointer"] == "/body/decided_on"
    assert obeys(AdoptedDecisionOut, answer.json())
    assert (answer.json()["state"], answer.json()["decided_on"]) == ("taken", str(today))
    assert stale.status_code == 412
    assert "decided_on" not in reopened.json()


async def test_a_decision_can_be_changed_here(world: World) -> None:
    _, adoption = await adopted(world)
    item = (await plan(world.office, adoption["id"]))[BEGIN]
    body = {"title": "Which schools begin", "before_gate": "BP3", "papers": ["Baseline"]}

    answer = await put(world.office, f"/adopted-decisions/{item['id']}", body)

    assert answer.json()["changed_members"] == ["before_activity", "before_gate", "title"]
    assert "before_activity" not in answer.json()


async def test_a_withdrawn_playbook_is_not_taken_over_and_who_did_keeps_it(world: World) -> None:
    playbook, adoption = await adopted(world)
    await act(world.office, f"/playbooks/{playbook['id']}/withdrawal", 2, reason="It is wrong")
    other = await world.project(name="Another")

    answer = await world.office.post(
        f"/projects/{other['id']}/playbook-adoptions", json={"playbook_id": playbook["id"]}
    )
    found = (await world.office.get(f"/playbook-adoptions/{adoption['id']}")).json()

    assert problem(answer)["type"].endswith("#playbook-withdrawn")
    assert (found["link"], found["withdrawal_reason"]) == ("withdrawn", "It is wrong")


async def test_a_project_takes_a_playbook_over_once(world: World) -> None:
    playbook, adoption = await adopted(world)

    answer = await world.office.post(
        f"/projects/{adoption['project_id']}/playbook-adoptions", json={"playbook_id": playbook["id"]}
    )

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#already-there")


async def test_an_older_edition_can_be_taken_over(world: World) -> None:
    playbook = await published(world)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    project = await world.project(name="Ours")

    found = await taken_over(world.office, project["id"], playbook["id"], edition=1)

    assert (found["edition"], found["newest_edition"], found["has_update"]) == (1, 2, True)


async def test_the_publisher_sees_its_own_projects_that_took_it_over(world: World) -> None:
    playbook, adoption = await adopted(world)

    listed = (await world.office.get(f"/playbooks/{playbook['id']}/adoptions")).json()
    of_project = {"project": adoption["project_id"]}
    adoptions = (await world.office.get("/playbook-adoptions", params=of_project)).json()

    assert obeys(PlaybookFollowerPageOut, listed)
    assert [(one["id"], one["planned"]) for one in listed["items"]] == [(adoption["id"], 2)]
    assert obeys(PlaybookAdoptionPageOut, adoptions)
    assert [one["id"] for one in adoptions["items"]] == [adoption["id"]]


async def test_adoptions_are_changed_by_those_who_may(world: World) -> None:
    playbook, adoption = await adopted(world)
    items = await plan(world.office, adoption["id"])
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    paths = [
        f"/playbook-adoptions/{adoption['id']}",
        f"/playbook-adoptions/{adoption['id']}/plan",
        f"/playbook-adoptions/{adoption['id']}/update",
        f"/adopted-activities/{items[COUNT]['id']}",
        f"/adopted-decisions/{items[BEGIN]['id']}",
    ]

    refused = await put(board, paths[0], {"points": []})
    elsewhere = await stranger.post(
        f"/projects/{adoption['project_id']}/playbook-adoptions", json={"playbook_id": playbook["id"]}
    )

    assert (refused.status_code, elsewhere.status_code) == (403, 404)
    assert [(await stranger.get(path)).status_code for path in paths] == [404] * 5
    # An activity is no decision.
    assert (await world.office.get(f"/adopted-decisions/{items[COUNT]['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"points": [{"point": "start", "day": "1066-10-14"}]}, "/body/points/0/day"),
        ({"points": [{"point": "The start", "day": "2027-01-04"}]}, "/body/points/0/point"),
        ({"edition": 0}, "/body/edition"),
        ({"playbook_id": "x"}, "/body/playbook_id"),
    ],
)
async def test_odd_adoptions_are_refused(world: World, body: dict[str, Any], pointer: str) -> None:
    project = await world.project()

    answer = await world.office.post(
        f"/projects/{project['id']}/playbook-adoptions", json={"playbook_id": str(uuid4()), **body}
    )

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"][0]["pointer"] == pointer
