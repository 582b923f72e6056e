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
    PlaybookUpdateOut,
)
from gevinst_portfolio.schemas.playbooks import PlaybookFollowerPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.portfolio.playbook_world import (
    ACTIVITIES,
    BEGIN,
    COUNT,
    DECISIONS,
    TRAIN,
    act,
    changed,
    next_edition,
    of_activity,
    plan,
    published,
    taken_over,
    update,
)
from tests.portfolio.world import World, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation

CLOSE = "0198b6a4-7c1e-7000-8000-00000000a003"
NEW = {"key": CLOSE, "title": "Close the counter", "week": 9}


async def adopted(world: World, **body: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A published playbook, and what a project made of it."""
    playbook = await published(world)
    project = await world.project(name="Ours", start="2027-01-04")
    return playbook, await taken_over(world.office, project["id"], playbook["id"], **body)


async def activity(world: World, adoption: dict[str, Any], key: str, **members: Any) -> dict[str, Any]:
    """Change an activity here."""
    item = (await plan(world.office, adoption["id"]))[key]
    path = f"/adopted-activities/{item['id']}"
    answer = await put(world.office, path, of_activity(item, **members), revision=item["revision"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def progress(world: World, adoption: dict[str, Any], key: str, **body: Any) -> dict[str, Any]:
    item = (await plan(world.office, adoption["id"]))[key]
    answer = await act(world.office, f"/adopted-activities/{item['id']}/progress", item["revision"], **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def accept(world: World, adoption: dict[str, Any], **body: Any) -> Any:
    path = f"/playbook-adoptions/{adoption['id']}"
    revision = (await world.office.get(path)).json()["revision"]
    return await act(world.office, f"{path}/acceptance", revision, **{"edition": 2, **body})


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
    mine = await activity(world, adoption, COUNT, role=None, week=1)

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
    await activity(world, adoption, COUNT, week=7)

    back = await activity(world, adoption, COUNT, week=0)

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


async def test_an_update_shows_what_changed_there_and_here_and_changes_nothing(world: World) -> None:
    playbook, adoption = await adopted(world)
    await activity(world, adoption, COUNT, week=3)
    await next_edition(world.office, playbook["id"], activities=[*changed(0, week=2, what="Ask"), NEW])
    before = await plan(world.office, adoption["id"])

    found = await update(world.office, adoption["id"])
    shown = (await world.office.get(f"/playbook-adoptions/{adoption['id']}")).json()

    assert obeys(PlaybookUpdateOut, found)
    assert (found["taken_edition"], found["edition"], found["note"]) == (1, 2, "Better")
    count, new = found["activities"]
    assert (count["upstream_members"], count["local_members"]) == (["what", "week"], ["week"])
    assert (count["conflicting_members"], count["is_conflict"]) == (["week"], True)
    assert [count[one]["week"] for one in ("taken", "theirs", "ours")] == [0, 2, 3]
    assert (new["change"], new["is_conflict"], new["theirs"]["title"]) == ("added", False, NEW["title"])
    assert (shown["has_update"], shown["newest_edition"], shown["edition"]) == (True, 2, 1)
    assert await plan(world.office, adoption["id"]) == before


async def test_without_changes_here_the_whole_update_is_taken(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(
        world.office, playbook["id"], name="Post", activities=[NEW, *changed(0, week=2)], decisions=[]
    )

    answer = await accept(world, adoption)
    again = await world.office.get(f"/playbook-adoptions/{adoption['id']}/update")

    found = answer.json()
    items = await plan(world.office, adoption["id"])
    assert answer.status_code == 200, answer.text
    assert (found["edition"], found["name"], found["has_update"]) == (2, "Post", False)
    assert [key for key, one in items.items() if not one["is_gone"]] == [CLOSE, COUNT, TRAIN]
    assert (items[COUNT]["week"], items[COUNT]["changed_members"]) == (2, [])
    assert items[BEGIN]["is_gone"]
    assert problem(again)["type"].endswith("#nothing-offered")


@pytest.mark.parametrize(
    ("answer", "week", "members"), [("theirs", 2, ["role"]), ("ours", 3, ["role", "week"])]
)
async def test_a_conflict_must_be_answered(world: World, answer: str, week: int, members: list[str]) -> None:
    playbook, adoption = await adopted(world)
    await activity(world, adoption, COUNT, week=3, role="Archivist")
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))

    silent = await accept(world, adoption)
    untouched = (await plan(world.office, adoption["id"]))[COUNT]
    taken = await accept(world, adoption, answers=[{"key": COUNT, "answer": answer}])
    found = (await plan(world.office, adoption["id"]))[COUNT]

    assert silent.status_code == 409
    assert problem(silent)["type"].endswith("#conflict-unanswered")
    assert problem(silent)["errors"][0]["pointer"] == "/body/answers"
    assert untouched["week"] == 3
    assert taken.json()["edition"] == 2
    assert (found["week"], found["role"], found["changed_members"]) == (week, "Archivist", members)


async def test_an_update_is_taken_item_by_item(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=[*changed(0, week=2), NEW])

    first = await accept(world, adoption, keys=[COUNT])
    left = await update(world.office, adoption["id"])
    second = await accept(world, adoption, keys=[CLOSE])

    assert (first.json()["edition"], first.json()["has_update"]) == (1, True)
    assert [one["key"] for one in left["activities"]] == [CLOSE]
    assert (second.json()["edition"], second.json()["has_update"]) == (2, False)


async def test_what_is_new_can_be_left_out_with_a_reason(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=[*ACTIVITIES, NEW])
    ours = [{"key": CLOSE, "answer": "ours"}]

    silent = await accept(world, adoption, answers=ours)
    taken = await accept(world, adoption, answers=ours, reason="We have no counter.")
    found = (await plan(world.office, adoption["id"]))[CLOSE]

    assert problem(silent)["errors"][0]["pointer"] == "/body/reason"
    assert taken.json()["edition"] == 2
    assert (found["state"], found["reason"]) == ("left-out", "We have no counter.")


async def test_what_was_begun_here_goes_with_the_original_only_when_somebody_says_so(world: World) -> None:
    playbook, adoption = await adopted(world)
    await progress(world, adoption, COUNT, state="done")
    await next_edition(world.office, playbook["id"], activities=changed(1, after=[])[1:])

    silent = await accept(world, adoption)
    kept = await accept(world, adoption, answers=[{"key": COUNT, "answer": "ours"}])
    found = (await plan(world.office, adoption["id"]))[COUNT]

    assert silent.status_code == 409
    assert kept.json()["edition"] == 2
    assert (found["origin"], found["state"], found["is_gone"]) == ("own", "done", False)


async def test_what_is_gone_stays_to_be_seen_and_is_changed_no_more(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], decisions=[])
    await accept(world, adoption)
    item = (await plan(world.office, adoption["id"]))[BEGIN]

    answer = await act(world.office, f"/adopted-decisions/{item['id']}/outcome", 2, state="open")
    await next_edition(world.office, playbook["id"], decisions=DECISIONS)
    back = await accept(world, adoption, edition=3)

    assert problem(answer)["type"].endswith("#playbook-item-gone")
    assert back.status_code == 200, back.text
    assert not (await plan(world.office, adoption["id"]))[BEGIN]["is_gone"]


async def test_a_dismissed_update_changes_nothing_and_can_be_taken_later(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    before = await plan(world.office, adoption["id"])
    path = f"/playbook-adoptions/{adoption['id']}"

    dismissed = await act(world.office, f"{path}/dismissal", edition=2, reason="We are past that.")
    after = await plan(world.office, adoption["id"])
    later = await accept(world, adoption)

    assert (dismissed.json()["is_dismissed"], dismissed.json()["edition"]) == (True, 1)
    assert after == before
    assert (later.json()["edition"], later.json()["has_update"]) == (2, False)


async def test_an_edition_that_nobody_has_looked_at_is_not_taken(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    await next_edition(world.office, playbook["id"], activities=changed(0, week=3))

    answer = await accept(world, adoption)
    stale = await act(world.office, f"/playbook-adoptions/{adoption['id']}/acceptance", 9, edition=3)

    assert problem(answer)["type"].endswith("#update-moved-on")
    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"keys": [TRAIN]}, "/body/keys/0"),
        ({"answers": [{"key": str(uuid4()), "answer": "ours"}]}, "/body/answers/0"),
        ({"answers": [{"key": COUNT, "answer": "both"}]}, "/body/answers/0/answer"),
        ({"keys": []}, "/body/keys"),
        ({"edition": "2"}, "/body/edition"),
    ],
)
async def test_odd_answers_are_refused(world: World, body: dict[str, Any], pointer: str) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))

    answer = await accept(world, adoption, **body)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"][0]["pointer"] == pointer


async def test_an_update_that_would_close_a_circle_with_ours_is_refused(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(1, after=None))
    await accept(world, adoption)
    await activity(world, adoption, COUNT, after=[TRAIN])
    await next_edition(world.office, playbook["id"], activities=ACTIVITIES)

    answer = await accept(world, adoption, edition=3)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["type"].endswith("#activities-in-circle")


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


async def test_e1_what_an_update_changed_stands_in_the_trail_before_and_after(world: World) -> None:
    playbook, adoption = await adopted(world)
    item = (await plan(world.office, adoption["id"]))[COUNT]
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    await accept(world, adoption)

    trail = (await world.administrator.get("/audit", params={"limit": 100})).json()["items"]

    (row,) = [one for one in trail if one["subject"] == f"adopted-activities/{item['id']}"]
    assert (row["before"]["base"]["week"], row["after"]["base"]["week"]) == (0, 2)


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
