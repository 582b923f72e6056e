"""X2: large records are counted as they are sent, in any script; one that is too large stops nothing."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, literal_column

from gevinst_portfolio.store.shared_kinds import PROJECT
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.sync import reading, sync
from gevinst_shared.auth.claims import BadToken
from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import public_keys, signing_key
from gevinst_shared.sync.kinds import LONGEST_TEXT, FieldType, SharedField
from gevinst_shared.sync.looking import Looking
from gevinst_shared.sync.pages import Page, page_text
from gevinst_shared.sync.projection import Granted
from gevinst_shared.sync.publishing import Publishing, Reader
from gevinst_shared.sync.receiving import Receiving, Wrong
from gevinst_shared.sync.revisions import LONGEST_REVISION, Revision, length_on_the_wire, opened, signed
from gevinst_shared.sync.serving import MOST_ON_THE_WIRE, Serving
from gevinst_shared.values.ids import new_id
from tests.support.exchange import SECRET, Body, bodies
from tests.support.installation import Installation

SCRIPTS = {"Latin": "a", "Greek": "Ω", "Cyrillic": "Ж", "emoji": "🌱"}
PAPER = func.to_json(func.string_to_array(project.c.need, literal_column("'|'")))
# A project with all of its need as a document, line by line.
KIND = replace(
    PROJECT, fields={"name": PROJECT.fields["name"], "paper": SharedField(FieldType.DOCUMENT, PAPER)}
)
FIELDS = {"project": ("name", "paper")}


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        for body in found:
            body.serving = Serving("portfolio", sync, [KIND], secret=SECRET)
            body.receiving = Receiving(sync, [KIND])
        yield found


def paper(letter: str, *, wire: int) -> str:
    """As many lines of the letter as a revision of this length on the wire has room for."""
    most = (wire - length_on_the_wire(None)) * 3 // 4 - len('{"name":"Case system","paper":[]}')
    line = letter * (LONGEST_TEXT // 2)
    lines, rest = divmod(most, len(json.dumps(line, ensure_ascii=False).encode()) + 1)
    return "|".join([line] * lines + [letter * ((rest - 2) // len(letter.encode()))])


async def write(body: Body, project_id: UUID, text: str) -> None:
    await body.execute("UPDATE project SET need = $2 WHERE id = $1", project_id, text)


async def looked(body: Body, other: Body) -> tuple[int, list[bool]]:
    """How many records the exchange says are too large, and which of what has left."""
    looking = Looking(sync, reading)
    partner_id = body.partners[other.organisation]
    async with body.work() as connection:
        found = await looking.exchange_with(connection, partner_id, body.now)
        page = await looking.left.page(
            connection, sort="-number", limit=20, after=None, filters={"partner": partner_id}
        )
    return found["given"]["too_large"], sorted(item["is_too_large"] for item in json.loads(page.items))


@pytest.mark.parametrize("script", SCRIPTS)
async def test_what_just_fits_arrives_and_what_does_not_is_said(pair: list[Body], script: str) -> None:
    mine, theirs = pair
    # A document may have fewer letters than a revision has bytes.
    fits = paper(SCRIPTS[script], wire=LONGEST_REVISION if script != "Latin" else LONGEST_REVISION // 2)
    large, small = await mine.add_projects(2)
    await write(mine, large, fits)
    await mine.share(theirs, "project", large, FIELDS)
    pages = [page for page in await theirs.pull(mine) if page.revisions]
    arrived = await theirs.has(mine)
    said = [await looked(mine, theirs)]

    await write(mine, large, fits * 2)
    await mine.share(theirs, "project", small, FIELDS)
    await theirs.pull(mine)
    without = await theirs.has(mine)
    said.append(await looked(mine, theirs))
    await write(mine, large, "Short again")
    await theirs.pull(mine)
    again = await theirs.has(mine)
    said.append(await looked(mine, theirs))

    assert arrived[("project", large)]["paper"] == fits.split("|")
    assert max(len(text) for page in pages for text in page.revisions) <= LONGEST_REVISION
    assert set(without) == {("project", small)}
    assert again[("project", large)]["paper"] == ["Short again"]
    assert await theirs.rows("sync_quarantine") == []
    assert said == [(0, [False]), (1, [False, True]), (0, [False, False])]


async def test_large_records_are_given_a_few_at_a_time(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    ids = await mine.add_projects(4, programme=programme)
    for each in ids:
        await write(mine, each, paper("Ж", wire=MOST_ON_THE_WIRE * 2 // 5))
    await mine.share(theirs, "programme", programme, FIELDS)

    pages = await theirs.pull(mine)

    assert [len(page.revisions) for page in pages] == [2, 2]
    assert max(len(page_text(page)) for page in pages) <= MOST_ON_THE_WIRE
    assert len(await theirs.has(mine)) == 4


async def test_what_is_too_large_is_shown_before_it_is_shared_and_forgotten_when_it_is_not(
    pair: list[Body],
) -> None:
    mine, theirs = pair
    large, small = await mine.add_projects(2)
    await write(mine, large, paper("Ω", wire=LONGEST_REVISION + 8))
    partner_id = mine.partners[theirs.organisation]
    reader = Reader(
        mine.organisation, partner_id, mine.serving.seals(mine.organisation, partner_id), mine.now
    )
    fields = {kind: frozenset(names) for kind, names in FIELDS.items()}
    async with mine.work() as connection:
        would = await Publishing(sync, [KIND]).preview(
            connection, reader, [Granted(each, fields) for each in (large, small)]
        )

    grant = await mine.share(theirs, "project", large, FIELDS)
    await theirs.pull(mine)
    shared = await looked(mine, theirs)
    await mine.end(grant)
    await theirs.pull(mine)

    assert ([id_ for _, id_, _ in would.records], would.too_large) == ([small], 1)
    assert shared == (1, [True])
    assert await looked(mine, theirs) == (0, [False])


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_revision_is_never_longer_than_it_is_counted(script: str) -> None:
    jwk = new_private_jwk()
    keys = public_keys({"keys": [public_jwk(jwk)]})
    for count in (0, 1, 2, 3, 100_000):
        fields = {"name": SCRIPTS[script] * count + '\n"'}
        # Every other member as long as it can be.
        revision = Revision(
            str(new_id()), 2**53 - 1, "k" * 60, new_id(), "0192:1234567890", "0184:1234567890",
            "2026-09-01T12:00:00.000000Z", fields,
        )  # fmt: skip
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

        text = signed(revision, signing_key(jwk))

        assert length_on_the_wire(body) - 500 < len(json.dumps([text, text])) / 2 <= length_on_the_wire(body)
        assert opened(text, keys) == revision


async def test_a_revision_that_is_too_long_is_put_aside_with_that_reason(pair: list[Body]) -> None:
    mine, theirs = pair
    project_id = await mine.add_project()
    await mine.share(theirs, "project", project_id, FIELDS)
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, None)
    assert isinstance(page, Page)

    await theirs.take(
        mine, question, replace(page, revisions=("x" * (LONGEST_REVISION + 1), *page.revisions))
    )

    assert set(await theirs.has(mine)) == {("project", project_id)}
    assert [row["reason"] for row in await theirs.rows("sync_quarantine")] == [Wrong.LENGTH]
    with pytest.raises(BadToken):
        opened("x" * (LONGEST_REVISION + 1), {})
