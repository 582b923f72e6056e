"""X2: what administrators do about an exchange that does not go as it should."""

import json
from dataclasses import replace
from typing import Any

from tests.portfolio.exchanging import allow_loopback, other_body, propose
from tests.portfolio.two_installations import Side, answer, changed
from tests.portfolio.world import World
from tests.support.callers import Desk


async def exchange(reader: Side, giver: Side) -> dict[str, Any]:
    async with reader.administrator as client:
        found = await client.get(f"/sync-partners/{reader.partners[giver.organisation]}/exchange")
        assert found.status_code == 200, found.text
        said: dict[str, Any] = found.json()
        return said


async def in_full(reader: Side, giver: Side) -> Any:
    async with reader.administrator as client:
        return await client.post(f"/sync-partners/{reader.partners[giver.organisation]}/full-reading")


async def spoil(send: Any, status: int, body: bytes) -> None:
    page = json.loads(body)
    page["revisions"] = ["no.revision.atall" for _ in page["revisions"]]
    await answer(send, status, json.dumps(page).encode())


async def test_an_administrator_has_a_partner_read_anew_that_mended_what_was_wrong(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Spoiled on the way"))
    changed(giver.house, spoil)
    await reader.read()
    giver.house.disturb = None
    received = (await exchange(reader, giver))["received"]
    nothing = await reader.has(giver)

    asked = await in_full(reader, giver)
    await reader.read()

    assert (received["missing"], received["records"], nothing) == (1, 0, [])
    assert "reread_at" in received
    assert asked.status_code == 204
    assert await reader.has(giver) == ["Spoiled on the way"]
    assert await reader.quarantine(giver) == []
    assert (await exchange(reader, giver))["received"]["missing"] == 0


async def test_who_is_paused_is_not_read_in_full(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await reader.tell(giver, "pause")

    refused = await in_full(reader, giver)

    assert refused.status_code == 409
    assert refused.json()["type"].endswith("#partner-not-read")


async def test_an_organisation_has_as_many_partners_as_the_installation_allows(
    world: World, portfolio: Desk
) -> None:
    await allow_loopback(world)
    state = portfolio.app.state
    was = state.house
    limits = replace(was.exchange.limits, partners=1)
    state.house = replace(was, exchange=replace(was.exchange, limits=limits))
    try:
        async with other_body() as other, other_body() as another:
            path = await propose(world, other)
            body = {"owner": another.owner, "address": another.address}

            refused = await world.administrator.post("/sync-partners", json=body)
            stopped = await world.administrator.post(f"{path}/stop")
            taken = await world.administrator.post("/sync-partners", json=body)
    finally:
        state.house = was

    assert refused.status_code == 409
    assert refused.json()["type"].endswith("#too-many-partners")
    assert (stopped.status_code, taken.status_code) == (200, 201)
