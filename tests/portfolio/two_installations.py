"""Two installations, each with its own database, keys and issuer, that reach each other over loopback."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from gevinst_benefits.app import create_app as create_benefits
from gevinst_benefits.settings import Settings as BenefitsSettings
from gevinst_portfolio.app import create_app
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.worker.exchange import PART
from gevinst_portfolio.worker.partners import Introductions
from gevinst_shared.auth.development_issuer import create_issuer_app, issue_token, partner_file
from gevinst_shared.db.engine import Database
from gevinst_shared.http.client import NO_TLS
from gevinst_shared.http.outside import Outside
from gevinst_shared.settings import from_environment
from gevinst_shared.sync.partner_calls import PartnerCalls
from gevinst_shared.sync.partner_tokens import asserted_here
from gevinst_shared.sync.partners import Grant, Partners
from gevinst_shared.sync.reading import Here, Reading
from gevinst_shared.sync.telling import Telling
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.web.clock import utc_now
from tests.portfolio.world import ORGANISATION, PORTFOLIO, made
from tests.support import maskinporten
from tests.support.callers import started
from tests.support.installation import Installation, install
from tests.support.organisations import new_organisation
from tests.support.served import served

FEED = "/portfolio/v1/sync-feed"
ALL_FIELDS = {kind.name: tuple(kind.fields) for kind in PART.kinds}


@dataclass
class House:
    """One installation: its application behind a real server, and its worker's rounds by hand.

    `environment` is what its programs read. `disturb` is an ASGI application in between, when a test wants
    one. `late` is added to its worker's clock.
    """

    installation: Installation
    address: str
    app: FastAPI
    benefits: FastAPI
    environment: dict[str, str]
    late: timedelta = timedelta()
    disturb: Any = None
    asked: list[str] = field(default_factory=list)

    @property
    def database(self) -> Database:
        database: Database = self.app.state.house.database
        return database

    @property
    def here(self) -> Here:
        return Here(self.database, PART, self.app.state.house.exchange, self.now)

    def calls(self, outside: Outside) -> PartnerCalls:
        return PartnerCalls(outside, utc_now, asserts=asserted_here(self.here.exchange.clients, utc_now))

    def now(self) -> datetime:
        return utc_now() + self.late

    def token(self, organisation: str, *roles: Role, subject: str = "kari") -> str:
        return issue_token(
            self.installation.keys,
            Actor(subject, organisation, frozenset(roles)),
            issuer=f"{self.address}/issuer",
            audience=self.address,
            now=utc_now(),
        )

    def caller(
        self, organisation: str, *roles: Role, subject: str = "kari", service: str = "portfolio"
    ) -> httpx.AsyncClient:
        token = self.token(organisation, *roles, subject=subject)
        return httpx.AsyncClient(
            base_url=f"{self.address}/{service}/v1",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            verify=NO_TLS,
            timeout=60,
        )


@dataclass
class Side:
    """An organisation in a house, and what it calls its partners."""

    house: House
    organisation: str = field(default_factory=new_organisation)
    portfolio_id: str = ""
    partners: dict[str, UUID] = field(default_factory=dict)

    @property
    def administrator(self) -> httpx.AsyncClient:
        return self.house.caller(self.organisation, Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE)

    async def settle_in(self) -> None:
        async with self.administrator as client:
            answer = await client.put("/organisation", json=ORGANISATION)
            assert answer.status_code in {200, 201}, answer.text
            self.portfolio_id = (await made(client, "/portfolios", PORTFOLIO))["id"]
            answer = await client.put("/sync-identity", json={"contact": "post@body.example"})
            assert answer.status_code in {200, 201}, answer.text
            await made(client, "/sync-networks", {"network": "127.0.0.0/8", "reason": "Tests"})

    async def project(self, name: str) -> UUID:
        async with self.administrator as client:
            body = {"portfolio_id": self.portfolio_id, "name": name}
            return UUID((await made(client, "/projects", body))["id"])

    async def rename(self, project_id: UUID, name: str) -> None:
        async with self.work() as connection:
            await connection.execute("UPDATE project SET name = $2 WHERE id = $1", project_id, name)

    async def thumbprint(self) -> str:
        async with self.administrator as client:
            found: str = (await client.get("/sync-identity")).json()["keys"][0]["thumbprint"]
            return found

    async def propose(self, other: "Side") -> None:
        async with self.administrator as client:
            body = {"owner": other.organisation, "address": other.house.address}
            record = await made(client, "/sync-partners", body)
        self.partners[other.organisation] = UUID(record["id"])

    async def confirm(self, other: "Side") -> None:
        partner_id = self.partners[other.organisation]
        async with self.administrator as client:
            for _ in range(20):
                await self.introduce()
                if (await client.get(f"/sync-partners/{partner_id}")).json()["state"] == "met":
                    break
            body = {"thumbprint": await other.thumbprint()}
            answer = await client.post(f"/sync-partners/{partner_id}/confirm", json=body)
            assert answer.status_code == 200, answer.text
        await self.register(other)

    async def register(self, other: "Side") -> None:
        """As the operator does: let the other body's keys of today get tokens here."""
        async with other.work() as connection:
            keys = await connection.fetch("SELECT public FROM sync_key WHERE until IS NULL")
        file = partner_file(self.house.installation.keys, other.organisation)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"keys": [json.loads(key["public"]) for key in keys]}), "utf-8")

    async def introduce(self) -> None:
        """Fetch every statement that is due: those of other tests in this house, too."""
        async with Outside(seconds=20) as outside:
            meet = Introductions(self.house.database, outside, self.house.address, self.house.now)
            for _ in range(20):
                if not await meet.once():
                    break

    async def refetch(self, other: "Side") -> None:
        """Fetch the other's statement."""
        await self.tell(other, "refetch")
        asked = (await self.contact(other))["fetch_at"]
        for _ in range(20):
            await self.introduce()
            if (await self.contact(other))["fetch_at"] != asked:
                return
        raise AssertionError("never fetched")

    async def tell(self, other: "Side", verb: str) -> None:
        """Pause, resume or stop the other, or fetch its statement."""
        async with self.administrator as client:
            answer = await client.post(f"/sync-partners/{self.partners[other.organisation]}/{verb}")
            assert answer.status_code == 200, answer.text

    async def share(self, other: "Side", project_id: UUID, **fields: Any) -> UUID:
        grant = Grant(
            self.partners[other.organisation],
            fields.get("kind", "project"),
            project_id,
            fields.get("fields", ALL_FIELDS),
            "joint planning",
            (utc_now() + timedelta(days=365)).date(),
        )
        async with self.work() as connection:
            return await Partners(PART.tables).give(
                connection, self.organisation, grant, who="kari", now=utc_now()
            )

    async def end(self, grant_id: UUID) -> None:
        async with self.work() as connection:
            await Partners(PART.tables).end(connection, grant_id, who="kari", now=utc_now())

    def work(self) -> Any:
        return self.house.database.transaction(self.organisation)

    async def read(self, *, seconds: float = 5.0) -> None:
        """Everything that is due, and what comes of it; time passes so that all of it is due."""
        self.house.late += timedelta(days=1, minutes=1)
        async with Outside(seconds=seconds) as outside:
            await Reading(self.house.here, self.house.calls(outside)).once()

    async def send_hints(self) -> int:
        async with Outside(seconds=5) as outside:
            return await Telling(self.house.here, self.house.calls(outside)).once()

    async def has(self, other: "Side") -> list[str]:
        rows = await self.rows("SELECT body->>'name' AS name FROM sync_replica", other)
        return sorted(row["name"] for row in rows)

    async def reading(self, other: "Side") -> Any:
        return (await self.rows("SELECT * FROM sync_reading", other))[0]

    async def inlet(self, other: "Side") -> Any:
        return (await self.rows("SELECT * FROM sync_inlet", other))[0]

    async def contact(self, other: "Side") -> Any:
        return (await self.rows("SELECT * FROM sync_contact", other))[0]

    async def partner_rows(self, other: "Side") -> list[Any]:
        async with self.work() as connection:
            found: list[Any] = await connection.fetch(
                "SELECT * FROM sync_partner WHERE id = $1", self.partners[other.organisation]
            )
            return found

    async def quarantine(self, other: "Side") -> list[str]:
        rows = await self.rows("SELECT reason FROM sync_quarantine", other)
        return sorted(row["reason"] for row in rows)

    async def rows(self, statement: str, other: "Side") -> list[Any]:
        async with self.work() as connection:
            found: list[Any] = await connection.fetch(
                f"{statement} WHERE partner_id = $1", self.partners[other.organisation]
            )
            return found


async def acquainted(one: Side, other: Side) -> None:
    """Have them confirm each other."""
    await one.propose(other)
    await other.propose(one)
    await one.confirm(other)
    await other.confirm(one)


@asynccontextmanager
async def opened_house(postgres_url: str, home: Path) -> AsyncIterator[House]:
    """An installation at an address of its own on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        installation = await install(postgres_url, home, services=("portfolio", "benefits"))
        (trusted,) = json.loads(installation.issuers_file.read_text("utf-8"))
        trusted |= {"issuer": f"{address}/issuer", "audience": address}
        listed = [trusted, maskinporten.trusted(address, home)]
        installation.issuers_file.write_text(json.dumps(listed), encoding="utf-8")
        environment = {
            **installation.environment("portfolio"),
            **installation.environment("benefits"),
            "GEVINST_AUDIENCE": address,
            "GEVINST_PUBLIC_URL": address,
            "GEVINST_SYNC_KEY": f"a-sync-key-of-the-installation-at-{address}",
            "GEVINST_SYNC_TOKEN_URL": f"{address}/issuer/token",
        }
        app = create_app(from_environment(Settings, "portfolio", environment))
        benefits = create_benefits(from_environment(BenefitsSettings, "benefits", environment))
        issuer = create_issuer_app(
            installation.keys,
            issuer=f"{address}/issuer",
            audience=address,
            clients=["gevinst-portfolio", "gevinst-benefits"],
            clock=utc_now,
        )
        async with started(app), started(benefits):
            house = House(installation, address, app, benefits, environment)

            async def either(scope: Any, receive: Any, send: Any) -> None:
                house.asked.append(scope["path"])
                if scope["path"].startswith("/issuer/"):
                    await issuer(scope, receive, send)
                    return
                if scope["path"].startswith("/.well-known/"):
                    scope = {**scope, "path": f"/portfolio/v1{scope['path']}"}
                of_service = benefits if scope["path"].startswith("/benefits/") else app
                await (house.disturb or of_service)(scope, receive, send)

            async with served(either, listening):
                yield house


async def quiet(*houses: House) -> None:
    """Leave alone whom other tests read, and go back to the time of the day: keys end when days pass."""
    for house in houses:
        house.disturb, house.late = None, timedelta()
        async with house.database.queue() as queue:
            await queue.execute("UPDATE sync_reading SET read_at = NULL")


def changed(house: House, change: Any, feed: str = FEED) -> None:
    """Have `change` make something else of each answer of the feed, or nothing at all."""

    async def between(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != feed:
            of_service = house.benefits if scope["path"].startswith("/benefits/") else house.app
            await of_service(scope, receive, send)
            return
        parts: list[dict[str, Any]] = []

        async def keep(message: Any) -> None:
            parts.append(message)

        await (house.app if feed == FEED else house.benefits)(scope, receive, keep)
        status = parts[0]["status"]
        body = b"".join(part.get("body", b"") for part in parts[1:])
        await change(send, status, body)

    house.disturb = between


async def answer(send: Any, status: int, body: bytes, *, length: int | None = None) -> None:
    headers = [(b"content-length", str(len(body) if length is None else length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def pages(giver: Side, reader: Side) -> Any:
    """What the reader's token gets of the feed from the start."""
    async with giver.house.caller(reader.organisation, Role.SYNC_PARTNER) as client:
        answered = await client.get("/sync-feed", params={"owner": giver.organisation})
        assert answered.status_code == 200, answered.text
        return answered.json()
