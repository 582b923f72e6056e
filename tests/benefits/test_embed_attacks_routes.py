"""What somebody would try who is not shown an embed, or no longer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.purse import Purse
from tests.benefits.test_embeds_routes import INTRANET, OTHER, chart, nobody, published, ticket
from tests.support.callers import problem
from tests.support.organisations import new_organisation

FORMS = ("page", "svg", "png")
# What a browser or a liar says of the page that it stands on, none of which is https://intranet.example.
FOREIGN = (
    "null",
    "",
    "about:srcdoc",
    "data:text/html,x",
    "file:///tmp/page.html",
    "http://intranet.example/",
    "https://intranet.example.evil.example/",
    "https://evil.example/https://intranet.example/",
    "https://evil.example/?https://intranet.example",
    "https://evil.example#https://intranet.example",
    "https://intranet.example@evil.example/",
    "https://evil.example\\@intranet.example/",
    "https://intranet.example:8443/",
    "https://intranet.example./",
    "https://www.intranet.example/",
    "https://xn--intrnet-5wa.example/",
    "https://[::1]/",
    "https://[intranet.example/",
    "https://intranet.example:x/",
    "https:intranet.example",
    "//intranet.example/",
    "intranet.example",
    "https://intranet.example, https://evil.example",
)


async def statuses(browser: httpx.AsyncClient, embed: dict[str, Any], **headers: str) -> list[int]:
    return [(await browser.get(embed[form], headers=headers)).status_code for form in FORMS]


@pytest.mark.parametrize("header", ["Origin", "Referer"])
async def test_no_other_page_gets_the_picture_nor_hears_that_it_has_the_latest(
    purse: Purse, header: str
) -> None:
    embed, got = await published(purse), await ticket(purse)
    browser = nobody(purse.world.desk)
    svg = await browser.get(
        embed["svg"], headers={header: f"{INTRANET}/"[: None if header == "Referer" else -1]}
    )
    tag = svg.headers["etag"]
    said = [one for one in FOREIGN if one]

    told: dict[str, list[int]] = {}
    for one in said:
        told[one] = [
            (await browser.get(embed["svg"], headers={header: one})).status_code,
            (await browser.get(embed["png"], headers={header: one})).status_code,
            (await browser.get(got["svg"], headers={header: one})).status_code,
            (await browser.get(embed["svg"], headers={header: one, "If-None-Match": tag})).status_code,
            (await browser.get(embed["svg"], headers={header: one, "If-None-Match": "*"})).status_code,
        ]

    assert svg.status_code == 200
    assert {"Origin", "Referer"} <= {one.strip() for one in svg.headers["vary"].split(",")}
    assert svg.headers["cache-control"] == "private, max-age=60"
    assert told == dict.fromkeys(said, [404] * 5)


async def test_what_was_taken_back_is_gone_at_once_also_for_who_has_it(purse: Purse) -> None:
    """Asked twice before, so that it is remembered."""
    embed = await published(purse)
    browser = nobody(purse.world.desk)
    known = [(await browser.get(embed[form])).headers["etag"] for form in FORMS]
    before = [
        (await browser.get(embed[form], headers={"If-None-Match": tag})).status_code
        for form, tag in zip(FORMS, known, strict=True)
    ]
    oembed = await browser.get("/oembed", params={"url": embed["page"]})
    path = f"/embeds/{embed['id']}"
    assert (await purse.world.office.delete(path, headers={"If-Match": '"1"'})).status_code == 204

    after = [
        (await browser.get(embed[form], headers=headers)).status_code
        for form, tag in zip(FORMS, known, strict=True)
        for headers in ({}, {"If-None-Match": tag}, {"If-None-Match": f"W/{tag}"}, {"If-None-Match": "*"})
    ]
    described = await browser.get("/oembed", params={"url": embed["page"]})

    assert (before, oembed.status_code) == ([304, 304, 304], 200)
    assert after == [404] * 12
    assert described.status_code == 404


async def test_a_status_page_is_no_picture_whatever_somebody_has(purse: Purse) -> None:
    resource = f"/portfolios/{purse.world.portfolio_id}/status-page"
    embed = await published(purse, resource=resource)
    browser = nobody(purse.world.desk)

    assert await statuses(browser, embed) == [200, 404, 404]
    assert await statuses(browser, embed, **{"If-None-Match": "*"}) == [304, 404, 404]


async def test_a_ticket_that_was_tampered_with_is_no_ticket(purse: Purse) -> None:
    got = await ticket(purse)
    sealed = got["ticket"]
    tries = [
        *(sealed[:length] for length in (1, 8, 16, 17, 28, len(sealed) // 2, len(sealed) - 1)),
        sealed[1:],
        sealed + "A",
        sealed + "=",
        sealed + "\u200b",
        sealed.swapcase(),
        sealed[::-1],
        sealed[:20] + "!" + sealed[20:],
        sealed * 2,
        f"{sealed}.{sealed}",
        "A" * 6000,
    ]
    browser = nobody(purse.world.desk)

    answers = [
        await browser.get(f"/embedded/{form}", params={"resource": chart(purse), "ticket": one})
        for one in tries
        for form in ("page", "svg")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers if "html" in answer.headers["content-type"]}) == 1


async def test_a_ticket_is_over_by_this_services_clock_to_the_second(purse: Purse) -> None:
    house: House = purse.world.desk.app.state.house
    assert house.tickets is not None
    made = house.tickets.opened((await ticket(purse))["ticket"])
    assert made is not None
    browser = nobody(purse.world.desk)

    answers = {}
    for seconds in (-3600, -1, 0, 30):
        sealed = house.tickets.sealed(replace(made, expires_at=house.now() + timedelta(seconds=seconds)))
        asked = {"resource": chart(purse), "ticket": sealed}
        answers[seconds] = (await browser.get("/embedded/page", params=asked)).status_code

    assert answers == {-3600: 404, -1: 404, 0: 404, 30: 200}


async def test_every_answer_says_who_may_frame_it_and_is_not_kept(purse: Purse) -> None:
    """Also those that refuse what the framework refuses: no page of ours stands in a frame by accident."""
    got, embed = await ticket(purse), await published(purse)
    browser = nobody(purse.world.desk)
    asked = {"resource": chart(purse), "ticket": got["ticket"]}
    answers = [
        await browser.get("/embedded/page"),
        await browser.get("/embedded/page", params=asked | {"odd": "1"}),
        await browser.get("/embedded/page", params={**asked, "ticket": "A" * 6001}),
        await browser.get("/embedded/page", params=asked | {"resource": "x" * 501}),
        await browser.get("/embedded/page?ticket=a&ticket=b&resource=c"),
        await browser.get("/embedded/odd", params=asked),
        await browser.post("/embedded/page", params=asked),
        await browser.get(f"/embedded/{new_organisation()}/{new_id()}/page"),
        await browser.get(f"/embedded/{purse.world.desk.organisation}/{new_id()}/svg"),
        await browser.get(f"/embedded/{purse.world.desk.organisation}/no-id/page"),
        await browser.get(f"{embed['page']}/"),
        await browser.get(f"{embed['page']}?ticket={got['ticket']}"),
        await browser.get("/oembed", params={"url": got["page"]}),
    ]

    for answer in answers:
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-security-policy"].endswith("frame-ancestors 'none'"), answer.text
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert got["ticket"][:40] not in answer.text + str(answer.headers)
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers


async def test_the_answer_that_brings_a_ticket_is_kept_by_nobody(purse: Purse) -> None:
    answer = await purse.finance.post(
        "/embed-tickets", json={"resource": chart(purse), "origins": [INTRANET, OTHER]}
    )

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert 'referrerpolicy="no-referrer"' in answer.json()["frame"]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:11211/_stats",
        "//evil.example/embedded/0192:958935420/{id}/page",
        "https://evil.example/benefits/v1/embedded/{organisation}/{id}/page",
        "{base}@evil.example/embedded/{organisation}/{id}/page",
        "{base}/embedded/{organisation}/{id}/../{id}/page",
        "{base}/embedded/{organisation}/{id}/page/",
        "{base}/embedded/{organisation}/{id}/page?x=1",
        "{base}/embedded/{organisation}/{id}/page#x",
        "{base}/embedded/{organisation}/{id}/svg",
        "{base}/embedded/{organisation}%2f{id}/page",
        "{base}//embedded/{organisation}/{id}/page",
        "{base}{base}/embedded/{organisation}/{id}/page",
        "{base}/embedded/{organisation}/------------------------------------/page",
        "{base}/embedded/{elsewhere}/{id}/page",
        "javascript:alert(1)",
    ],
)
async def test_oembed_asks_nobody_and_knows_its_own_addresses_only(purse: Purse, url: str) -> None:
    embed = await published(purse)
    base = embed["page"].partition("/embedded/")[0]
    organisation = purse.world.desk.organisation
    said = url.format(base=base, id=embed["id"], organisation=organisation, elsewhere=new_organisation())

    answer = await nobody(purse.world.desk).get("/oembed", params={"url": said})

    assert answer.status_code == 404, answer.text
    assert problem(answer)["type"].endswith("#only-published")
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"maxwidth": "1", "maxheight": "1"}, 200),
        ({"maxwidth": "10000", "maxheight": "10000"}, 200),
        ({"maxwidth": "0"}, 400),
        ({"maxwidth": "-1"}, 400),
        ({"maxwidth": "1e3"}, 400),
        ({"maxwidth": "9" * 400}, 400),
        ({"maxheight": "NaN"}, 400),
        ({"format": "JSON"}, 400),
    ],
)
async def test_oembed_keeps_to_any_size_or_says_that_it_is_none(
    purse: Purse, asked: dict[str, str], status: int
) -> None:
    embed = await published(purse)

    answer = await nobody(purse.world.desk).get("/oembed", params={"url": embed["page"], **asked})

    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["width"] <= int(asked["maxwidth"])
        assert answer.json()["height"] <= int(asked["maxheight"])
        assert answer.headers["vary"] == "Accept-Language"
