"""A picture that was answered before is answered again without its figures, and never after a change."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from gevinst_shared.auth.claims import BadToken, Flaw
from gevinst_shared.db.changes import latest_change
from gevinst_shared.db.engine import connect_arguments
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.web.house import House
from tests.benefits.purse import Purse
from tests.support.callers import problem
from tests.support.installation import Installation
from tests.support.organisations import new_organisation

SVG = {"Accept": "image/svg+xml", "Accept-Language": "nb"}
OF_THE_BODY = frozenset({"content-type", "content-length"})
INTRANET, FOREIGN = "https://intranet.example", "https://foreign.example"


@pytest.fixture
async def drawn(purse: Purse) -> Purse:
    phasing = await purse.agreed((2026, "-800.00"))
    await purse.booked(phasing, 2026)
    return purse


@pytest.fixture
async def owner(installation: Installation) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(**connect_arguments(installation.databases["benefits"].owner_url))
    yield connection
    await connection.close()


@pytest.fixture
def begun(drawn: Purse, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The organisation of each transaction that the service begins from here on."""
    database = house(drawn).database
    transaction, found = database.transaction, []

    def noted(organisation: str, **named: Any) -> Any:
        found.append(organisation)
        return transaction(organisation, **named)

    monkeypatch.setattr(database, "transaction", noted)
    return found


def house(purse: Purse) -> House:
    found: House = purse.world.desk.app.state.house
    return found


def path(purse: Purse) -> str:
    return f"/portfolios/{purse.world.portfolio_id}/charts/planned-against-realised"


async def settled(purse: Purse) -> int:
    """The organisation's last change, when every transaction before it has ended."""
    for _ in range(200):
        found = await latest_change(house(purse).database, purse.world.desk.organisation)
        if found is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("another transaction never ends")


async def picture(purse: Purse, caller: httpx.AsyncClient | None = None) -> httpx.Response:
    await settled(purse)
    answer = await (caller or purse.finance).get(path(purse), headers=SVG)
    assert answer.status_code == 200, answer.text
    return answer


async def published(purse: Purse) -> dict[str, Any]:
    body = {"resource": path(purse), "origins": [INTRANET]}
    answer = await purse.world.office.post("/embeds", json=body)
    assert answer.status_code == 201, answer.text
    await settled(purse)
    found: dict[str, Any] = answer.json()
    return found


def told(answer: httpx.Response, *, but: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Every header, however often, but the request's own id."""
    found = sorted(answer.headers.multi_items())
    assert [name for name, _ in found].count("x-request-id") == 1
    return [one for one in found if one[0] not in but | {"x-request-id"}]


async def forget(purse: Purse) -> None:
    """Change something, so that nothing remembered holds, and no figure."""
    async with house(purse).database.transaction(purse.world.desk.organisation) as connection:
        await connection.execute("UPDATE benefit SET name = name WHERE false")
    await settled(purse)


async def test_a_picture_is_answered_again_without_reading_a_figure(drawn: Purse, begun: list[str]) -> None:
    first = await picture(drawn)
    begun.clear()

    again = await picture(drawn)

    assert begun == []
    assert (again.content, told(again)) == (first.content, told(first))


@pytest.mark.parametrize("has_it", [False, True])
@pytest.mark.parametrize("media", ["application/json", "image/svg+xml", "image/png", "text/html"])
async def test_the_second_answer_has_the_headers_of_the_first(
    drawn: Purse, begun: list[str], media: str, has_it: bool
) -> None:
    """Security, caching, languages and lengths do not depend on where an answer comes from."""
    asked = {"Accept": media, "Accept-Language": "sv"}
    whole = await drawn.finance.get(path(drawn), headers=asked)
    if has_it:
        asked["If-None-Match"] = f'"another", W/{whole.headers["etag"]}'
    await forget(drawn)

    first = await drawn.finance.get(path(drawn), headers=asked)
    begun.clear()
    again = await drawn.finance.get(path(drawn), headers=asked)

    assert begun == []
    assert first.status_code == (304 if has_it else 200)
    assert (again.status_code, again.content, told(again)) == (first.status_code, first.content, told(first))
    assert told(again, but=OF_THE_BODY) == told(whole, but=OF_THE_BODY)
    assert {"cache-control", "content-security-policy", "referrer-policy", "vary"} <= set(again.headers)


@pytest.mark.parametrize("form", ["page", "svg", "png"])
async def test_not_modified_says_of_an_embed_what_the_embed_said(
    drawn: Purse, begun: list[str], form: str
) -> None:
    """A browser takes over the headers of a 304, and who may frame the page is one of them (RFC 9111)."""
    embed = await published(drawn)
    reader = drawn.world.desk.with_headers()
    whole = await reader.get(embed[form])
    known = {"If-None-Match": whole.headers["etag"]}
    after_a_whole_one = await reader.get(embed[form], headers=known)
    await forget(drawn)

    first = await reader.get(embed[form], headers=known)
    begun.clear()
    again = await reader.get(embed[form], headers=known)

    assert begun == []
    for one in (after_a_whole_one, first, again):
        assert (one.status_code, one.content) == (304, b"")
        assert told(one) == told(whole, but=OF_THE_BODY)


async def test_whoever_has_the_picture_is_told_so_without_reading_a_figure(
    drawn: Purse, begun: list[str]
) -> None:
    first = await picture(drawn)
    known = SVG | {"If-None-Match": first.headers["etag"]}
    begun.clear()

    again = await drawn.finance.get(path(drawn), headers=known)

    assert (again.status_code, again.content, begun) == (304, b"", [])
    assert again.headers["etag"] == first.headers["etag"]


async def test_a_change_is_seen_at_once(drawn: Purse) -> None:
    """M2: what a controller finds is in the very next picture."""
    before = await picture(drawn)
    assert (await picture(drawn)).content == before.content

    await drawn.verified(2026, "613.00")

    assert "613" in (await picture(drawn)).text
    assert "613" not in before.text


async def test_what_another_service_announced_is_seen_at_once(drawn: Purse) -> None:
    """A copy from a feed leaves no trace in the trail, and changes the picture."""
    await picture(drawn)

    await drawn.world.tell("theme-chosen", light=["#7a0019"], dark=[], font=None, logo=None)

    assert "#7a0019" in (await picture(drawn)).text


async def test_a_change_that_commits_late_is_not_missed(
    drawn: Purse, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """The transaction with the lower number ends last: nothing is remembered in between."""
    organisation = drawn.world.desk.organisation
    await settled(drawn)
    late = owner.transaction()
    await late.start()
    await owner.execute("SELECT set_config('app.organisation', $1, true)", organisation)
    await owner.execute("UPDATE benefit SET name = name WHERE false")
    await drawn.verified(2026, "613.00")

    during = await latest_change(house(drawn).database, organisation)
    await late.commit()

    assert during is None
    assert await settled(drawn) > 0


async def test_what_the_owner_of_the_schema_changes_is_seen_by_every_organisation(
    drawn: Purse, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """A migration works for no organisation."""
    before = await settled(drawn)

    await owner.execute("UPDATE benefit SET name = name WHERE false")

    assert await settled(drawn) != before


async def test_what_another_organisation_changes_leaves_the_picture_remembered(drawn: Purse) -> None:
    before = await settled(drawn)
    async with house(drawn).database.transaction(new_organisation()) as connection:
        await connection.execute("UPDATE benefit SET name = name WHERE false")

    assert await settled(drawn) == before


async def test_a_token_that_is_over_gets_no_picture_though_it_got_one_before(drawn: Purse) -> None:
    """Who calls is verified each time."""
    desk = drawn.world.desk
    found = house(drawn)
    is_over = False

    async def verify(token: str, *, organisation: str | None) -> Actor:
        if is_over:
            raise BadToken(Flaw.EXPIRED)
        return await found.authenticate(token, organisation=organisation)

    await picture(drawn)
    desk.app.state.house = replace(found, authenticate=verify)
    try:
        before = await drawn.finance.get(path(drawn), headers=SVG)
        is_over = True
        after = await drawn.finance.get(path(drawn), headers=SVG)
    finally:
        desk.app.state.house = found

    assert before.status_code == 200
    assert problem(after)["status"] == 401


async def test_only_the_first_of_two_tokens_counts_from_memory_as_well(drawn: Purse) -> None:
    """Two callers in one request: what is remembered for the second is not shown to the first."""
    await picture(drawn)
    mine = drawn.finance.headers["authorization"]
    stranger = drawn.world.desk.caller(Role.FINANCE, subject="finn", organisation=new_organisation())
    theirs = stranger.headers["authorization"]
    both = drawn.world.desk.with_headers()

    as_stranger = await both.get(
        path(drawn), headers=[("Authorization", theirs), ("Authorization", mine), *SVG.items()]
    )
    as_me = await both.get(
        path(drawn), headers=[("Authorization", mine), ("Authorization", theirs), *SVG.items()]
    )

    assert (as_stranger.status_code, as_me.status_code) == (404, 200)


async def test_what_is_remembered_is_shown_to_nobody_who_may_not_see_it(drawn: Purse) -> None:
    """A9: the same address, asked by others."""
    await picture(drawn)
    desk = drawn.world.desk

    without_role = await desk.caller(subject="finn").get(path(drawn), headers=SVG)
    stranger = desk.caller(Role.FINANCE, subject="finn", organisation=new_organisation())
    elsewhere = await stranger.get(path(drawn), headers=SVG)
    unknown = await desk.with_headers().get(path(drawn), headers=SVG)

    assert problem(without_role)["status"] == 403
    assert problem(elsewhere)["status"] == 404
    assert problem(unknown)["status"] == 401


async def test_a_published_embed_is_answered_again_without_reading(drawn: Purse, begun: list[str]) -> None:
    embed = await published(drawn)
    reader = drawn.world.desk.with_headers()
    first = [await reader.get(embed[form]) for form in ("page", "svg", "png")]
    begun.clear()

    again = [await reader.get(embed[form]) for form in ("page", "svg", "png")]

    assert begun == []
    assert [one.content for one in again] == [one.content for one in first]
    assert [told(one) for one in again] == [told(one) for one in first]


async def test_a_published_embed_that_is_taken_back_is_gone_though_it_was_remembered(drawn: Purse) -> None:
    embed = await published(drawn)
    reader = drawn.world.desk.with_headers()
    shown = await reader.get(embed["svg"])
    await drawn.world.office.delete(f"/embeds/{embed['id']}", headers={"If-Match": '"1"'})

    gone = await reader.get(embed["svg"])

    assert (shown.status_code, gone.status_code) == (200, 404)


async def test_a_remembered_picture_is_still_refused_on_a_foreign_page(drawn: Purse) -> None:
    embed = await published(drawn)
    pages = (None, INTRANET, FOREIGN, "http://[")
    sent = [{} if page is None else {"Referer": f"{page}/news"} for page in pages]
    reader = drawn.world.desk.with_headers()

    answers = [(await reader.get(embed["svg"], headers=one)).status_code for one in sent + sent]

    assert answers == [200, 200, 404, 404] * 2


async def test_many_who_ask_at_once_ask_the_database_together(
    drawn: Purse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await picture(drawn)
    database, lent = house(drawn).database, []
    lend = database.lend

    def noted() -> Any:
        lent.append(1)
        return lend()

    monkeypatch.setattr(database, "lend", noted)
    answers = await asyncio.gather(*(drawn.finance.get(path(drawn), headers=SVG) for _ in range(20)))

    assert len({one.content for one in answers}) == 1
    assert len(lent) < 20


async def test_whoever_asks_after_a_change_is_not_given_an_answer_that_was_asked_for_before(
    drawn: Purse,
) -> None:
    """A question under way has perhaps looked already: the next asker's own comes after it."""
    changes, organisation = house(drawn).changes, drawn.world.desk.organisation
    before = await settled(drawn)
    early = [asyncio.create_task(changes.latest(organisation)) for _ in range(3)]
    await drawn.verified(2026, "613.00")
    await settled(drawn)

    late = await changes.latest(organisation)

    assert {await one for one in early} <= {before, late, None}
    assert late not in {before, None}


async def test_one_who_leaves_takes_the_answer_from_nobody(drawn: Purse) -> None:
    changes, organisation = house(drawn).changes, drawn.world.desk.organisation
    expected = await settled(drawn)
    first, second, third = (asyncio.create_task(changes.latest(organisation)) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()

    assert await third == expected
    assert await changes.latest(organisation) == expected


async def test_without_the_database_nothing_is_answered_from_memory(
    drawn: Purse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await picture(drawn)

    def lost(*_arguments: Any, **_named: Any) -> Any:
        raise ConnectionResetError("the database has hung up")

    for way in ("lend", "transaction"):
        monkeypatch.setattr(house(drawn).database, way, lost)
    answer = await drawn.finance.get(path(drawn), headers=SVG)

    assert problem(answer)["status"] == 503
