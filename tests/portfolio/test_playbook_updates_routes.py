"""X3: a newer edition is taken whole or item by item, and nothing that was changed here is lost silently."""

from typing import Any
from uuid import uuid4

import pytest

from gevinst_portfolio.schemas.playbook_adoptions import PlaybookUpdateOut
from tests.portfolio.playbook_world import (
    ACTIVITIES,
    BEGIN,
    COUNT,
    DECISIONS,
    TRAIN,
    act,
    adopted,
    change_activity,
    changed,
    next_edition,
    offered,
    plan,
    progress,
    update,
)
from tests.portfolio.world import World, obeys
from tests.support.callers import problem

CLOSE = "0198b6a4-7c1e-7000-8000-00000000a003"
NEW = {"key": CLOSE, "title": "Close the counter", "week": 9}


async def accept(world: World, adoption: dict[str, Any], **body: Any) -> Any:
    path = f"/playbook-adoptions/{adoption['id']}"
    revision = (await world.office.get(path)).json()["revision"]
    return await act(
        world.office, f"{path}/acceptance", revision, **await offered(world.office, adoption), **body
    )


async def test_an_update_shows_what_changed_there_and_here_and_changes_nothing(world: World) -> None:
    playbook, adoption = await adopted(world)
    await change_activity(world, adoption, COUNT, week=3)
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
    await change_activity(world, adoption, COUNT, week=3, role="Archivist")
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
    back = await accept(world, adoption)

    assert problem(answer)["type"].endswith("#playbook-item-gone")
    assert back.status_code == 200, back.text
    assert not (await plan(world.office, adoption["id"]))[BEGIN]["is_gone"]


async def test_a_dismissed_update_changes_nothing_and_can_be_taken_later(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    before = await plan(world.office, adoption["id"])
    path = f"/playbook-adoptions/{adoption['id']}"

    looked_at = await offered(world.office, adoption)
    dismissed = await act(world.office, f"{path}/dismissal", **looked_at, reason="We are past that.")
    after = await plan(world.office, adoption["id"])
    later = await accept(world, adoption)

    assert (dismissed.json()["is_dismissed"], dismissed.json()["edition"]) == (True, 1)
    assert after == before
    assert (later.json()["edition"], later.json()["has_update"]) == (2, False)


async def test_an_edition_that_nobody_has_looked_at_is_not_taken(world: World) -> None:
    playbook, adoption = await adopted(world)
    path = f"/playbook-adoptions/{adoption['id']}"
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    looked_at = await offered(world.office, adoption)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=3))

    taken = await act(world.office, f"{path}/acceptance", **looked_at)
    dismissed = await act(world.office, f"{path}/dismissal", **looked_at, reason="Not for us.")
    stale = await act(world.office, f"{path}/acceptance", 9, **await offered(world.office, adoption))

    assert {problem(one)["type"].rpartition("#")[2] for one in (taken, dismissed)} == {"update-moved-on"}
    assert stale.status_code == 412


async def test_an_update_of_what_was_withdrawn_is_not_taken(world: World) -> None:
    """X3: it may be wrong; who took it over keeps what was taken."""
    playbook, adoption = await adopted(world)
    path = f"/playbook-adoptions/{adoption['id']}"
    newest = await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    looked_at = await offered(world.office, adoption)
    withdrawal = f"/playbooks/{playbook['id']}/withdrawal"
    gone = await act(world.office, withdrawal, newest["revision"], reason="It is wrong.")
    before = await plan(world.office, adoption["id"])

    answers = [
        await act(world.office, f"{path}/acceptance", **looked_at),
        await act(world.office, f"{path}/dismissal", **looked_at, reason="Not for us."),
        await world.office.get(f"{path}/update"),
    ]
    shown = (await world.office.get(path)).json()

    assert gone.status_code == 200, gone.text
    assert {(one.status_code, problem(one)["type"].rpartition("#")[2]) for one in answers} == {
        (409, "playbook-withdrawn")
    }
    assert all("It is wrong." in problem(one)["detail"] for one in answers)
    assert (shown["has_update"], shown["newest_edition"], shown["link"]) == (False, 2, "withdrawn")
    assert await plan(world.office, adoption["id"]) == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"keys": [TRAIN]}, "/body/keys/0"),
        ({"answers": [{"key": str(uuid4()), "answer": "ours"}]}, "/body/answers/0"),
        ({"answers": [{"key": COUNT, "answer": "both"}]}, "/body/answers/0/answer"),
        ({"keys": []}, "/body/keys"),
        ({"sha256": "2"}, "/body/sha256"),
    ],
)
async def test_odd_answers_are_refused(world: World, body: dict[str, Any], pointer: str) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))

    answer = await act(
        world.office,
        f"/playbook-adoptions/{adoption['id']}/acceptance",
        **{**await offered(world.office, adoption), **body},
    )

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"][0]["pointer"] == pointer


async def test_an_update_that_would_close_a_circle_with_ours_is_refused(world: World) -> None:
    playbook, adoption = await adopted(world)
    await next_edition(world.office, playbook["id"], activities=changed(1, after=None))
    await accept(world, adoption)
    await change_activity(world, adoption, COUNT, after=[TRAIN])
    await next_edition(world.office, playbook["id"], activities=ACTIVITIES)

    answer = await accept(world, adoption)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["type"].endswith("#activities-in-circle")


async def test_e1_what_an_update_changed_stands_in_the_trail_before_and_after(world: World) -> None:
    playbook, adoption = await adopted(world)
    item = (await plan(world.office, adoption["id"]))[COUNT]
    await next_edition(world.office, playbook["id"], activities=changed(0, week=2))
    await accept(world, adoption)

    trail = (await world.administrator.get("/audit", params={"limit": 100})).json()["items"]

    (row,) = [one for one in trail if one["subject"] == f"adopted-activities/{item['id']}"]
    assert (row["before"]["base"]["week"], row["after"]["base"]["week"]) == (0, 2)
