"""X3: a joint project's playbook is written, published in editions that nobody changes, and withdrawn."""

from typing import Any
from uuid import uuid4

import pytest

from gevinst_portfolio.schemas.playbooks import (
    PlaybookDifferenceOut,
    PlaybookDocumentOut,
    PlaybookDraftOut,
    PlaybookEditionPageOut,
    PlaybookOut,
    PlaybookPageOut,
)
from gevinst_shared.values.actor import Role
from tests.portfolio.playbook_world import (
    ACTIVITIES,
    COUNT,
    PLAYBOOK,
    TRAIN,
    act,
    changed,
    draft,
    next_edition,
    publish,
    published,
)
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation


async def test_x3_a_playbook_is_published_in_editions_that_say_what_changed(world: World) -> None:
    first = await published(world)
    path = f"/playbooks/{first['id']}"

    second = await next_edition(
        world.office, first["id"], activities=changed(1, week=6, after=None)[1:], decisions=[]
    )

    editions = (await world.office.get(f"{path}/editions")).json()
    found = (await world.office.get(f"{path}/difference")).json()
    as_first = (await world.office.get(f"{path}/document", params={"edition": 1})).json()
    assert obeys(PlaybookOut, second)
    assert (first["edition"], second["edition"]) == (1, 2)
    assert obeys(PlaybookEditionPageOut, editions)
    assert [(one["number"], one.get("note")) for one in editions["items"]] == [(2, "Better"), (1, None)]
    assert obeys(PlaybookDifferenceOut, found)
    assert [(one["key"], one["change"], one["members"]) for one in found["activities"]] == [
        (TRAIN, "changed", ["week", "after"]),
        (COUNT, "removed", ["title", "role", "point", "week", "duration_weeks", "after"]),
    ]
    assert [one["change"] for one in found["decisions"]] == ["removed"]
    assert obeys(PlaybookDocumentOut, as_first)
    assert [one["title"] for one in as_first["activities"]] == [one["title"] for one in ACTIVITIES]


async def test_a_draft_is_seen_here_and_is_no_edition(world: World) -> None:
    found = await draft(world)
    path = f"/playbooks/{found['id']}"

    said = (await world.office.get(f"{path}/draft")).json()
    document = await world.office.get(f"{path}/document")

    assert "edition" not in found
    assert obeys(PlaybookDraftOut, said)
    assert [one["key"] for one in said["activities"]] == [COUNT, TRAIN]
    assert problem(document)["type"].endswith("#playbook-not-published")


async def test_items_without_keys_get_their_own(world: World) -> None:
    found = await draft(
        world, activities=[{"title": "A", "week": 1}, {"title": "A", "week": 1}], decisions=[]
    )

    said = (await world.office.get(f"/playbooks/{found['id']}/draft")).json()

    assert len({one["key"] for one in said["activities"]}) == 2


async def test_a_programme_has_playbooks_too(world: World) -> None:
    body = {"portfolio_id": world.portfolio_id, "name": "Joint programme"}
    programme = await made(world.office, "/programmes", body)
    found = await made(world.office, f"/programmes/{programme['id']}/playbooks", PLAYBOOK)
    await draft(world)

    listed = (await world.office.get("/playbooks", params={"programme": programme["id"]})).json()

    assert obeys(PlaybookPageOut, listed)
    assert [one["id"] for one in listed["items"]] == [found["id"]]


async def test_nothing_new_is_no_edition(world: World) -> None:
    found = await published(world)

    answer = await act(world.office, f"/playbooks/{found['id']}/editions", found["revision"])

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#nothing-new-to-publish")


async def test_an_empty_playbook_is_not_published(world: World) -> None:
    found = await draft(world, activities=[], decisions=[])

    answer = await act(world.office, f"/playbooks/{found['id']}/editions")

    assert problem(answer)["type"].endswith("#playbook-empty")


async def test_a_withdrawn_playbook_comes_back_with_its_next_edition(world: World) -> None:
    found = await published(world)
    path = f"/playbooks/{found['id']}"

    withdrawn = await act(world.office, f"{path}/withdrawal", found["revision"], reason="It is wrong")
    again = await act(world.office, f"{path}/withdrawal", found["revision"] + 1, reason="Still")
    back = await publish(world.office, found["id"])

    assert withdrawn.json()["withdrawal_reason"] == "It is wrong"
    assert problem(again)["type"].endswith("#playbook-withdrawn")
    assert (back["edition"], back.get("withdrawn_at")) == (2, None)


async def test_drafts_are_changed_by_those_who_may_and_have_read_them(world: World) -> None:
    found = await published(world)
    path = f"/playbooks/{found['id']}"
    stale = await put(world.office, path, PLAYBOOK, revision=1)
    blind = await world.office.put(path, json=PLAYBOOK)
    manager = world.desk.caller(Role.PROJECT_MANAGER, subject="manager")
    written = await put(manager, path, {**PLAYBOOK, "name": "Post"}, revision=2)
    unpublished = await act(manager, f"{path}/editions", 3)
    board = await put(world.desk.caller(Role.BOARD_MEMBER, subject="board"), path, PLAYBOOK, revision=3)
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    assert (stale.status_code, blind.status_code, written.status_code) == (412, 428, 200)
    assert (unpublished.status_code, board.status_code) == (403, 403)
    for address in ("", "/draft", "/document", "/editions", "/difference", "/adoptions"):
        assert (await stranger.get(f"{path}{address}")).status_code == 404
    assert (await put(stranger, path, PLAYBOOK, revision=3)).status_code == 404
    assert (await act(stranger, f"{path}/editions", 3)).status_code == 404


async def test_e1_who_published_what_and_why_stands_in_the_trail(world: World) -> None:
    found = await published(world)
    await next_edition(world.office, found["id"], name="Post")

    trail = (await world.administrator.get("/audit", params={"limit": 100})).json()["items"]

    rows = [one for one in trail if one["subject"] == f"playbooks/{found['id']}"]
    assert sorted(row["action"].split(".")[2] for row in rows) == [
        "playbook-drafted",
        "playbook-drafted",
        "playbook-published",
        "playbook-published",
    ]
    assert "Better" in {row.get("reason") for row in rows}


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"name": ""}, "/body/name"),
        ({"colour": "red"}, "/body/colour"),
        ({"activities": changed(0, week="0")}, "/body/activities/0/week"),
        ({"activities": changed(0, week=5000)}, "/body/activities/0/week"),
        ({"activities": changed(0, key="a")}, "/body/activities/0/key"),
        ({"activities": changed(0, after=[TRAIN])}, "/body/activities"),
        ({"activities": changed(0, after=[str(uuid4())])}, "/body/activities/0/after"),
        ({"activities": [*ACTIVITIES, ACTIVITIES[0]]}, "/body/activities/0/key"),
        ({"activities": ACTIVITIES[:1]}, "/body/decisions/0/before_activity"),
        ({"activities": [{"title": "A", "week": 0}] * 301, "decisions": []}, "/body/activities"),
        ({"general_case": "x"}, "/body/general_case"),
    ],
)
async def test_odd_playbooks_are_refused(world: World, members: dict[str, Any], pointer: str) -> None:
    project = await world.project()

    answer = await world.office.post(f"/projects/{project['id']}/playbooks", json={**PLAYBOOK, **members})

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("query", [{"edition": 9}, {"since": 9}])
async def test_editions_that_are_not_there_are_unknown(world: World, query: dict[str, int]) -> None:
    found = await published(world)

    assert (await world.office.get(f"/playbooks/{found['id']}/difference", params=query)).status_code == 404
