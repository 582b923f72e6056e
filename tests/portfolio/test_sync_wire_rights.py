"""X2, X3: who reads a feed, who hints, what everybody else learns, and what its administrators see."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from gevinst_shared.values.actor import Role
from tests.portfolio.two_installations import FEED, House, Side, acquainted, answer, changed, pages, quiet


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
