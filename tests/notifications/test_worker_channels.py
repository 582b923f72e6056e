"""The worker as it runs: what is connected hears, and what is not set up waits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from gevinst_notifications.settings import Settings
from gevinst_notifications.worker import work
from gevinst_shared.settings import SettingsMissing, from_environment
from gevinst_shared.values.actor import Role
from tests.notifications.world import World
from tests.support.http_receiver import Receiver, http_receiver
from tests.support.waiting import until

pytestmark = pytest.mark.slow


@contextlib.asynccontextmanager
async def working(world: World, **variables: str) -> AsyncIterator[None]:
    """A worker without feeds and mail."""
    environment = world.desk.installation.environment("notifications") | variables
    task = asyncio.create_task(work(from_environment(Settings, "notifications", environment)))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_webhook_and_a_chat_hear_of_a_fact_within_a_moment(world: World) -> None:
    admin = world.caller("admin", Role.ADMINISTRATOR)
    await admin.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "Tests"})
    receiver = Receiver()
    async with http_receiver(receiver) as port:
        address = {"address": f"http://127.0.0.1:{port}/"}
        for body in (
            {"channel": "webhook", "name": "Buss", "event_types": ["gevinst.benefits.*"], **address},
            {"channel": "teams", "name": "Rom", "kinds": ["gate-decided"], **address},
        ):
            assert (await admin.post("/endpoints", json=body)).status_code == 201

        async def have_heard() -> bool:
            return len(receiver.requests) == 2

        async with working(world):
            await world.hear(world.gate_decided())
            await until(have_heard)

    kinds = {request.headers["content-type"].partition(";")[0] for request in receiver.requests}
    assert kinds == {"application/cloudevents+json", "application/json"}


async def test_a_channel_key_that_can_be_guessed_does_not_start(world: World) -> None:
    environment = world.desk.installation.environment("notifications")
    environment["GEVINST_NOTIFICATIONS_CHANNEL_KEY"] = "short"

    with pytest.raises(SettingsMissing, match="32 characters"):
        from_environment(Settings, "notifications", environment)
