"""X2, X3: playbooks that are not their giver's, or not what was looked at, take nothing from anybody."""

import json
from uuid import UUID

import pytest

from gevinst_portfolio.domain.playbooks import document_hash
from gevinst_portfolio.usecases.arriving import arrive
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.portfolio.playbook_world import COUNT, TRAIN, act, changed, next_edition, offered, plan, update
from tests.portfolio.test_playbooks_shared import Json, adopted, got, shared_playbook
from tests.portfolio.two_installations import House, Side, acquainted
from tests.support.callers import problem


@pytest.mark.parametrize(("member", "value"), [("publisher", "0192:958935420"), ("playbook_id", TRAIN)])
async def test_x2_a_playbook_that_is_not_its_givers_is_put_aside(
    pair: tuple[Side, Side], member: str, value: str
) -> None:
    giver, reader = pair
    await shared_playbook(giver, reader)
    await reader.read()
    async with reader.work() as connection:
        (row,) = await connection.fetch("SELECT record_id, body FROM sync_replica WHERE kind = 'playbook'")
        body = json.loads(row["body"])
        body["document"] |= {member: value}
        body["document"]["sha256"] = document_hash(body["document"])
        await connection.execute(
            "UPDATE sync_replica SET body = $1 WHERE kind = 'playbook'", json.dumps(body)
        )
        await arrive(connection, reader.organisation, reader.partners[giver.organisation], utc_now())

    (listed,) = (await got(reader, "/playbooks"))["items"]
    assert await reader.quarantine(giver) == ["wrong-playbook"]
    # What was here before stays as it was: it is still shared, only its newer edition is of no use.
    assert (listed["publisher"], "unshared_at" in listed) == (giver.organisation, False)


async def test_an_edition_that_is_said_again_with_other_content_is_looked_at_again(
    pair: tuple[Side, Side],
) -> None:
    """X3: a publisher that was restored says a number twice; what was looked at is what is taken."""
    giver, reader = pair
    playbook, _ = await shared_playbook(giver, reader)
    await reader.read()
    adoption = await adopted(reader, playbook)
    async with giver.administrator as office:
        await next_edition(office, playbook["id"], activities=changed(0, week=2))
    await reader.read()
    path = f"/playbook-adoptions/{adoption['id']}/acceptance"
    path = f"/playbook-adoptions/{adoption['id']}/acceptance"
    second = await got(reader, f"/playbooks/{adoption['playbook_id']}/document")
    first, *others = second["activities"]
    async with reader.administrator as office:
        looked_at = await offered(office, adoption)
        await say(reader, giver, {**second, "activities": [{**first, "week": 3}, *others]})
        refused = await act(office, path, **looked_at)
        shown = await update(office, adoption["id"])
        # The first is said again: it is that one, and not the last that came.
        await say(reader, giver, second)
        late = await act(office, path, sha256=shown["sha256"])
        taken = await act(office, path, **looked_at)
        found = (await plan(office, adoption["id"]))[COUNT]

    assert {problem(one)["type"].rpartition("#")[2] for one in (refused, late)} == {"update-moved-on"}
    assert shown["activities"][0]["theirs"]["week"] == 3
    assert (taken.status_code, found["week"], taken.json()["has_update"]) == (200, 2, False)


async def say(reader: Side, giver: Side, document: Json) -> None:
    """Let the document have arrived, with its own hash."""
    said = {**document, "sha256": document_hash(document)}
    async with reader.work() as connection:
        await connection.execute(
            "UPDATE sync_replica SET body = body || $1::jsonb WHERE kind = 'playbook'",
            json.dumps({"document": said}),
        )
        await arrive(connection, reader.organisation, reader.partners[giver.organisation], utc_now())


async def test_x3_who_comes_first_with_anothers_id_takes_nothing_from_it(
    houses: tuple[House, House], pair: tuple[Side, Side]
) -> None:
    """Neither a partner's playbook nor one of our own."""
    giver, reader = pair
    thief = Side(houses[0])
    await thief.settle_in()
    await acquainted(thief, reader)
    theirs, _ = await shared_playbook(giver)
    ours, _ = await shared_playbook(reader)
    stolen, _ = await shared_playbook(thief)
    for one in (theirs, ours):
        await claim(thief, UUID(stolen["id"]), UUID(one["id"]))
    await thief.share(reader, UUID(stolen["project_id"]))
    await reader.read()
    await giver.share(reader, UUID(theirs["project_id"]))
    await reader.read()
    adoption = await adopted(reader, theirs)
    async with thief.work() as connection:
        await connection.execute("UPDATE playbook SET withdrawn_at = now(), withdrawal_reason = 'Ha'")
    await reader.read()

    listed = (await got(reader, "/playbooks"))["items"]
    kept = {(one["publisher"], one["published_as"]): one for one in listed if "withdrawn_at" not in one}
    path = f"/playbooks/{adoption['playbook_id']}/document"
    assert set(kept) == {(one["publisher"], one["id"]) for one in (theirs, ours)}
    assert [len(listed), len({one["id"] for one in listed})] == [5, 5]
    assert await got(reader, path) == await got(giver, f"/playbooks/{theirs['id']}/document")
    assert (await got(reader, f"/playbook-adoptions/{adoption['id']}"))["link"] == "current"
    assert await got(reader, f"/playbooks/{ours['id']}") == ours
    assert await reader.quarantine(giver) == await reader.quarantine(thief) == []


async def claim(side: Side, playbook_id: UUID, another: UUID) -> None:
    """Let the side have published its playbook under another's id, too."""
    async with side.work() as connection:
        row = dict(await connection.fetchrow("SELECT * FROM playbook WHERE id = $1", playbook_id))
        edition = dict(
            await connection.fetchrow("SELECT * FROM playbook_edition WHERE playbook_id = $1", playbook_id)
        )
        document = json.loads(edition["document"]) | {"playbook_id": str(another)}
        document["sha256"] = document_hash(document)
        row |= {"id": another, "published_as": another, "sha256": document["sha256"]}
        edition |= {"id": new_id(), "playbook_id": another, "document": json.dumps(document)}
        edition |= {"sha256": document["sha256"]}
        for table, values in (("playbook", row), ("playbook_edition", edition)):
            places = ", ".join(f"${place + 1}" for place in range(len(values)))
            await connection.execute(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", *values.values()
            )
