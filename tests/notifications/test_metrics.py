"""Queue depth, age and failures as metrics, sent to a collector (A10)."""

import asyncio
import contextlib
import re
from pathlib import Path

import httpx
import pytest

from gevinst_notifications.domain.deliveries import Channel
from gevinst_shared.cli.ports import free_ports
from tests.notifications.queued import enqueue
from tests.notifications.workers import Workers
from tests.notifications.world import World
from tests.support.collector import Figures, figures
from tests.support.http_receiver import Receiver, http_receiver
from tests.support.waiting import until

pytestmark = pytest.mark.slow
_RULES = Path("deploy/watching/alerts.yaml")


async def _watched(world: World) -> Figures:
    """What a worker without mail tells, once it has looked at the queue and tried what it can send."""
    collector = Receiver(otherwise="200 OK")
    environment = world.desk.installation.environment("notifications")
    async with http_receiver(collector) as port:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{port}"
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "200"
        workers = Workers(environment)
        await workers.start()

        async def has_told() -> bool:
            names = {name for name, _ in figures(collector.requests)}
            return {"gevinst.deliveries.due", "gevinst.deliveries.attempts"} <= names

        try:
            await until(has_told)
        finally:
            await workers.stop()
    assert {request.target for request in collector.requests} == {"/v1/metrics"}
    return figures(collector.requests)


async def test_a_collector_hears_how_deep_and_old_the_queue_is_and_what_fails(world: World) -> None:
    await enqueue(world, "mail-server", 7, channel=Channel.MAIL)
    await enqueue(world, "nobody.example", 3)

    found = await _watched(world)

    worker = "service=gevinst-notifications-work"
    assert found["gevinst.deliveries.waiting", f"channel=mail,{worker}"] == 7
    assert found["gevinst.deliveries.due", f"channel=mail,{worker}"] == 7
    assert found["gevinst.deliveries.oldest_due", f"channel=mail,{worker}"] >= 1
    assert found["gevinst.deliveries.waiting", f"channel=slack,{worker}"] == 0
    # Their endpoint is not known, so they were given up at once.
    assert found["gevinst.deliveries.attempts", f"channel=webhook,outcome=permanent-failure,{worker}"] == 3


async def test_a_collector_hears_how_requests_fare_without_their_addresses(world: World) -> None:
    """Addresses can be tickets: only the route is told."""
    collector = Receiver(otherwise="200 OK")
    environment = world.desk.installation.environment("notifications")
    (own,) = free_ports(1)
    async with http_receiver(collector) as port, httpx.AsyncClient() as client:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{port}"
        environment["GEVINST_NOTIFICATIONS_PORT"] = str(own)
        servers = Workers(environment)
        await servers.start("serve")
        address = f"http://127.0.0.1:{own}/notifications/v1/calendar?ticket=secret-ticket"

        async def answers() -> bool:
            with contextlib.suppress(httpx.ConnectError):
                return (await client.get(address)).status_code in {400, 404}
            return False

        try:
            await until(answers)
        finally:
            await servers.stop()

    told = {key for name, key in figures(collector.requests) if name == "http.server.request.duration"}
    assert any("http.response.status_code" in key and "http.route" in key for key in told)
    assert "secret-ticket" not in "".join(str(request.content) for request in collector.requests)


async def test_every_alert_rule_looks_at_a_figure_that_is_sent(world: World) -> None:
    await enqueue(world, "nobody.example", 1)
    sent = {name.replace(".", "_") for name, _ in await _watched(world)}

    asked = set(re.findall(r"gevinst_[a-z_]+", await asyncio.to_thread(_RULES.read_text)))

    assert asked
    assert {re.sub(r"_(seconds|total)$", "", name) for name in asked} <= sent
