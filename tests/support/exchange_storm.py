"""Three bodies that exchange under a seeded storm, and one that means harm; what must hold is asserted.

Nothing happens at the same time here: whatever order a step takes is given by the seed. What transactions do
to each other has tests of its own.
"""

import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from gevinst_shared.auth.key_files import public_jwk
from gevinst_shared.auth.tokens import public_keys
from gevinst_shared.db.engine import Connection
from gevinst_shared.sync.kinds import HIDDEN
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.receiving import Outcome, Question
from gevinst_shared.sync.revisions import Revision, opened, signed
from gevinst_shared.sync.serving import NoPage
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_there
from tests.support.exchange import START, Body, Copy, later

FIELDS = ("name", "status", "cost", "programme", "merged_into")
Held = dict[tuple[str, UUID], Any]


class Death(Exception):  # noqa: N818 - it is what happens
    """The process ended before a statement."""


class MortalDatabase:
    """The database, whose user dies before its `lives`-th statement; a commit is a statement, too."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.lives: int | None = None

    def transaction(self, organisation: str, **how: Any) -> AbstractAsyncContextManager[Any]:
        return self._mortal(self._database.transaction(organisation, **how))

    def queue(self) -> AbstractAsyncContextManager[Any]:
        return self._mortal(self._database.queue())

    @asynccontextmanager
    async def _mortal(self, begun: Any) -> AsyncIterator[Any]:
        async with begun as connection:
            yield _MortalConnection(self, connection)
            self.count()

    def count(self) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise Death


class _MortalConnection:
    def __init__(self, database: MortalDatabase, connection: Connection) -> None:
        self._database, self._connection = database, connection

    def __getattr__(self, name: str) -> Any:
        self._database.count()
        return getattr(self._connection, name)


async def expected(provider: Body, reader: Body) -> Held:
    """What the reader is to hold of the provider, worked out anew from the provider's rows."""
    today = day_there(provider.organisation, provider.now)
    partner_id = provider.partners[reader.organisation]
    grants = [
        (grant["record_id"], json.loads(grant["fields"]))
        for grant in await provider.rows("sync_grant", partner_id)
        if grant["ended_at"] is None and grant["until"] >= today
    ]
    secret = {row["id"] for row in await provider.rows("confidentiality") if row["is_confidential"]}
    whole: dict[tuple[str, UUID], tuple[set[UUID], dict[str, Any]]] = {}
    for row in await provider.rows("programme"):
        whole["programme", row["id"]] = ({row["id"]}, {"name": row["name"]})
    for row in await provider.rows("project"):
        roots = {row["id"]} | ({row["programme_id"]} if row["id"] not in secret else set())
        whole["project", row["id"]] = (roots, _project(row))
    fields = {key: _allowed(key[0], roots, grants) for key, (roots, _) in whole.items()}
    return {
        key: _cut(key[0], whole[key][1], allowed, fields)
        for key, allowed in fields.items()
        if allowed is not None
    }


def _project(row: Any) -> dict[str, Any]:
    cost = {"amount": f"{row['cost_minor'] / 100:.2f}", "currency": "NOK", "price_year": 2026}
    found = {"name": row["name"], "status": row["status"], "cost": cost}
    found |= {"programme": row["programme_id"], "merged_into": row["merged_into_id"]}
    return {name: value for name, value in found.items() if value is not None}


def _allowed(kind: str, roots: set[UUID], grants: list[tuple[UUID, Any]]) -> set[str] | None:
    named = [set(fields[kind]) for root, fields in grants if root in roots and kind in fields]
    return set().union(*named) if named else None


def _cut(kind: str, body: dict[str, Any], allowed: set[str], fields: Any) -> dict[str, Any]:
    found = {name: value for name, value in body.items() if name in allowed}
    for name, to in (("programme", "programme"), ("merged_into", "project")):
        if name in found:
            is_known = fields.get((to, found[name])) is not None
            found[name] = str(found[name]) if is_known else HIDDEN
    return found


def plain(held: Held) -> Held:
    """What is held, with one word for all that is hidden."""
    return {
        key: {name: HIDDEN if str(value).startswith(HIDDEN) else value for name, value in body.items()}
        for key, body in held.items()
    }


class Storm:
    """A storm over the bodies; the last of them sends wrong pages to the others."""

    def __init__(self, bodies: list[Body], seed: int) -> None:
        *self.honest, self.hostile = bodies
        self.rng = random.Random(seed)
        self.late: list[tuple[Body, Body, Question, Page]] = []
        self.copies: list[tuple[Body, Copy]] = []
        for body in bodies:
            body.database = MortalDatabase(body.database)  # type: ignore[assignment]

    async def run(self, steps: int) -> None:
        """So many steps, then quiet, in which all must agree."""
        for body in self.honest:
            for _ in range(2):
                programme = await body.add_programme()
                await body.add_projects(2, programme=programme)
        harms = [self.harm] if self.hostile.partners else []
        acts: list[Callable[[], Awaitable[None]]] = [
            *(self.change,) * 6,
            *(self.grant,) * 4,
            *(self.read,) * 8,
            *(self.read_all,) * 2,
            *(self.die,) * 3,
            *harms,
            self.end_grant,
            self.deliver_late,
            self.wait,
            self.renew,
            self.back_up,
            self.restore,
            self.change_what_nobody_sees,
        ]
        for _ in range(steps):
            await self.rng.choice(acts)()
        await self.harm()
        await self.calm()

    async def calm(self) -> None:
        for provider in self.honest:
            for reader in self.honest:
                if provider is not reader:
                    await self.agree(provider, reader)
                    assert [page.revisions for page in await reader.pull(provider)] == [()]
                    await self.check_inlet(provider, reader)

    async def check_inlet(self, provider: Body, reader: Body) -> None:
        (inlet,) = await reader.rows("sync_inlet", reader.partners[provider.organisation])
        (outlet,) = await provider.rows("sync_outlet", provider.partners[reader.organisation])
        assert inlet["quarantined"] == 0
        assert inlet["number"] == outlet["number"]
        assert inlet["read_in_full_at"] is not None
        assert outlet["read_in_full_at"] is not None

    async def agree(self, provider: Body, reader: Body) -> None:
        """After one whole read the reader holds what it is to hold, and nothing else."""
        await reader.pull(provider, limit=self.rng.choice((3, 100)))
        assert plain(await reader.has(provider)) == await expected(provider, reader)

    # What happens in a body.

    async def change(self) -> None:
        body = self.rng.choice(self.honest)
        projects = [row["id"] for row in await body.rows("project")]
        programmes = [row["id"] for row in await body.rows("programme")]
        if not projects or self.rng.random() < 0.1:
            await body.add_project("New", self.rng.choice([*programmes, None]))
            return
        project, other = self.rng.choice(projects), self.rng.choice(projects)
        act = self.rng.randrange(8)
        if act == 0:
            await body.execute("DELETE FROM confidentiality WHERE id = $1", project)
            await body.execute(
                "UPDATE project SET merged_into_id = NULL, status = 'closed' WHERE merged_into_id = $1",
                project,
            )
            await body.execute("DELETE FROM project WHERE id = $1", project)
        elif act == 1:
            programme = self.rng.choice([*programmes, None])
            await body.execute("UPDATE project SET programme_id = $2 WHERE id = $1", project, programme)
        elif act in {2, 6, 7} and project != other:
            await body.execute(
                "UPDATE project SET merged_into_id = $2, status = 'merged' WHERE id = $1", project, other
            )
        elif act == 3:
            await body.execute(
                "INSERT INTO confidentiality AS c (organisation_id, id, is_confidential, basis, created_at) "
                "VALUES ($1, $2, true, 'law', now()) "
                "ON CONFLICT (organisation_id, id) DO UPDATE SET is_confidential = NOT c.is_confidential",
                body.organisation,
                project,
            )
        else:
            await body.rename(project, f"Name {self.rng.randrange(1000)}")

    async def change_what_nobody_sees(self) -> None:
        """It is no revision for anybody."""
        provider, reader = self.pair()
        await reader.pull(provider)
        await provider.execute("UPDATE project SET need = need || '.', revision = revision + 1")
        pages = await reader.pull(provider)
        assert [page.revisions for page in pages] == [()]

    async def grant(self) -> None:
        provider, reader = self.pair()
        kind = self.rng.choice(("project", "programme"))
        records = [row["id"] for row in await provider.rows(kind)]
        if not records:
            return
        fields = {"project": ["merged_into", *self.rng.sample(FIELDS, self.rng.randrange(1, 6))]}
        if kind == "programme" and self.rng.random() < 0.7:
            fields["programme"] = ["name"]
        until = (provider.now + timedelta(days=self.rng.choice((0, 1, 3, 300)))).date()
        await provider.share(reader, kind, self.rng.choice(records), fields, until)

    async def end_grant(self) -> None:
        provider = self.rng.choice(self.honest)
        grants = [row["id"] for row in await provider.rows("sync_grant") if row["ended_at"] is None]
        if grants:
            await provider.end(self.rng.choice(grants))

    async def wait(self) -> None:
        hours = self.rng.randrange(1, 40)
        for body in self.honest:
            later(body, hours=hours)

    async def renew(self) -> None:
        self.rng.choice(self.honest).renew_key()

    async def back_up(self) -> None:
        body = self.rng.choice(self.honest)
        self.copies.append((body, await body.copy()))

    async def restore(self) -> None:
        if not self.copies:
            return
        body, copy = self.rng.choice(self.copies)
        await body.restore(copy)

    # What happens between bodies.

    def pair(self) -> tuple[Body, Body]:
        provider, reader = self.rng.sample(self.honest, 2)
        return provider, reader

    async def read(self) -> None:
        """One question, whose answer may be lost, come twice, or come late."""
        provider, reader = self.pair()
        question = await reader.ask(provider)
        assert question is not None
        page = await provider.answer(reader, question.cursor, limit=self.rng.randrange(1, 6))
        if isinstance(page, NoPage):
            assert page is NoPage.GONE
            await reader.gone(provider, question)
            return
        await self.check_page(provider, reader, page)
        fate = self.rng.randrange(5)
        if fate == 0:
            return
        if fate == 1:
            self.late.append((provider, reader, question, page))
            return
        outcome = await reader.take(provider, question, page)
        if outcome is Outcome.NEEDS_STATEMENT:
            await reader.learn_keys(provider)
        if fate == 2 and outcome is Outcome.TAKEN:
            before = await reader.has(provider)
            assert await reader.take(provider, question, page) is Outcome.STALE
            assert await reader.has(provider) == before

    async def read_all(self) -> None:
        provider, reader = self.pair()
        await self.agree(provider, reader)

    async def deliver_late(self) -> None:
        """A late answer to a question that was asked again changes nothing."""
        if self.late:
            provider, reader, question, page = self.late.pop(self.rng.randrange(len(self.late)))
            await reader.pull(provider)
            before = await reader.has(provider)
            assert await reader.take(provider, question, page) is Outcome.STALE
            assert await reader.has(provider) == before

    async def die(self) -> None:
        """A whole read, in which one side dies somewhere; and again, until nobody dies."""
        provider, reader = self.pair()
        victim: Any = self.rng.choice((provider, reader)).database
        victim.lives = self.rng.randrange(1, 40)
        try:
            await reader.pull(provider, limit=3)
        except Death:
            pass
        finally:
            victim.lives = None

    async def check_page(self, provider: Body, reader: Body, page: Page) -> None:
        """Nothing leaves but what is shared now, and the numbers tell of nothing else."""
        allowed = await expected(provider, reader)
        keys = public_keys({"keys": [public_jwk(provider.jwk)]})
        last = 0
        for text in page.revisions:
            revision = opened(text, keys)
            assert revision.number > last
            last = revision.number
            assert (revision.owner, revision.audience) == (provider.organisation, reader.organisation)
            key = (revision.kind, revision.id)
            told = None if revision.fields is None else plain({key: revision.fields})[key]
            assert told == allowed.get(key)
        await self.check_numbers(provider, reader)

    async def check_numbers(self, provider: Body, reader: Body) -> None:
        partner_id = provider.partners[reader.organisation]
        (outlet,) = await provider.rows("sync_outlet", partner_id)
        found = [row["number"] for row in await provider.rows("sync_revision", partner_id)]
        assert len(set(found)) == len(found)
        assert outlet["number"] == max(found, default=0)

    # What somebody does who means harm.

    async def harm(self) -> None:
        """A page of the hostile body with wrong revisions changes nothing, of nobody."""
        reader = self.rng.choice(self.honest)
        before = [await reader.has(other) for other in [*self.honest, self.hostile] if other is not reader]
        question = await reader.ask(self.hostile)
        assert question is not None
        right = self.revision(reader)
        page = Page(right.epoch, "cursor", False, 0, tuple(self.wrongs(reader, right)))
        outcome = await reader.take(self.hostile, question, page)
        assert outcome in {Outcome.TAKEN, Outcome.BEGUN_ANEW}
        after = [await reader.has(other) for other in [*self.honest, self.hostile] if other is not reader]
        assert after == before

    def revision(self, reader: Body) -> Revision:
        return Revision(
            epoch="01920000-0000-7000-8000-000000000000",
            number=2**40 + self.rng.randrange(2**40),
            kind="project",
            id=new_id(),
            owner=self.hostile.organisation,
            audience=reader.organisation,
            at=f"{START:%Y-%m-%dT%H:%M:%S}.000000Z",
            fields={"name": "Wrong"},
        )

    def wrongs(self, reader: Body, right: Revision) -> list[str]:
        """Texts that are not to be believed, each for another reason."""
        other = next(body for body in self.honest if body is not reader)
        made = [
            replace(right, audience=other.organisation),
            replace(right, owner=other.organisation),
            replace(right, kind="person"),
            replace(right, epoch=str(new_id())),
            replace(right, fields={"name": 7}),
            replace(right, fields={"name": "nul \x00"}),
            replace(right, fields={"cost": {"amount": "NaN", "currency": "NOK", "price_year": 1}}),
            replace(right, fields={"programme": "x" * 36}),
            replace(right, at="yesterday"),
        ]
        head, payload, _ = signed(right, self.hostile.key).split(".")
        _, _, signature = signed(replace(right, number=1), self.hostile.key).split(".")
        texts = [signed(one, self.hostile.key) for one in made]
        return [
            *texts,
            f"{head}.{payload}.{signature}",
            f"{head}.{payload}.",
            "x",
            "",
            "\ud800",
            "e30.e30.e30",
        ]
