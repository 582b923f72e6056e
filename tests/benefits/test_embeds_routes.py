"""Embeds over HTTP: tickets, what they show, what is published, and what is refused."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.purse import Purse
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

INTRANET, OTHER = "https://intranet.example", "https://other.example"


def chart(purse: Purse, query: str = "") -> str:
    return f"/portfolios/{purse.world.portfolio_id}/charts/planned-against-realised{query}"


async def ticket(purse: Purse, caller: httpx.AsyncClient | None = None, **members: Any) -> dict[str, Any]:
    """A ticket for the chart on the intranet's pages."""
    answer = await (caller or purse.finance).post(
        "/embed-tickets", json={"resource": chart(purse), "origins": [INTRANET]} | members
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(purse: Purse, **members: Any) -> dict[str, Any]:
    answer = await purse.world.office.post(
        "/embeds", json={"resource": chart(purse), "origins": [INTRANET]} | members
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def nobody(desk: Desk, **headers: str) -> httpx.AsyncClient:
    """A browser without token."""
    return desk.with_headers(**headers)


async def test_a_ticket_shows_the_chart_on_its_origins_only(purse: Purse) -> None:
    got = await ticket(purse, resource=chart(purse, "?language=nb"), origins=[INTRANET, OTHER])

    answer = await nobody(purse.world.desk).get(got["page"])

    assert answer.status_code == 200, answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith(f"frame-ancestors {INTRANET} {OTHER}")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-language"] == "nb"
    assert '<html lang="nb">' in answer.text
    assert "<script" not in answer.text
    assert got["ticket"] not in answer.text


async def test_the_page_has_the_picture_for_each_reader_and_its_table(purse: Purse) -> None:
    got = await ticket(purse)
    dark = await ticket(purse, resource=chart(purse, "?scheme=dark&width=400"))

    page = (await nobody(purse.world.desk).get(got["page"])).text
    pinned = (await nobody(purse.world.desk).get(dark["page"])).text

    assert page.count("<svg") == 4
    assert pinned.count("<svg") == 1
    assert all(part in page for part in ("<details>", "<caption>", 'scope="col"', 'role="img"'))
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("form", "media"), [("svg", "image/svg+xml"), ("png", "image/png")])
async def test_a_ticket_gives_pictures_too(purse: Purse, form: str, media: str) -> None:
    got = await ticket(purse)
    browser = nobody(purse.world.desk)

    anywhere = await browser.get(got[form])
    allowed = await browser.get(got[form], headers={"Referer": f"{INTRANET}/"})
    foreign = await browser.get(got[form], headers={"Referer": f"{OTHER}/page"})

    assert (anywhere.status_code, anywhere.headers["content-type"]) == (200, media)
    assert anywhere.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (allowed.status_code, foreign.status_code) == (200, 404)
    assert problem(foreign)["type"].endswith("#not-shown")


async def test_every_ticket_that_does_not_hold_gets_one_and_the_same_answer(purse: Purse) -> None:
    got = await ticket(purse)
    other_resource = await ticket(purse, resource=chart(purse, "?scheme=dark"))
    browser = nobody(purse.world.desk, **{"Accept-Language": "sv"})
    base = {"resource": chart(purse), "ticket": got["ticket"]}
    tries = {
        "made for something else": base | {"ticket": other_resource["ticket"]},
        "asked for something else": base | {"resource": chart(purse, "?scheme=light")},
        "wrongly sealed": base | {"ticket": got["ticket"][:-4] + "AAAA"},
        "made up": base | {"ticket": "ticket"},
        "no resource": base | {"resource": "/audit"},
        "gone": base | {"resource": f"/units/{new_id()}/charts/planned-against-realised"},
    }

    answers = {name: await browser.get("/embedded/page", params=sent) for name, sent in tries.items()}

    texts = {answer.text for answer in answers.values()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(tries, 404)
    assert len(texts) == 1
    assert "Det här visas inte här" in texts.pop()
    assert all("frame-ancestors" in answer.headers["content-security-policy"] for answer in answers.values())


async def test_a_ticket_is_over_when_its_seconds_are(purse: Purse) -> None:
    house: House = purse.world.desk.app.state.house
    assert house.tickets is not None
    got = await ticket(purse, seconds=10)
    made = house.tickets.opened(got["ticket"])
    assert made is not None
    over = house.tickets.sealed(replace(made, expires_at=house.now()))
    browser = nobody(purse.world.desk)

    shown = await browser.get(got["page"])
    gone = await browser.get("/embedded/page", params={"resource": chart(purse), "ticket": over})

    assert 0 < (made.expires_at - house.now()).total_seconds() <= 10
    assert (shown.status_code, gone.status_code) == (200, 404)
    # The page that says so can be read where the embed would stand.
    assert gone.headers["content-security-policy"].endswith(f"frame-ancestors {INTRANET}")


async def test_who_has_lost_the_role_shows_nothing_any_more(purse: Purse) -> None:
    """Rights are asked again whenever a ticket is used."""
    world = purse.world
    person = "berit"
    held = {"subject": person, "role": "benefit-owner", "scope": "unit", "scope_id": world.unit}
    held |= {"assignment_id": new_id(), "person_id": new_id()}
    await world.tell("role-assigned", **held)
    got = await ticket(purse, world.desk.caller(subject=person))
    browser = nobody(world.desk)

    before = await browser.get(got["page"])
    await world.tell("role-ended", **held, valid_until="2020-01-01")
    after = await browser.get(got["page"])

    assert (before.status_code, after.status_code) == (200, 404)


async def test_a_ticket_needs_the_right_to_read_what_it_shows(purse: Purse) -> None:
    body = {"resource": chart(purse), "origins": [INTRANET]}
    stranger = purse.world.desk.caller(Role.READER, organisation=new_organisation())
    without_role = purse.world.desk.caller(subject="nobody")

    answers = [
        await nobody(purse.world.desk).post("/embed-tickets", json=body),
        await without_role.post("/embed-tickets", json=body),
        await stranger.post("/embed-tickets", json=body),
    ]

    assert [answer.status_code for answer in answers] == [401, 403, 404]


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"resource": "/audit"}, "/body/resource"),
        ({"resource": "/projects/x/charts/y?width=99999"}, "/body/resource"),
        ({"origins": ["https://a.example", "https://*.example"]}, "/body/origins/1"),
        ({"origins": ["http://intranet.example"]}, "/body/origins/0"),
        ({"origins": []}, "/body/origins"),
        ({"origins": ["https://a.example"] * 11}, "/body/origins"),
        ({"seconds": 3601}, "/body/seconds"),
        ({"seconds": 0}, "/body/seconds"),
        ({"person": "kari"}, "/body/person"),
    ],
)
async def test_an_odd_ticket_is_refused_where_it_is_odd(
    purse: Purse, members: dict[str, Any], pointer: str
) -> None:
    body = {"resource": chart(purse), "origins": [INTRANET]} | members

    answer = await purse.finance.post("/embed-tickets", json=body)

    assert answer.status_code == 400, answer.text
    assert pointer in [one["pointer"] for one in problem(answer)["errors"]]


@pytest.mark.parametrize("query", ["?width=99999", "?scheme=pink", "?odd=1"])
async def test_a_chart_that_cannot_be_drawn_so_gets_no_ticket(purse: Purse, query: str) -> None:
    body = {"resource": chart(purse, query), "origins": [INTRANET]}

    answer = await purse.finance.post("/embed-tickets", json=body)

    assert answer.status_code == 400, answer.text


async def test_what_is_published_needs_no_ticket_until_it_is_taken_back(purse: Purse) -> None:
    embed = await published(purse)
    browser, office = nobody(purse.world.desk), purse.world.office

    shown = await browser.get(embed["page"])
    again = await browser.get(embed["page"], headers={"If-None-Match": shown.headers["etag"]})
    listed = (await office.get("/embeds")).json()["items"]
    gone = await office.delete(f"/embeds/{embed['id']}", headers={"If-Match": '"1"'})
    after = await browser.get(embed["page"])

    assert (shown.status_code, again.status_code, gone.status_code, after.status_code) == (200, 304, 204, 404)
    assert shown.headers["cache-control"] == "public, max-age=60"
    assert shown.headers["content-security-policy"].endswith(f"frame-ancestors {INTRANET}")
    assert 'type="application/json+oembed"' in shown.text
    assert [(one["resource"], one["published_by"]) for one in listed] == [(chart(purse), "kari")]
    assert (await office.get(f"/embeds/{embed['id']}")).status_code == 404


async def test_publishing_is_for_the_office_and_only_of_what_readers_see(purse: Purse) -> None:
    body = {"resource": chart(purse), "origins": [INTRANET]}
    unknown = body | {"resource": f"/units/{new_id()}/charts/planned-against-realised"}
    embed = await published(purse)
    stranger = purse.world.desk.caller(Role.ADMINISTRATOR, organisation=new_organisation())

    answers = [
        await purse.finance.post("/embeds", json=body),
        await purse.world.office.post("/embeds", json=unknown),
        await stranger.get(f"/embeds/{embed['id']}"),
        await stranger.delete(f"/embeds/{embed['id']}", headers={"If-Match": '"1"'}),
        await purse.world.office.delete(f"/embeds/{embed['id']}"),
        await purse.world.office.delete(f"/embeds/{embed['id']}", headers={"If-Match": '"7"'}),
    ]

    assert [answer.status_code for answer in answers] == [403, 404, 404, 404, 428, 412]


async def test_an_embed_is_not_shown_under_another_organisations_name(purse: Purse) -> None:
    embed = await published(purse)
    browser = nobody(purse.world.desk)

    answer = await browser.get(embed["page"].replace(purse.world.desk.organisation, new_organisation()))

    assert answer.status_code == 404


async def test_oembed_describes_what_is_published(purse: Purse) -> None:
    embed = await published(purse)
    browser = nobody(purse.world.desk)

    wide = (await browser.get("/oembed", params={"url": embed["page"]})).json()
    narrow = (
        await browser.get("/oembed", params={"url": embed["page"], "maxwidth": 300, "maxheight": 200})
    ).json()

    assert (wide["type"], wide["version"], wide["width"]) == ("rich", "1.0", 720)
    assert (narrow["width"], narrow["height"]) == (300, 200)
    assert wide["html"].startswith("<iframe ")
    for part in ('title="', 'loading="lazy"', 'referrerpolicy="no-referrer"', 'sandbox=""'):
        assert part in wide["html"]


async def test_oembed_answers_what_wordpress_asks(purse: Purse) -> None:
    """It sends these four to every provider."""
    embed = await published(purse)
    asked = {"maxwidth": 600, "maxheight": 960, "url": embed["page"], "dnt": 1, "format": "json"}

    answer = await nobody(purse.world.desk).get("/oembed", params=asked)

    assert answer.status_code == 200, answer.text


async def test_oembed_refuses_tickets_other_addresses_and_other_formats(purse: Purse) -> None:
    embed, got = await published(purse), await ticket(purse)
    browser = nobody(purse.world.desk)

    answers = [
        await browser.get("/oembed", params={"url": got["page"]}),
        await browser.get("/oembed", params={"url": "https://other.example/page"}),
        await browser.get("/oembed", params={"url": embed["page"].replace(embed["id"], str(new_id()))}),
        await browser.get("/oembed", params={"url": embed["page"], "format": "xml"}),
        await browser.get("/oembed", params={"url": embed["page"], "format": "yaml"}),
        await browser.get("/oembed"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 501, 400, 400]
    assert "ticket" in problem(answers[0])["detail"]
