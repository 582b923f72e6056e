"""What the tests of endpoints share: a post office, and an administrator who lets it call loopback."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import httpx

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.usecases.delivering import PostOffice, deliver_due
from gevinst_notifications.usecases.posting import EndpointSender
from gevinst_shared.http.outside import Outside
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.notifications.world import World
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


async def administrator(world: World) -> httpx.AsyncClient:
    """The administrator, who has allowed loopback: the receiver's network."""
    caller = world.caller("admin", Role.ADMINISTRATOR)
    allowed = await caller.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "Tests"})
    assert allowed.status_code == 201
    return caller
