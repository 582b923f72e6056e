"""X2, X3: what one installation shares, another one has, over a wire that tears, lies and stalls."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.values.actor import Role
from tests.portfolio.two_installations import House, Side, acquainted, opened_house

FEED = "/portfolio/v1/sync-feed"


@pytest.fixture(scope="module")
async def houses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[House, House]]:
    """Two installations that have nothing in common but the machine."""
    servers = [
        EmbeddedPostgres(tmp_path_factory.mktemp(f"postgres-{name}"), is_durable=False) for name in "ab"
    ]
    for server in servers:
        server.start()
    try:
        homes = [tmp_path_factory.mktemp(f"house-{name}") for name in "ab"]
        async with opened_house(servers[0].url, homes[0]) as a, opened_house(servers[1].url, homes[1]) as b:
            yield a, b
    finally:
        for server in servers:
            server.stop()


@pytest.fixture
async def pair(houses: tuple[House, House]) -> AsyncIterator[tuple[Side, Side]]:
    """Two bodies that have confirmed each other: the first gives, the second reads."""
    await quiet(*houses)
    giver, reader = (Side(house) for house in houses)
    await giver.settle_in()
    await reader.settle_in()
    await acquainted(giver, reader)
    yield giver, reader
    await quiet(*houses)


async def quiet(*houses: House) -> None:
    """Leave alone whom other tests read."""
    for house in houses:
        house.disturb = None
        async with house.database.queue() as queue:
            await queue.execute("UPDATE sync_reading SET read_at = NULL")


def changed(house: House, change: Any) -> None:
    """Have `change` make something else of each answer of the feed, or nothing at all."""

    async def between(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != FEED:
            await house.app(scope, receive, send)
            return
        parts: list[dict[str, Any]] = []

        async def keep(message: Any) -> None:
            parts.append(message)

        await house.app(scope, receive, keep)
        status = parts[0]["status"]
        body = b"".join(part.get("body", b"") for part in parts[1:])
        await change(send, status, body)

    house.disturb = between


async def answer(send: Any, status: int, body: bytes, *, length: int | None = None) -> None:
    headers = [(b"content-length", str(len(body) if length is None else length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def test_what_is_shared_is_there_after_one_reading_and_what_is_not_is_not(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    shared = await giver.project("Shared")
    await giver.project("Secret")
    await giver.share(reader, shared)

    await reader.read()

    assert await reader.has(giver) == ["Shared"]
    assert (await reader.reading(giver))["fault"] is None
    assert (await reader.inlet(giver))["read_in_full_at"] is not None


async def test_what_is_revoked_is_gone_after_one_reading(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    grant = await giver.share(reader, await giver.project("For a while"))
    await reader.read()
    assert await reader.has(giver) == ["For a while"]

    await giver.end(grant)
    await reader.read()

    assert await reader.has(giver) == []


async def test_a_page_that_comes_again_changes_nothing(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    project = await giver.project("First")
    await giver.share(reader, project)
    kept: list[bytes] = []

    async def again(send: Any, status: int, body: bytes) -> None:
        kept.append(body)
        await answer(send, status, kept[0])

    changed(giver.house, again)
    await reader.read()
    await giver.rename(project, "Second")
    before = await reader.inlet(giver)
    await reader.read()
    after = await reader.inlet(giver)

    assert await reader.has(giver) == ["First"]
    assert (after["number"], after["taken"]) == (before["number"], before["taken"])
    giver.house.disturb = None
    await reader.read()
    assert await reader.has(giver) == ["Second"]


async def test_a_page_that_is_cut_changes_nothing_and_is_asked_for_again(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Long"))

    async def cut(send: Any, status: int, body: bytes) -> None:
        with_end_missing = body[: len(body) // 2]
        await answer(send, status, with_end_missing, length=len(body))

    changed(giver.house, cut)
    await reader.read()

    assert await reader.has(giver) == []
    assert (await reader.reading(giver))["fault"] == "partner-answer-lost"
    giver.house.disturb = None
    await reader.read()
    assert await reader.has(giver) == ["Long"]
    assert (await reader.reading(giver))["fault"] is None


ODD: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"<html>", "no-json"),
    "deep": (b"[" * 100_000, "too-deep"),
    "long": (b" " * 9_000_000, "too-long"),
    "of another shape": (b"{}", "wrong-shape"),
}


@pytest.mark.parametrize("name", ODD)
async def test_what_is_no_page_is_put_aside(pair: tuple[Side, Side], name: str) -> None:
    giver, reader = pair
    body, reason = ODD[name]

    async def odd(send: Any, _status: int, _body: bytes) -> None:
        await answer(send, 200, body)

    changed(giver.house, odd)
    await reader.read()

    assert await reader.quarantine(giver) == [reason]
    assert (await reader.reading(giver))["fault"] == reason


async def test_a_wrong_signature_is_put_aside_and_the_rest_is_taken(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    for name in ("One", "Two"):
        await giver.share(reader, await giver.project(name))

    async def forge(send: Any, status: int, body: bytes) -> None:
        page = json.loads(body)
        head, payload, signature = page["revisions"][0].split(".")
        turned = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
        page["revisions"][0] = f"{head}.{payload}.{turned}"
        await answer(send, status, json.dumps(page).encode())

    changed(giver.house, forge)
    await reader.read()

    assert await reader.quarantine(giver) == ["wrong-signature"]
    assert len(await reader.has(giver)) == 1


async def test_anothers_records_are_put_aside(houses: tuple[House, House], pair: tuple[Side, Side]) -> None:
    """A third body's revisions for the reader, well signed by that body, passed on by the giver."""
    giver, reader = pair
    third = Side(houses[0])
    await third.settle_in()
    await acquainted(third, reader)
    await third.share(reader, await third.project("Third's"))
    await reader.read()
    assert await reader.has(third) == ["Third's"]
    taken = await pages(third, reader)

    async def pass_on(send: Any, status: int, body: bytes) -> None:
        page = json.loads(body)
        page["revisions"] = taken["revisions"]
        await answer(send, status, json.dumps(page).encode())

    changed(giver.house, pass_on)
    await reader.read()

    assert await reader.has(giver) == []
    assert await reader.has(third) == ["Third's"]


async def pages(giver: Side, reader: Side) -> Any:
    """What the reader's token gets of the feed from the start."""
    async with giver.house.caller(reader.organisation, Role.SYNC_PARTNER) as client:
        answered = await client.get("/sync-feed", params={"owner": giver.organisation})
        assert answered.status_code == 200, answered.text
        return answered.json()


async def test_a_silent_partner_holds_up_no_other(
    houses: tuple[House, House], pair: tuple[Side, Side]
) -> None:
    giver, reader = pair
    second = Side(houses[0])
    await second.settle_in()
    await acquainted(second, reader)
    await second.share(reader, await second.project("Quick"))
    app = giver.house.app

    async def stall(scope: Any, receive: Any, send: Any) -> None:
        if giver.organisation.encode() in scope.get("query_string", b"").replace(b"%3A", b":"):
            await asyncio.sleep(30)
        await app(scope, receive, send)

    giver.house.disturb = stall
    clock = asyncio.get_running_loop().time
    begun = clock()
    await reader.read(seconds=1.5)

    assert clock() - begun < 10
    assert await reader.has(second) == ["Quick"]
    assert (await reader.reading(giver))["fault"] == "partner-answer-lost"
    assert (await reader.reading(giver))["failures"] == 1


async def test_a_new_key_is_taken_over_and_nothing_is_put_aside_for_it(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Signed anew"))
    async with giver.administrator as client:
        assert (await client.post("/sync-identity/renew")).status_code == 200

    await reader.read()
    assert await reader.has(giver) == []
    assert (await reader.reading(giver))["fault"] == "unknown-partner-key"
    await reader.introduce()
    await reader.read()

    assert await reader.has(giver) == ["Signed anew"]
    assert await reader.quarantine(giver) == []


async def test_who_is_paused_keeps_what_it_has_and_who_is_stopped_deletes_it(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Kept"))
    await reader.read()

    await giver.tell(reader, "pause")
    await reader.read()
    paused = await reader.has(giver), (await reader.reading(giver))["fault"]
    await giver.tell(reader, "resume")
    await giver.tell(reader, "stop")
    await reader.read()
    stopped = await reader.has(giver), (await reader.reading(giver))["fault"]

    assert paused == (["Kept"], "partner-paused-there")
    assert stopped == ([], "stopped-by-partner")


async def test_whom_we_pause_or_stop_is_not_read(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Unread"))
    await reader.tell(giver, "pause")
    giver.house.asked.clear()
    await reader.read()
    assert FEED not in giver.house.asked
    await reader.tell(giver, "resume")
    await reader.read()
    assert await reader.has(giver) == ["Unread"]


async def test_an_old_cursor_gets_everything_anew_and_what_is_not_named_goes(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Stays"))
    await reader.read()
    async with reader.work() as connection:
        await connection.execute(
            "UPDATE sync_inlet SET cursor = 'from-before-the-flood' WHERE partner_id = $1",
            reader.partners[giver.organisation],
        )

    await reader.read()

    assert await reader.has(giver) == ["Stays"]
    assert (await reader.inlet(giver))["cursor"] != "from-before-the-flood"


async def test_a_hint_makes_the_next_reading_come_soon_and_a_storm_is_one(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await reader.read()
    project = await giver.project("Hinted")
    await giver.share(reader, project)
    assert (await reader.reading(giver))["read_at"] > reader.house.now() + timedelta(minutes=1)

    assert await giver.send_hints() >= 1
    soon = (await reader.reading(giver))["read_at"]
    assert soon <= reader.house.now() + timedelta(seconds=6)

    async with reader.house.caller(giver.organisation, Role.SYNC_PARTNER) as client:
        answers = await asyncio.gather(
            *(client.post("/sync-hints", params={"owner": reader.organisation}) for _ in range(30))
        )
    assert {one.status_code for one in answers} == {204}
    assert (await reader.reading(giver))["read_at"] == soon
    assert await giver.send_hints() == 0


async def test_nothing_is_hinted_of_what_the_partner_does_not_get(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    shared = await giver.project("Named only")
    await giver.share(reader, shared, fields={"project": ("name",)})
    await reader.read()
    await giver.send_hints()

    async with giver.work() as connection:
        await connection.execute("UPDATE project SET need = 'Another need' WHERE id = $1", shared)
    await giver.project("Secret")

    assert await giver.send_hints() == 0


async def test_strangers_and_unknown_bodies_are_answered_alike(pair: tuple[Side, Side]) -> None:
    giver, _ = pair
    stranger = "0192:974760673"
    async with giver.house.caller(stranger, Role.SYNC_PARTNER) as client:
        found = [
            await client.get("/sync-feed", params={"owner": owner})
            for owner in (giver.organisation, "0192:889640782")
        ]
        found += [
            await client.post("/sync-hints", params={"owner": owner})
            for owner in (giver.organisation, "0192:889640782")
        ]

    bodies = [{**one.json(), "instance": ""} for one in found]
    assert [one.status_code for one in found] == [404] * 4
    assert all(body == bodies[0] for body in bodies)
    names = [sorted(one.headers.keys() - {"date"}) for one in found]
    assert all(one == names[0] for one in names)


async def test_a_feed_is_kept_nowhere(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    async with giver.house.caller(reader.organisation, Role.SYNC_PARTNER) as client:
        found = await client.get("/sync-feed", params={"owner": giver.organisation})

    assert found.headers["cache-control"] == "no-store"
    assert "etag" not in found.headers


async def test_a_partner_waits_for_news(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    project = await giver.project("Awaited")
    first = await pages(giver, reader)
    async with giver.house.caller(reader.organisation, Role.SYNC_PARTNER) as client:
        asked = {"owner": giver.organisation, "cursor": first["cursor"], "wait": 20}
        waiting = asyncio.create_task(client.get("/sync-feed", params=asked))
        await asyncio.sleep(0.5)
        await giver.share(reader, project)
        found = await waiting

    assert len(found.json()["revisions"]) == 1


async def test_a_feed_that_knows_fewer_changes_of_grants_gives_nothing(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    async with giver.house.caller(reader.organisation, Role.SYNC_PARTNER) as client:
        found = await client.get("/sync-feed", params={"owner": giver.organisation, "grants_number": 9})

    assert found.status_code == 503
    assert found.headers["retry-after"]


async def test_a_partners_token_opens_nothing_else(pair: tuple[Side, Side]) -> None:
    """Not even in its own organisation here, and whatever other roles its issuer names."""
    giver, _ = pair
    everything = [Role.SYNC_PARTNER, Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE, Role.INTEGRATION]
    async with giver.house.caller(giver.organisation, *everything) as client:
        found = [await client.get(path) for path in ("/projects", "/sync-partners", "/events", "/people")]

    assert [one.status_code for one in found] == [403] * 4


async def test_people_do_not_read_feeds(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    async with giver.house.caller(reader.organisation, Role.ADMINISTRATOR, Role.INTEGRATION) as client:
        found: httpx.Response = await client.get("/sync-feed", params={"owner": giver.organisation})

    assert found.status_code == 403


async def test_bodies_in_one_installation_read_each_other_without_http(houses: tuple[House, House]) -> None:
    await quiet(*houses)
    one, other = Side(houses[0]), Side(houses[0])
    await one.settle_in()
    await other.settle_in()
    await acquainted(one, other)
    await one.share(other, await one.project("Next door"))
    houses[0].asked.clear()

    await other.read()
    await one.send_hints()

    assert await other.has(one) == ["Next door"]
    assert FEED not in houses[0].asked


async def test_it_is_seen_how_the_exchange_goes(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    before = await exchange(giver, reader)
    await giver.share(reader, await giver.project("Seen"))
    await reader.read()
    await reader.read()
    await giver.read()
    await giver.read()
    project = await giver.project("Unread yet")
    await giver.share(reader, project)
    await giver.send_hints()
    given, received = await exchange(giver, reader), await exchange(reader, giver)

    assert before["is_reconciled"] is False
    assert before["received"]["taken"] == before["given"]["number"] == 0
    assert received["is_reconciled"] is given["is_reconciled"] is True
    assert (received["received"]["records"], received["received"]["taken"]) == (1, 1)
    assert "lag_seconds" in received["received"]
    assert (given["given"]["unread"], given["given"]["pending"]) == (1, 0)


async def test_it_is_seen_what_was_put_aside_and_why(pair: tuple[Side, Side]) -> None:
    giver, reader = pair

    async def odd(send: Any, _status: int, _body: bytes) -> None:
        await answer(send, 200, b"{}")

    changed(giver.house, odd)
    await reader.read()
    found = await exchange(reader, giver)

    assert [one["reason"] for one in found["quarantine"]] == ["wrong-shape"]
    assert (found["received"]["fault"], found["received"]["failures"]) == ("wrong-shape", 1)
    assert found["received"]["quarantined"] == 1


async def exchange(one: Side, other: Side) -> Any:
    async with one.administrator as client:
        found = await client.get(f"/sync-partners/{one.partners[other.organisation]}/exchange")
        assert found.status_code == 200, found.text
        return found.json()
