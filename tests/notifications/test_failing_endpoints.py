"""Endpoints that fail, are gone, or may not be called any more: nothing is lost, nothing leaks."""

from datetime import UTC, datetime, timedelta
from random import Random

import httpx
import pytest

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.endpoints import LONGEST_FAILURE
from gevinst_notifications.usecases.delivering import PostOffice, deliver_due, recover_lost
from gevinst_notifications.usecases.posting import EndpointSender
from gevinst_shared.http.outside import Outside
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.notifications.endpoint_calls import (
    LEASE,
    Clock,
    administrator,
    connected,
    drained,
    post_office,
    states,
)
from tests.notifications.world import World
from tests.support.http_receiver import DROP, REFUSE, Receiver, http_receiver


@pytest.fixture
async def admin(world: World) -> httpx.AsyncClient:
    return await administrator(world)


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
