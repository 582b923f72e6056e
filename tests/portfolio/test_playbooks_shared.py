"""X3: a playbook travels to those it is shared with, and its publisher sees how it goes there."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.portfolio.playbook_world import (
    COUNT,
    PLAYBOOK,
    act,
    changed,
    next_edition,
    of_activity,
    offered,
    plan,
    publish,
    taken_over,
    update,
)
from tests.portfolio.two_installations import House, Side, acquainted
from tests.portfolio.world import made, put
from tests.support.callers import problem

Json = dict[str, Any]


async def shared_playbook(giver: Side, *readers: Side) -> tuple[Json, list[UUID]]:
    """A published playbook as its giver knows it, and the grants that share it."""
    project_id = await giver.project("Joint project")
    async with giver.administrator as office:
        begun = await made(office, f"/projects/{project_id}/playbooks", PLAYBOOK)
        playbook = await publish(office, begun["id"])
    return playbook, [await giver.share(reader, project_id) for reader in readers]


async def here(side: Side, playbook: Json) -> Json:
    """The playbook as the side's register has it, which knows it by an id of its own."""
    asked = {name: playbook[name] for name in ("publisher", "published_as")}
    (found,) = (await got(side, "/playbooks", **asked))["items"]
    return dict(found)


async def adopted(side: Side, playbook: Json) -> Json:
    project_id, known = await side.project("Ours"), await here(side, playbook)
    async with side.administrator as office:
        return await taken_over(office, str(project_id), known["id"])


async def got(side: Side, path: str, **query: str) -> Json:
    async with side.administrator as office:
        answer = await office.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def told(side: Side, type_: str) -> list[Json]:
    async with side.work() as connection:
        rows = await connection.fetch("SELECT data FROM event WHERE type LIKE $1 ORDER BY seq", f"%{type_}%")
    return [json.loads(row["data"]) for row in rows]


async def test_x3_a_partners_playbook_arrives_is_taken_over_and_followed(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    playbook, _ = await shared_playbook(giver, reader)
    await reader.read()
    await reader.read()

    listed = await got(reader, "/playbooks", publisher=giver.organisation)
    adoption = await adopted(reader, playbook)
    async with giver.administrator as office:
        await next_edition(office, playbook["id"], activities=changed(0, week=2))
    await reader.read()

    shown = await got(reader, f"/playbook-adoptions/{adoption['id']}")
    document = await got(reader, f"/playbooks/{adoption['playbook_id']}/document")
    assert [(one["published_as"], one["edition"]) for one in listed["items"]] == [(playbook["id"], 1)]
    assert listed["items"][0]["id"] == adoption["playbook_id"] != playbook["id"]
    assert adoption["publisher"] == giver.organisation
    assert (shown["edition"], shown["newest_edition"], shown["link"]) == (1, 2, "current")
    assert document == await got(giver, f"/playbooks/{playbook['id']}/document")
    assert [(one["edition"], one["project_ids"]) for one in await told(reader, "playbook-published")] == [
        (1, []),
        (2, [adoption["project_id"]]),
    ]
    assert await reader.quarantine(giver) == []


async def test_x3_three_bodies_follow_one_playbook_each_in_its_own_way(
    houses: tuple[House, House], pair: tuple[Side, Side]
) -> None:
    """One reader in another installation, one in the publisher's own."""
    giver, reader = pair
    neighbour = Side(houses[0])
    await neighbour.settle_in()
    await acquainted(giver, neighbour)
    playbook, _ = await shared_playbook(giver, reader, neighbour)
    for side in (reader, neighbour):
        await side.read()
    theirs, next_door = await adopted(reader, playbook), await adopted(neighbour, playbook)
    async with reader.administrator as office:
        item = (await plan(office, theirs["id"]))[COUNT]
        await put(office, f"/adopted-activities/{item['id']}", of_activity(item, week=5))
    async with giver.administrator as office:
        await next_edition(office, playbook["id"], activities=changed(0, week=2, what="Ask each unit"))
    for side in (reader, neighbour):
        await side.read()

    async with neighbour.administrator as office:
        path = f"/playbook-adoptions/{next_door['id']}/acceptance"
        at_once = await act(office, path, **await offered(office, next_door))
    async with reader.administrator as office:
        path = f"/playbook-adoptions/{theirs['id']}/acceptance"
        shown = await update(office, theirs["id"])
        silent = await act(office, path, sha256=shown["sha256"])
        ours = [{"key": COUNT, "answer": "ours"}]
        answered = await act(office, path, sha256=shown["sha256"], answers=ours)
        found = (await plan(office, theirs["id"]))[COUNT]

    assert (at_once.status_code, at_once.json()["edition"]) == (200, 2)
    assert shown["has_conflicts"]
    assert problem(silent)["type"].endswith("#conflict-unanswered")
    assert (answered.json()["edition"], answered.json()["has_update"]) == (2, False)
    assert (found["week"], "what" in found, found["edition"]) == (5, False, 2)


async def test_x4_the_publisher_sees_who_took_it_over_as_far_as_they_share_it(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    playbook, _ = await shared_playbook(giver, reader)
    await reader.read()
    adoption = await adopted(reader, playbook)
    unshared = await got(giver, f"/playbooks/{playbook['id']}/adoptions")
    async with reader.administrator as office:
        item = (await plan(office, adoption["id"]))[COUNT]
        await act(office, f"/adopted-activities/{item['id']}/progress", state="done")
    await reader.share(giver, UUID(adoption["project_id"]))
    await giver.read()

    found = await got(giver, f"/playbooks/{playbook['id']}/adoptions")

    assert unshared["items"] == []
    assert found["items"] == [
        {
            "id": adoption["id"],
            "organisation": reader.organisation,
            "edition": 1,
            "planned": 1,
            "under_way": 0,
            "done": 1,
            "left_out": 0,
            "decisions_open": 1,
            "decisions_taken": 0,
        }
    ]
    assert await giver.quarantine(reader) == []


async def test_what_is_shared_no_longer_stays_with_who_took_it_over(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    playbook, grants = await shared_playbook(giver, reader)
    await reader.read()
    adoption = await adopted(reader, playbook)
    path = f"/playbook-adoptions/{adoption['id']}"
    before = await got(reader, f"{path}/plan")
    async with giver.administrator as office:
        await next_edition(office, playbook["id"], activities=changed(0, week=2))
    await reader.read()
    async with reader.administrator as office:
        looked_at = await offered(office, adoption)

    await giver.end(grants[0])
    await reader.read()

    project_id = await reader.project("Another")
    async with reader.administrator as office:
        body = {"playbook_id": adoption["playbook_id"]}
        answer = await office.post(f"/projects/{project_id}/playbook-adoptions", json=body)
        update_ = await act(office, f"{path}/acceptance", **looked_at)
    shown = await got(reader, path)
    assert (shown["link"], shown["has_update"]) == ("unshared", False)
    assert await got(reader, f"{path}/plan") == before
    assert problem(answer)["type"].endswith("#playbook-unshared")
    assert (update_.status_code, problem(update_)["type"]) == (409, problem(answer)["type"])
    assert [one["project_ids"] for one in await told(reader, "playbook-unshared")] == [
        [adoption["project_id"]]
    ]

    await giver.share(reader, UUID(playbook["project_id"]))
    await reader.read()
    assert (await got(reader, f"/playbook-adoptions/{adoption['id']}"))["link"] == "current"


@pytest.mark.parametrize("who", [0, 1])
async def test_a_stopped_partner_leaves_what_was_taken_over(pair: tuple[Side, Side], who: int) -> None:
    giver, reader = pair
    playbook, _ = await shared_playbook(giver, reader)
    await reader.read()
    adoption = await adopted(reader, playbook)

    await pair[who].tell(pair[1 - who], "stop")
    if who == 0:
        await reader.read()

    assert (await got(reader, f"/playbook-adoptions/{adoption['id']}"))["link"] == "unshared"


async def test_a_withdrawal_arrives_with_its_reason_and_goes_with_the_next_edition(
    pair: tuple[Side, Side],
) -> None:
    """What comes withdrawn was never published here, and is not announced so."""
    giver, reader = pair
    playbook, _ = await shared_playbook(giver, reader)
    early, _ = await shared_playbook(giver, reader)
    async with giver.administrator as office:
        await act(office, f"/playbooks/{early['id']}/withdrawal", 2, reason="It was wrong.")
    await reader.read()
    adoption = await adopted(reader, playbook)
    path = f"/playbook-adoptions/{adoption['id']}"
    async with giver.administrator as office:
        await act(office, f"/playbooks/{playbook['id']}/withdrawal", 2, reason="The solution closes.")
    await reader.read()
    withdrawn = await got(reader, path)
    async with giver.administrator as office:
        await publish(office, playbook["id"])
        back = await publish(office, early["id"])
        await act(office, f"/playbooks/{early['id']}/withdrawal", back["revision"], reason="Still wrong.")
    await reader.read()

    assert (withdrawn["link"], withdrawn["withdrawal_reason"]) == ("withdrawn", "The solution closes.")
    assert (await got(reader, path))["link"] == "current"
    found = await here(reader, early)
    assert (found["edition"], found["withdrawal_reason"]) == (2, "Still wrong.")
    its = adoption["playbook_id"]
    assert [one["playbook_id"] for one in await told(reader, "playbook-published")] == [its, its]
    gone = [(one["playbook_id"], one["reason"]) for one in await told(reader, "playbook-withdrawn")]
    assert gone == [
        (found["id"], "It was wrong."),
        (its, "The solution closes."),
        (found["id"], "Still wrong."),
    ]


async def test_x1_a_draft_and_what_arrived_from_others_never_leave(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    project_id = await giver.project("Joint project")
    async with giver.administrator as office:
        await made(office, f"/projects/{project_id}/playbooks", PLAYBOOK)
    await giver.share(reader, project_id)
    await reader.read()

    assert (await got(reader, "/playbooks"))["items"] == []
    assert await reader.has(giver) == ["Joint project"]


async def test_another_bodys_playbook_is_not_changed_here(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    playbook, _ = await shared_playbook(giver, reader)
    await reader.read()
    path = f"/playbooks/{(await here(reader, playbook))['id']}"

    async with reader.administrator as office:
        changed_ = await put(office, path, PLAYBOOK)
        published = await act(office, f"{path}/editions")
        withdrawn = await act(office, f"{path}/withdrawal", reason="Not theirs")
        draft = await office.get(f"{path}/draft")

    assert {problem(one)["type"].rpartition("#")[2] for one in (changed_, published, withdrawn)} == {
        "playbook-not-yours"
    }
    assert draft.status_code == 404


async def test_a_programme_brings_its_projects_playbooks_and_a_confidential_one_stays(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    async with giver.administrator as office:
        body = {"portfolio_id": giver.portfolio_id, "name": "Programme"}
        programme = await made(office, "/programmes", body)
        for name in ("Open", "Secret"):
            body = {"portfolio_id": giver.portfolio_id, "name": name, "programme_id": programme["id"]}
            project = await made(office, "/projects", body)
            begun = await made(office, f"/projects/{project['id']}/playbooks", {**PLAYBOOK, "name": name})
            await publish(office, begun["id"])
    await giver.share(reader, UUID(programme["id"]), kind="programme")
    await reader.read()
    both = [one["name"] for one in (await got(reader, "/playbooks"))["items"]]

    async with giver.administrator as office:
        path = f"/projects/{project['id']}/confidentiality"
        secret = {"is_confidential": True, "basis": "§ 13"}
        hidden = await office.put(path, json=secret, headers={"If-Match": '"0"'})
    await reader.read()

    assert hidden.status_code == 200, hidden.text
    assert both == ["Open", "Secret"]
    listed = (await got(reader, "/playbooks"))["items"]
    assert [("unshared_at" in one) for one in listed] == [False, True]
