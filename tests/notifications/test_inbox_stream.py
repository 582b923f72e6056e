"""The inbox as server-sent events, over a real connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from gevinst_notifications.app import create_app
from gevinst_notifications.routes.inbox_stream import Streams
from gevinst_notifications.settings import Settings
from gevinst_shared.settings import from_environment
from gevinst_shared.values.actor import Role
from tests.notifications.world import World, served
from tests.support.callers import problem, started
from tests.support.installation import Installation
from tests.support.waiting import PATIENCE

Item = dict[str, Any]


@pytest.fixture
async def address(installation: Installation, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A service of its own, whose streams last as long as the test says."""
    environment = installation.environment("notifications")
    app = create_app(from_environment(Settings, "notifications", environment))
    app.state.streams = Streams(lease_seconds=getattr(request, "param", 20.0))
    async with started(app), served(app) as url:
        yield f"{url}/notifications/v1"


@asynccontextmanager
async def listening(
    address: str, world: World, subject: str = "olga", last: int | None = None
) -> AsyncIterator[AsyncIterator[Item]]:
    """The items of a stream, as they come."""
    token = world.desk.installation.token(world.organisation, Role.READER, subject=subject)
    headers = {"Authorization": f"Bearer {token}"} | ({} if last is None else {"Last-Event-ID": str(last)})
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream("GET", f"{address}/inbox/stream", headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _items(response)


async def _items(response: httpx.Response) -> AsyncIterator[Item]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif fields.get("event") == "inbox-item":
            item = json.loads(fields["data"])
            assert fields["id"] == str(item["seq"])
            yield item
            fields = {}


async def _take(items: AsyncIterator[Item], count: int) -> list[int]:
    async with asyncio.timeout(PATIENCE):
        return [(await anext(items))["seq"] for _ in range(count)]


async def test_what_is_told_while_one_listens_comes_at_once(address: str, world: World) -> None:
    async with listening(address, world, last=0) as items:
        await world.hear(world.gate_decided())

        async with asyncio.timeout(PATIENCE):
            item = await anext(items)

    assert (item["seq"], item["language"]) == (1, "nb")
    assert item["title"] == "BP3 for Digital post: stopp"


async def test_nothing_is_missed_over_a_break(address: str, world: World) -> None:
    """Told before, during and after the break: the numbers run on without gap or repetition."""
    async with listening(address, world, last=0) as items:
        await world.hear(world.gate_decided(), world.gate_decided())
        found = await _take(items, 2)
    await world.hear(*(world.gate_decided() for _ in range(120)))

    async with listening(address, world, last=found[-1]) as items:
        found += await _take(items, 120)
        await world.hear(world.gate_decided())
        found += await _take(items, 1)

    assert found == list(range(1, 124))


async def test_without_a_last_id_only_what_is_new_comes(address: str, world: World) -> None:
    await world.hear(world.gate_decided(), world.gate_decided())

    async with listening(address, world) as items:
        await asyncio.sleep(0.5)
        await world.hear(world.gate_decided())

        assert await _take(items, 1) == [3]


async def test_a_number_that_is_yet_to_come_hides_nothing(address: str, world: World) -> None:
    """A client may have it from before a backup was restored."""
    await world.hear(world.gate_decided(), world.gate_decided())

    async with listening(address, world, last=2**53 - 1) as items:
        await asyncio.sleep(0.5)
        await world.hear(world.gate_decided())

        assert await _take(items, 1) == [3]


async def test_who_is_announced_while_they_listen_hears_from_the_first_item_on(
    address: str, world: World
) -> None:
    async with listening(address, world, subject="nora") as items:
        await asyncio.sleep(0.5)
        await world.person("nora")
        await world.role("nora", Role.PORTFOLIO_OFFICE, "organisation")
        await world.hear(world.gate_decided())

        assert await _take(items, 1) == [1]


async def test_one_hears_only_what_oneself_is_told(address: str, world: World) -> None:
    async with listening(address, world, subject="magnus", last=0) as items:
        await world.hear(world.gate_decided(decided_by="magnus"), world.gate_decided())

        # What others were told has the number before.
        assert await _take(items, 1) == [2]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await anext(items)


@pytest.mark.parametrize("address", [0.6], indirect=True)
async def test_a_stream_ends_with_its_lease(address: str, world: World) -> None:
    async with asyncio.timeout(PATIENCE), listening(address, world, last=0) as items:
        assert [item async for item in items] == []


async def test_a_stream_ends_when_its_service_is_told_to_stop(
    world: World, installation: Installation
) -> None:
    app = create_app(from_environment(Settings, "notifications", installation.environment("notifications")))
    async with (
        asyncio.timeout(PATIENCE),
        started(app),
        served(app) as url,
        listening(f"{url}/notifications/v1", world, last=0) as items,
    ):
        app.state.house.doorbell.end_waiting()

        assert [item async for item in items] == []


async def test_one_person_cannot_open_streams_without_end(address: str, world: World) -> None:
    token = world.desk.installation.token(world.organisation, Role.READER, subject="olga")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=10, headers=headers) as client:
        streams = [client.stream("GET", f"{address}/inbox/stream") for _ in range(5)]
        for stream in streams:
            await stream.__aenter__()

        refused = await client.get(f"{address}/inbox/stream")

        for stream in streams:
            await stream.__aexit__(None, None, None)
        await asyncio.sleep(0.3)
        async with client.stream("GET", f"{address}/inbox/stream") as again:
            assert again.status_code == 200
    assert problem(refused)["status"] == 429


async def test_an_odd_last_id_is_refused_before_the_stream_begins(address: str, world: World) -> None:
    answer = await world.caller("olga").get("/inbox/stream", headers={"Last-Event-ID": "yesterday"})

    assert problem(answer)["status"] == 400


async def test_a_waiting_stream_holds_no_transaction(address: str, world: World) -> None:
    """A row's idle transaction would delay every reader of the feed."""
    async with listening(address, world, last=0):
        await asyncio.sleep(0.5)
        async with world.database.lend() as connection:
            idle = await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' "
                "AND datname = current_database()"
            )

    assert idle == 0
