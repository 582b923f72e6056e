"""Bodies that exchange, in tests: ours over the API, others over real sockets of a test's own."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from gevinst_portfolio.worker.identities import Statements
from gevinst_portfolio.worker.partners import Introductions
from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.http.outside import Outside
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.signing_keys import read_aloud
from gevinst_shared.sync.statements import signed_statement
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.portfolio.world import World, made
from tests.support.callers import Desk
from tests.support.http_receiver import Receiver, http_receiver
from tests.support.installation import AUDIENCE
from tests.support.organisations import new_organisation

WELL_KNOWN = "/.well-known/gevinst-federation"


@dataclass
class Other:
    """Another body that answers with its statement. `keys` are private, that of today first."""

    owner: str = field(default_factory=new_organisation)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [new_private_jwk()])
    serial: int = 1
    said: dict[str, Any] = field(default_factory=dict)
    receiver: Receiver = field(default_factory=lambda: Receiver(otherwise="200 OK"))
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def thumbprint(self) -> str:
        return read_aloud(self.keys[0]["kid"])

    def statement(self) -> bytes:
        listed = [public_jwk(key) for key in self.keys]
        for overlapping in listed[1:]:
            overlapping["exp"] = 4_000_000_000
        said = {
            "owner": self.owner,
            "name": "Bergen",
            "serial": self.serial,
            "contact": "post@bergen.example",
            "keys": {"keys": listed},
            "feeds": {"portfolio": f"{self.address}/portfolio/v1/sync-feed"},
            "token": {"endpoint": f"{self.address}/token", "audience": "x", "scope": "gevinst:sync"},
            **self.said,
        }
        return signed_statement(said, [signing_key(key) for key in self.keys]).encode()

    def state(self, **changed: Any) -> None:
        """Say it anew from now on; `changed` are members of this object."""
        for name, value in changed.items():
            setattr(self, name, value)
        self.receiver.body = self.statement()

    def renew(self) -> None:
        self.state(keys=[new_private_jwk(), self.keys[0]], serial=self.serial + 1)


@asynccontextmanager
async def other_body(**members: Any) -> AsyncIterator[Other]:
    """Another body, reached on loopback."""
    other = Other(**members)
    async with http_receiver(other.receiver) as port:
        other.port = port
        other.state()
        yield other


async def allow_loopback(world: World) -> None:
    await made(world.administrator, "/sync-networks", {"network": "127.0.0.0/8", "reason": "Tests"})


async def propose(world: World, other: Other) -> str:
    """A proposed partner's address below `/sync-partners`."""
    body = {"owner": other.owner, "address": other.address}
    return f"/sync-partners/{(await made(world.administrator, '/sync-partners', body))['id']}"


async def partner(world: World, path: str) -> dict[str, Any]:
    answer = await world.administrator.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def fetch(world: World, *, now: Any = utc_now, seconds: float = 5.0) -> int:
    """One round of the worker that fetches statements."""
    async with Outside(seconds=seconds) as outside:
        return await Introductions(database_of(world.desk), outside, AUDIENCE, now).once()


async def fetched(world: World, path: str, *, now: Any = utc_now, seconds: float = 5.0) -> dict[str, Any]:
    """The partner after its statement was fetched; others' partners may be due, too."""
    asked = (await world.administrator.post(f"{path}/refetch")).json()
    for _ in range(50):
        await fetch(world, now=now, seconds=seconds)
        found = await partner(world, path)
        if found["fetch_at"] != asked["fetch_at"]:
            return found
    raise AssertionError("never fetched")


async def met(world: World, other: Other) -> str:
    """A partner whose statement is here."""
    await allow_loopback(world)
    path = await propose(world, other)
    assert (await fetched(world, path))["state"] == "met"
    return path


async def confirmed(world: World, other: Other) -> str:
    """A partner that an administrator has confirmed."""
    path = await met(world, other)
    answer = await confirm(world, path, other.thumbprint)
    assert answer.status_code == 200, answer.text
    return path


async def confirm(world: World, path: str, thumbprint: str) -> httpx.Response:
    return await world.administrator.post(f"{path}/confirm", json={"thumbprint": thumbprint})


async def restated(desk: Desk, now: Any) -> None:
    """One round of the worker that keeps our statements true."""
    exchange = desk.app.state.house.exchange
    assert isinstance(exchange, Exchange)
    await Statements(database_of(desk), exchange, now).once()


async def statement_of(desk: Desk, owner: str) -> httpx.Response:
    return await desk.with_headers().get(WELL_KNOWN, params={"owner": owner})


def protected(statement: bytes) -> int:
    """How many signatures it has."""
    return len(json.loads(statement)["signatures"])
