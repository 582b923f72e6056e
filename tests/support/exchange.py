"""Bodies that exchange projects and programmes over a real PostgreSQL, without any network between them."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import SigningKey, signing_key
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.sync.limits import Limits
from gevinst_shared.sync.pages import Page, page_text, read_page
from gevinst_shared.sync.partners import Grant, Partners
from gevinst_shared.sync.receiving import Answer, Outcome, Question, Receiving
from gevinst_shared.sync.serving import Asked, NoPage, Serving
from gevinst_shared.values.ids import new_id
from tests.support.organisations import new_organisation

SECRET = "a-secret-of-the-installation-for-tests"
START = datetime(2026, 9, 1, 12, tzinfo=UTC)
UNTIL = date(2027, 12, 31)
ALL_FIELDS = {kind.name: tuple(kind.fields) for kind in KINDS}
# A body's own records and all that it remembers of others, in the order in which they can be written.
_KEPT = (
    "programme",
    "project",
    "confidentiality",
    "sync_partner",
    "sync_grant",
    "sync_mark",
    "sync_outlet",
    "sync_pending",
    "sync_revision",
    "sync_inlet",
    "sync_replica",
    "sync_quarantine",
)
Copy = Mapping[str, Sequence[str]]


@dataclass
class Body:
    """One organisation with its own feed, partners and keys."""

    database: Database
    organisation: str = field(default_factory=new_organisation)
    now: datetime = START
    jwk: dict[str, str] = field(default_factory=new_private_jwk)
    partners: dict[str, UUID] = field(default_factory=dict)
    portfolio_id: UUID = field(default_factory=new_id)
    serving: Serving = field(default_factory=lambda: Serving("portfolio", sync, KINDS, secret=SECRET))
    receiving: Receiving = field(default_factory=lambda: Receiving(sync, KINDS))
    store: Partners = field(default_factory=lambda: Partners(sync))
    limits: Limits = field(default_factory=Limits)

    @property
    def key(self) -> SigningKey:
        return signing_key(self.jwk)

    def work(self) -> Any:
        """A transaction of the body's own."""
        return self.database.transaction(self.organisation)

    async def settle_in(self) -> None:
        """Write down the body and its portfolio."""
        async with self.work() as connection:
            await connection.execute(
                "INSERT INTO organisation (organisation_id, name, country, currency, language, created_at) "
                "VALUES ($1, 'Body', 'NO', 'NOK', 'nb', now())",
                self.organisation,
            )
            await connection.execute(
                "INSERT INTO portfolio (organisation_id, id, name, currency, price_year, "
                "threshold_shared_resources, created_at) VALUES ($1, $2, 'All', 'NOK', 2026, false, now())",
                self.organisation,
                self.portfolio_id,
            )

    async def meet(self, other: "Body") -> None:
        """Have the other as a confirmed partner, with its key of today."""
        partner_id = self.partners.setdefault(other.organisation, new_id())
        async with self.work() as connection:
            await connection.execute(
                "INSERT INTO sync_partner (organisation_id, id, owner, name, state, keys, created_at) "
                "VALUES ($1, $2, $3, 'Other', 'confirmed', $4, now())",
                self.organisation,
                partner_id,
                other.organisation,
                json.dumps(keys_of(other)),
            )

    async def add_programme(self, name: str = "Digital") -> UUID:
        programme_id = new_id()
        async with self.work() as connection:
            await connection.execute(
                "INSERT INTO programme (organisation_id, id, portfolio_id, name, created_at) "
                "VALUES ($1, $2, $3, $4, now())",
                self.organisation,
                programme_id,
                self.portfolio_id,
                f"{name} {programme_id}",
            )
        return programme_id

    async def add_project(self, name: str = "Case system", programme: UUID | None = None) -> UUID:
        return (await self.add_projects(1, name=name, programme=programme))[0]

    async def add_projects(
        self, count: int, *, name: str = "Case system", programme: UUID | None = None
    ) -> list[UUID]:
        ids = [new_id() for _ in range(count)]
        async with self.work() as connection:
            await connection.execute(
                "INSERT INTO project (organisation_id, id, portfolio_id, programme_id, name, need, source, "
                "cost_minor, currency, price_year, registration, status, created_at) "
                "SELECT $1, one, $3, $4, $5, 'Kari said so', 'own', 12500, 'NOK', 2026, 'central', "
                "'proposed', now() FROM unnest($2::uuid[]) AS one",
                self.organisation,
                ids,
                self.portfolio_id,
                programme,
                name,
            )
        return ids

    async def execute(self, statement: str, *values: object) -> None:
        async with self.work() as connection:
            await connection.execute(statement, *values)

    async def rename(self, project_id: UUID, name: str) -> None:
        await self.execute("UPDATE project SET name = $2 WHERE id = $1", project_id, name)

    async def share(
        self,
        other: "Body",
        kind: str,
        record_id: UUID,
        fields: Mapping[str, Sequence[str]] = ALL_FIELDS,
        until: date = UNTIL,
    ) -> UUID:
        grant = Grant(self.partners[other.organisation], kind, record_id, fields, "joint planning", until)
        async with self.work() as connection:
            return await self.store.give(connection, self.organisation, grant, who="kari", now=self.now)

    async def end(self, grant_id: UUID) -> None:
        async with self.work() as connection:
            await self.store.end(connection, grant_id, who="kari", now=self.now)

    async def set_state(self, other: "Body", state: str) -> None:
        async with self.work() as connection:
            await self.store.set_state(connection, self.partners[other.organisation], state)

    async def learn_keys(self, other: "Body", keys: Mapping[str, Any] | None = None) -> None:
        """As if the other's statement was fetched."""
        async with self.work() as connection:
            await self.store.set_keys(connection, self.partners[other.organisation], keys or keys_of(other))

    def renew_key(self) -> None:
        self.jwk = new_private_jwk()

    async def answer(
        self, reader: "Body", cursor: str | None, *, limit: int = 100, grants_number: int = 0
    ) -> Page | NoPage:
        asked = Asked(reader.organisation, cursor, limit, grants_number)
        return await self.serving.answer(self.database, self.organisation, asked, key=self.key, now=self.now)

    async def ask(self, provider: "Body") -> Question | None:
        async with self.work() as connection:
            partner_id = self.partners[provider.organisation]
            return await self.receiving.ask(connection, self.organisation, partner_id, self.now)

    async def take(self, provider: "Body", question: Question, page: Page) -> Outcome:
        partner_id = self.partners[provider.organisation]
        answer = Answer(question, page, self.now, self.limits)
        async with self.work() as connection:
            return await self.receiving.take(connection, self.organisation, partner_id, answer)

    async def gone(self, provider: "Body", question: Question) -> None:
        async with self.work() as connection:
            await self.receiving.gone(
                connection, self.organisation, self.partners[provider.organisation], question, self.now
            )

    async def pull(self, provider: "Body", *, limit: int = 100) -> list[Page]:
        """Read the provider to its end; every page that was given on the way."""
        pages: list[Page] = []
        for _ in range(1000):
            question = await self.ask(provider)
            if question is None:
                return pages
            page = await provider.answer(self, question.cursor, limit=limit)
            if page is NoPage.GONE:
                await self.gone(provider, question)
                continue
            if isinstance(page, NoPage):
                return pages
            page = read_page(page_text(page).encode())
            pages.append(page)
            outcome = await self.take(provider, question, page)
            if outcome is Outcome.NEEDS_STATEMENT:
                await self.learn_keys(provider)
            elif outcome is Outcome.TAKEN and not page.has_more:
                return pages
        raise AssertionError("the feed has no end")

    async def has(self, provider: "Body") -> dict[tuple[str, UUID], Any]:
        """What the body holds of the provider's records."""
        rows = await self.rows("sync_replica", self.partners[provider.organisation])
        return {(row["kind"], row["record_id"]): json.loads(row["body"]) for row in rows}

    async def names(self, provider: "Body") -> list[str]:
        return sorted(body.get("name", "") for body in (await self.has(provider)).values())

    async def rows(self, table: str, partner_id: UUID | None = None) -> list[Any]:
        where = "" if partner_id is None else "WHERE partner_id = $1"
        async with self.work() as connection:
            found: list[Any] = await connection.fetch(
                f'SELECT * FROM "{table}" {where}', *([] if partner_id is None else [partner_id])
            )
            return found

    async def copy(self) -> Copy:
        """A backup: all rows of the body."""
        async with self.work() as connection:
            return {
                table: [
                    row["row"]
                    for row in await connection.fetch(f'SELECT to_jsonb(t)::text AS row FROM "{table}" t')
                ]
                for table in _KEPT
            }

    async def restore(self, copy: Copy) -> None:
        """Be as at the time of the copy; what was marked by writing it is no mark."""
        async with self.work() as connection:
            for table in reversed(_KEPT):
                await connection.execute(f'DELETE FROM "{table}"')
            for table in _KEPT:
                await _write(connection, table, copy[table])
            await connection.execute("DELETE FROM sync_mark")
            await _write(connection, "sync_mark", copy["sync_mark"])


async def _write(connection: Connection, table: str, rows: Sequence[str]) -> None:
    await connection.execute(
        f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", $1::jsonb)',
        f"[{','.join(rows)}]",
    )


def keys_of(body: Body) -> dict[str, Any]:
    return {body.jwk["kid"]: {"jwk": public_jwk(body.jwk)}}


@asynccontextmanager
async def bodies(url: str, count: int) -> AsyncIterator[list[Body]]:
    """So many bodies that have all met each other."""
    database = await Database.open(url, size=4)
    try:
        found = [Body(database) for _ in range(count)]
        for body in found:
            await body.settle_in()
        for body in found:
            for other in found:
                if other is not body:
                    await body.meet(other)
        yield found
    finally:
        await database.close()


def later(body: Body, **span: float) -> None:
    body.now += timedelta(**span)
