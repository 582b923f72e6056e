"""Bodies that exchange projects and plans, each in an installation of both services, over loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from gevinst_benefits.clients.portfolio import feed_of
from gevinst_benefits.clients.portfolio_sync import assertions_of
from gevinst_benefits.tables.shared import feed_cursor
from gevinst_benefits.usecases.exchanging import PART
from gevinst_benefits.usecases.following import apply
from gevinst_benefits.usecases.keeping_keys import Keys
from gevinst_portfolio.worker.gates import gates_consumer
from gevinst_portfolio.worker.identities import Statements
from gevinst_shared.auth.client_credentials import ServiceToken
from gevinst_shared.auth.development_issuer import key_file
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.client import NO_TLS
from gevinst_shared.http.outside import Outside
from gevinst_shared.http.peer import Peer
from gevinst_shared.sync.catalogue import CATALOGUE
from gevinst_shared.sync.partner_calls import PartnerCalls
from gevinst_shared.sync.reading import Here, Reading
from gevinst_shared.sync.telling import Telling
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.benefits.world import World, made
from tests.portfolio.two_installations import House, Side
from tests.support.callers import Desk

FEED = "/benefits/v1/sync-feed"
_A_DAY = timedelta(days=1, minutes=1)
EVERYTHING = {kind: list(names) for kinds in CATALOGUE.values() for kind, names in kinds.items()}


class _Prompt(Peer):
    """Does not wait for events: a test reads when there are some."""

    async def events(self, cursor: str, *, limit: int = 100, wait: int = 0) -> Any:
        return await super().events(cursor, limit=limit, wait=wait)


@dataclass(slots=True)
class HouseDesk(Desk):
    """The benefits service behind the house's real server."""

    house: House | None = None

    def caller(
        self, *roles: Role, subject: str = "kari", organisation: str | None = None
    ) -> httpx.AsyncClient:
        assert self.house is not None
        client = self.house.caller(
            organisation or self.organisation, *roles, subject=subject, service="benefits"
        )
        self.clients.append(client)
        return client


@dataclass
class Body(Side):
    """An organisation whose plans are exchanged, too."""

    world: World | None = None

    @property
    def plans(self) -> World:
        assert self.world is not None
        return self.world

    @property
    def there(self) -> Database:
        """The house's database of benefits."""
        database: Database = self.house.benefits.state.house.database
        return database

    @property
    def here(self) -> Here:
        return Here(self.there, PART, self.house.benefits.state.house.exchange, self.house.now)

    async def settle_in(self) -> None:
        """Two projects of one unit, known to both services, and keys of both in the statement."""
        await super().settle_in()
        async with self.administrator as client:
            unit = (await made(client, "/units", {"name": "Home care"}))["id"]
        mine, other = [await self.project(name) for name in ("Digital post", "New switchboard")]
        desk = HouseDesk(self.house.benefits, "benefits", self.house.installation, self.organisation)
        desk.house = self.house
        self.world = World(
            desk,
            office=desk.caller(Role.PORTFOLIO_OFFICE),
            board=desk.caller(Role.BOARD_MEMBER, subject="bjarne"),
            project_id=str(mine),
            other_id=str(other),
            portfolio_id=UUID(self.portfolio_id),
            unit=UUID(unit),
        )
        await self.catch_up()

    async def catch_up(self, *, there: Any = None, home: Any = None) -> None:
        """What each service of the house has to tell the other arrives, and what follows from it, too.

        `there` and `home` are the databases of benefits and portfolio, when a test has put something between.
        """
        there, home = there or self.there, home or self.house.database
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=30) as client:
            theirs = Following("portfolio", feed_of(self._peer(client, "benefits", "portfolio")), self._apply)
            ours = Consumer(there, feed_cursor, theirs)
            gates = gates_consumer(home, self._peer(client, "portfolio", "benefits"), self.house.now)
            exchange = self.house.app.state.house.exchange
            steps = (
                ours.once,
                Keys(there, exchange, self.house.now).once,
                gates.once,
                Statements(home, exchange, self.house.now).once,
            )
            for _ in range(100):
                if not sum([await step() for step in steps]):
                    return
        raise AssertionError("they tell each other more and more")

    async def read_plans(self) -> None:
        """Read the partners' benefits feeds, as `read` does portfolio's."""
        self.house.late += _A_DAY
        async with Outside(seconds=5) as outside, httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
            asserts = assertions_of(self._peer(client, "benefits", "portfolio"))
            await Reading(self.here, PartnerCalls(outside, utc_now, asserts=asserts)).once()

    async def pull(self) -> None:
        """One pull of both services, and what each tells the other of it."""
        await self.read()
        await self.catch_up()
        await self.read_plans()
        await self.catch_up()

    async def hint_plans(self) -> int:
        async with Outside(seconds=5) as outside, httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
            asserts = assertions_of(self._peer(client, "benefits", "portfolio"))
            return await Telling(self.here, PartnerCalls(outside, utc_now, asserts=asserts)).once()

    async def grant(self, other: Side, project_id: str, **members: Any) -> str:
        """Share a project with everything under it, over the API."""
        body = {"kind": "project", "record_id": project_id, "fields": EVERYTHING}
        body |= {"purpose": "Joint planning", "until": "2099-12-31"} | members
        async with self.administrator as client:
            path = f"/sync-partners/{self.partners[other.organisation]}/grants"
            grant_id: str = (await made(client, path, body))["id"]
        return grant_id

    async def revoke(self, other: Side, grant_id: str) -> None:
        async with self.administrator as client:
            path = f"/sync-partners/{self.partners[other.organisation]}/grants/{grant_id}/end"
            answer = await client.post(path)
            assert answer.status_code == 200, answer.text

    async def plan_rows(self, statement: str, other: Side) -> list[Any]:
        async with self.there.transaction(self.organisation) as connection:
            found: list[Any] = await connection.fetch(
                f"{statement} WHERE partner_id = $1", self.partners[other.organisation]
            )
            return found

    async def has_plans(self, other: Side) -> dict[str, int]:
        """How many records of each kind the other's benefits feed gave."""
        found: dict[str, int] = {}
        for row in await self.plan_rows("SELECT kind FROM sync_replica", other):
            found[row["kind"]] = found.get(row["kind"], 0) + 1
        return found

    async def plan_reading(self, other: Side) -> Any:
        return (await self.plan_rows("SELECT * FROM sync_reading", other))[0]

    async def asserted(self, asked: dict[str, str]) -> httpx.Response:
        """What portfolio answers the benefits service that asks for an assertion."""
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
            return await self._peer(client, "benefits", "portfolio").post("/sync-assertions", asked)

    def _peer(self, client: httpx.AsyncClient, we: str, they: str) -> Peer:
        token = ServiceToken(
            client,
            token_url=f"{self.house.address}/issuer/token",
            client_id=f"gevinst-{we}",
            key=signing_key(read_private_jwk(key_file(self.house.installation.keys, f"gevinst-{we}"))),
            clock=utc_now,
        )
        return _Prompt(client, f"{self.house.address}/{they}/v1", token.get)

    async def _apply(self, connection: Connection, event: Event) -> None:
        await apply(connection, event, now=self.house.now())


@asynccontextmanager
async def settled(*houses: House) -> AsyncIterator[tuple[Body, ...]]:
    """A body in each of the houses; a house may have several."""
    bodies = tuple(Body(house) for house in houses)
    for body in bodies:
        await body.settle_in()
    yield bodies
    for body in bodies:
        for client in body.plans.desk.clients:
            await client.aclose()
        async with body.there.queue() as queue:
            await queue.execute("UPDATE sync_reading SET read_at = NULL")
