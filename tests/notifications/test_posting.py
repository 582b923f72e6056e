"""The whole way from a fact to an endpoint, over a real HTTP receiver (N5)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from gevinst_notifications.usecases.reminding import remind
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.notifications.endpoint_calls import (
    Clock,
    administrator,
    connected,
    drained,
    post_office,
    secrets_of,
    states,
)
from tests.notifications.world import World
from tests.support.http_receiver import Receiver, http_receiver


@pytest.fixture
async def admin(world: World) -> httpx.AsyncClient:
    return await administrator(world)


async def test_a_webhook_gets_the_fact_as_the_feed_has_it_signed(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        endpoint = await connected(admin, port)
        fact = world.gate_decided(reason="Kostnaden har økt.")
        await world.hear(fact, world.event("import-finished", source_name="x", created_count=1))
        await drained(office)

    assert len(receiver.requests) == 1
    request = receiver.requests[0]
    told = json.loads(request.content)
    assert told == {
        "specversion": "1.0",
        "id": str(fact.id),
        "source": f"urn:gevinst:organisation:{world.organisation}",
        "type": fact.type,
        "subject": fact.subject,
        "time": "2026-11-20T09:00:00.000000Z",
        "datacontenttype": "application/json",
        "data": dict(fact.data),
    }
    assert request.headers["webhook-id"] == str(fact.id)
    assert request.headers["content-type"].startswith("application/cloudevents+json")
    for secret in await secrets_of(admin, endpoint):
        assert Webhook(secret).verify(request.content, request.headers) == told
    assert await states(admin, endpoint) == {"sent": 1}


async def test_while_a_key_is_rotated_both_are_believed_and_afterwards_the_new_one(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver, clock = Receiver(), Clock()
    async with http_receiver(receiver) as port, post_office(world, clock) as office:
        endpoint = await connected(admin, port)
        await admin.post(f"/endpoints/{endpoint['id']}/keys", json={"overlap_hours": 1})
        new, old = await secrets_of(admin, endpoint)
        await world.hear(world.gate_decided())
        await drained(office)
        clock.ahead = timedelta(hours=2)
        await world.hear(world.gate_decided())
        await drained(office)

    during, after = receiver.requests
    for secret in (old, new):
        Webhook(secret).verify(during.content, during.headers)
    assert len(after.headers["webhook-signature"].split()) == 1


async def test_however_often_a_key_is_rotated_the_header_stays_short(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        endpoint = await connected(admin, port)
        for _ in range(6):
            await admin.post(f"/endpoints/{endpoint['id']}/keys", json={"overlap_hours": 168})
        newest, *_ = await secrets_of(admin, endpoint)
        await world.hear(world.gate_decided())
        await drained(office)

    request = receiver.requests[0]
    assert len(request.headers["webhook-signature"].split()) == 5
    Webhook(newest).verify(request.content, request.headers)


async def test_a_chat_without_a_language_is_told_in_the_organisations(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        await connected(admin, port, channel="mattermost")
        await world.hear(world.gate_decided())
        await drained(office)

    assert "stopp" in receiver.requests[0].content.decode()


@pytest.mark.parametrize("channel", ["teams", "slack", "mattermost"])
async def test_a_chat_is_told_in_its_language_of_what_stands_in_its_place(
    world: World, admin: httpx.AsyncClient, channel: str
) -> None:
    here, elsewhere = Receiver(), Receiver()
    async with (
        http_receiver(here) as port,
        http_receiver(elsewhere) as other,
        post_office(world, Clock()) as office,
    ):
        place = {"scope": "portfolio", "scope_id": str(world.portfolio_id)}
        await connected(admin, port, channel=channel, language="da", **place)
        await world.hear(
            world.event("unit-changed", unit_id=(unit := world.unit_id), name="X", path=[str(unit)])
        )
        unrelated = {"scope": "programme"}
        refused = await admin.post(
            "/endpoints",
            json={
                "channel": channel,
                "name": "x",
                "address": f"http://127.0.0.1:{other}/",
                "kinds": ["gate-decided"],
                **unrelated,
            },
        )
        await connected(admin, other, channel=channel, kinds=["project-stopped"])
        await world.hear(world.gate_decided())
        await drained(office)

    assert refused.status_code == 400
    assert elsewhere.requests == []
    said = here.requests[0].content.decode()
    assert "Digital post" in said
    assert "Oslo kommune" in said
    assert f"projects/{world.project_id}" in said
    assert here.requests[0].headers["content-type"].startswith("application/json")
    assert "webhook-signature" not in here.requests[0].headers


async def test_a_test_call_is_sent_also_to_what_is_paused(world: World, admin: httpx.AsyncClient) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        endpoint = await connected(admin, port)
        chat = await connected(admin, port, channel="slack", name="Kanal <!all>", language="nn")
        body = {"name": "Buss", "event_types": ["*"], "is_active": False}
        await admin.put(f"/endpoints/{endpoint['id']}", json=body, headers={"If-Match": '"1"'})
        asked = [await admin.post(f"/endpoints/{one['id']}/test") for one in (endpoint, chat)]
        await world.hear(world.gate_decided())
        await drained(office)

    assert [answer.status_code for answer in asked] == [202, 202]
    delivery = await admin.get(asked[0].headers["location"].removeprefix("/notifications/v1"))
    assert delivery.json()["state"] == "sent"
    bodies = [json.loads(request.content) for request in receiver.requests]
    tested = next(one for one in bodies if one.get("type", "").endswith("endpoint-tested.v1"))
    assert tested["data"]["endpoint_id"] == endpoint["id"]
    assert any("Kanal <!all>" in json.dumps(one, ensure_ascii=False) for one in bodies)
    assert await states(admin, endpoint) == {"sent": 1}


async def test_a_team_hears_of_reminders_and_of_endpoints_that_were_disabled(
    world: World, admin: httpx.AsyncClient
) -> None:
    """Notices that are made here reach channels of teams as those of the feeds do (N1, N2)."""
    gate: dict[str, Any] = {
        "project_id": world.project_id,
        "gate_id": new_id(),
        "gate_name": "BP3",
        "outcome": "go",
    }
    team, broken, clock = Receiver(), Receiver(otherwise="410 Gone"), Clock()
    async with (
        http_receiver(team) as port,
        http_receiver(broken) as other,
        post_office(world, clock) as office,
    ):
        kinds = ["duty-reminded", "duty-escalated", "endpoint-disabled"]
        await connected(admin, port, channel="slack", kinds=kinds, language="en")
        await connected(admin, other)
        await world.hear(world.event("gate-proposed", **gate, decide_by="2026-12-15"))
        async with world.database.transaction(world.organisation) as connection:
            ids = [row["id"] for row in await connection.fetch("SELECT id FROM duty")]
            later = datetime(2026, 12, 14, 9, tzinfo=UTC)
            await remind(connection, world.organisation, ids, now=later)
        clock.ahead = later + timedelta(hours=1) - utc_now()
        await world.hear(world.gate_decided())
        await drained(office)

    titles = [json.loads(request.content)["text"] for request in team.requests]
    assert any("BP3" in title and "15 December 2026" in title for title in titles)
    assert "Nothing is sent to Buss any more" in titles
