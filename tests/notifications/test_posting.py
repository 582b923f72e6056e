"""The whole way from a fact to an endpoint, over a real HTTP receiver (N5)."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.endpoints import LONGEST_FAILURE
from gevinst_notifications.usecases.delivering import PostOffice, deliver_due, recover_lost
from gevinst_notifications.usecases.posting import EndpointSender
from gevinst_notifications.usecases.reminding import remind
from gevinst_shared.http.outside import Outside
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.notifications.world import World
from tests.support.http_receiver import DROP, REFUSE, Receiver, http_receiver
from tests.support.installation import CHANNEL_KEY

LEASE = timedelta(minutes=5)


class Clock:
    """Real time, moved on by hand."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@asynccontextmanager
async def post_office(world: World, clock: Clock, *, seed: int = 1) -> AsyncIterator[PostOffice]:
    async with Outside(seconds=2) as outside:
        link = "https://intranet.example.no/gevinst/{subject}"
        sender = EndpointSender(outside, Safe([CHANNEL_KEY]), clock, link)
        yield PostOffice(
            world.database,
            dict.fromkeys(sender.channels, sender),
            now=clock,
            rng=Random(seed),
            lease=LEASE,
            batch=20,
            sleep=_at_once,
        )


async def _at_once(_seconds: float) -> None:
    """No destination is spared in a test."""


async def drained(office: PostOffice) -> int:
    """Deliver until nothing is due; how many were tried."""
    tried = 0
    while done := await deliver_due(office):
        tried += done
    return tried


@pytest.fixture
async def admin(world: World) -> httpx.AsyncClient:
    """The administrator, who has allowed loopback: the receiver's network."""
    caller = world.caller("admin", Role.ADMINISTRATOR)
    allowed = await caller.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "Tests"})
    assert allowed.status_code == 201
    return caller


async def connected(admin: httpx.AsyncClient, port: int, **body: Any) -> dict[str, Any]:
    wanted = {"channel": "webhook", "name": "Buss", "address": f"http://127.0.0.1:{port}/hook"} | body
    if wanted["channel"] == "webhook":
        wanted.setdefault("event_types", ["*.gate-decided.v1"])
    else:
        wanted.setdefault("kinds", ["gate-decided"])
    answer = await admin.post("/endpoints", json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def secrets_of(admin: httpx.AsyncClient, endpoint: dict[str, Any]) -> list[str]:
    url = f"/endpoints/{endpoint['id']}/keys"
    keys = (await admin.get(url)).json()["items"]
    return [(await admin.get(f"{url}/{key['id']}")).json()["secret"] for key in keys]


async def states(admin: httpx.AsyncClient, endpoint: dict[str, Any]) -> Counter[str]:
    found = await admin.get("/deliveries", params={"person": endpoint["id"], "limit": 100})
    return Counter(item["state"] for item in found.json()["items"])


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


async def test_what_fails_is_tried_again_and_every_attempt_is_in_the_log(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver = Receiver(["503 Busy\nRetry-After: 120", "500 Broken", REFUSE, DROP], body=b"not now")
    clock = Clock()
    async with http_receiver(receiver) as port, post_office(world, clock) as office:
        endpoint = await connected(admin, port)
        await world.hear(world.gate_decided())
        for _ in range(12):
            await recover_lost(office)
            await drained(office)
            clock.ahead += timedelta(hours=2)

    log = (await admin.get(f"/endpoints/{endpoint['id']}/attempts", params={"limit": 100})).json()["items"]
    assert [entry["outcome"] for entry in reversed(log)] == [
        "temporary-failure",
        "temporary-failure",
        "lost-after-data",
        "lost-after-data",
        "accepted",
    ]
    assert log[-1]["code"] == 503
    assert log[-1]["text"] == "not now"
    assert [entry["number"] for entry in log] == [5, 4, 3, 2, 1]
    assert {request.headers["webhook-id"] for request in receiver.requests} == {log[0]["event_id"]}
    assert len({request.content for request in receiver.requests}) == 1
    assert "failing_since" not in (await admin.get(f"/endpoints/{endpoint['id']}")).json()


async def test_an_endpoint_that_says_gone_is_disabled_at_once_and_administrators_hear_of_it(
    world: World, admin: httpx.AsyncClient
) -> None:
    await world.person("admin", language="nb")
    await world.role("admin", Role.ADMINISTRATOR, "organisation")
    receiver = Receiver(otherwise="410 Gone")
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        endpoint = await connected(admin, port)
        await world.hear(world.gate_decided(), world.gate_decided())
        await drained(office)
        await world.hear(world.gate_decided())
        await drained(office)

    now = (await admin.get(f"/endpoints/{endpoint['id']}")).json()
    assert (now["state"], now["disabled_because"]) == ("disabled", "gone")
    assert len(receiver.requests) == 1
    assert await states(admin, endpoint) == {"dead": 2}
    heard = (await admin.get("/inbox")).json()["items"]
    assert [(item["kind"], item["title"]) for item in heard if item["kind"] == "endpoint-disabled"] == [
        ("endpoint-disabled", "Det sendes ikke mer til Buss")
    ]
    events = (await admin.get("/events", params={"limit": 100})).json()["items"]
    assert [one["data"]["because"] for one in events if one["type"].endswith("endpoint-disabled.v1")] == [
        "gone"
    ]


async def test_an_endpoint_that_fails_for_days_is_disabled_and_begins_anew_when_made_active(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver, clock = Receiver(otherwise="500 Broken"), Clock()
    async with http_receiver(receiver) as port, post_office(world, clock) as office:
        endpoint = await connected(admin, port)
        url = f"/endpoints/{endpoint['id']}"
        await world.hear(world.gate_decided())
        await drained(office)
        failing = (await admin.get(url)).json()
        clock.ahead = LONGEST_FAILURE + timedelta(hours=1)
        await drained(office)
        disabled = (await admin.get(url)).json()
        body = {"name": "Buss", "event_types": ["*.gate-decided.v1"], "is_active": True}
        again = await admin.put(url, json=body, headers={"If-Match": f'"{disabled["revision"]}"'})

    assert (failing["state"], "failing_since" in failing) == ("active", True)
    assert (disabled["state"], disabled["disabled_because"]) == ("disabled", "failing")
    assert again.json()["state"] == "active"
    assert not {"failing_since", "disabled_at", "disabled_because"} & again.json().keys()


async def test_a_network_that_is_closed_again_is_not_called_any_more(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        endpoint = await connected(admin, port)
        network = (await admin.get("/allowed-networks")).json()["items"][0]
        await admin.delete(f"/allowed-networks/{network['id']}", headers={"If-Match": '"1"'})
        await world.hear(world.gate_decided())
        await drained(office)

    log = (await admin.get(f"/endpoints/{endpoint['id']}/attempts")).json()["items"]
    assert receiver.connections == 0
    assert [entry["outcome"] for entry in log] == ["permanent-failure"]
    assert "not public" in log[0]["text"]


async def test_what_waits_for_a_deleted_endpoint_is_given_up(world: World, admin: httpx.AsyncClient) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, post_office(world, Clock()) as office:
        endpoint = await connected(admin, port)
        await world.hear(world.gate_decided())
        await admin.delete(f"/endpoints/{endpoint['id']}", headers={"If-Match": '"1"'})
        await drained(office)

    assert receiver.requests == []
    assert await states(admin, endpoint) == {"dead": 1}


async def test_a_key_that_is_not_here_sends_nothing_and_loses_nothing(
    world: World, admin: httpx.AsyncClient
) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port, Outside(seconds=2) as outside:
        endpoint = await connected(admin, port)
        await world.hear(world.gate_decided())
        sender = EndpointSender(outside, Safe(["another key of thirty-two characters"]), utc_now)
        office = PostOffice(
            world.database, {Channel.WEBHOOK: sender}, now=utc_now, rng=Random(1), lease=LEASE
        )
        await deliver_due(office)

    assert receiver.requests == []
    assert await states(admin, endpoint) == {"failed": 1}


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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_nothing_is_lost_however_the_receiver_fails_and_no_id_has_two_contents(
    world: World, admin: httpx.AsyncClient, seed: int
) -> None:
    rng = Random(seed)
    faults = ["204 OK", "204 OK", "204 OK", "500 Broken", "429 Slow\nRetry-After: 5", DROP, REFUSE]
    receiver, clock = Receiver([rng.choice(faults) for _ in range(60)]), Clock()
    async with http_receiver(receiver) as port, post_office(world, clock, seed=seed) as office:
        endpoint = await connected(admin, port)
        await world.hear(*(world.gate_decided() for _ in range(30)))
        for _ in range(60):
            await recover_lost(office)
            await drained(office)
            clock.ahead += timedelta(minutes=30)
            if set(await states(admin, endpoint)) <= {"sent"}:
                break

    assert await states(admin, endpoint) == {"sent": 30}
    contents: dict[str, set[bytes]] = {}
    for request in receiver.requests:
        contents.setdefault(request.headers["webhook-id"], set()).add(request.content)
    assert len(contents) == 30
    assert all(len(several) == 1 for several in contents.values())


async def test_facts_are_forgotten_after_thirty_days(world: World, admin: httpx.AsyncClient) -> None:
    receiver = Receiver()
    async with http_receiver(receiver) as port:
        await connected(admin, port)
        await world.hear(world.gate_decided())
        async with world.database.transaction(world.organisation) as connection:
            long_ago = datetime(2026, 1, 1, tzinfo=UTC)
            await connection.execute("UPDATE outgoing_event SET kept_at = $1", long_ago)
        await world.hear(world.gate_decided())

    async with world.database.transaction(world.organisation) as connection:
        assert await connection.fetchval("SELECT count(*) FROM outgoing_event") == 1
