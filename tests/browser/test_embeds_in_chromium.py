"""Embeds as their readers see them: in a frame on another's page, in a real browser."""

import json
from dataclasses import replace

import httpx
import pytest
from playwright.async_api import Browser

from gevinst_shared.web.house import House
from tests.benefits.purse import Purse
from tests.browser.hosts import FOREIGN, chart_faults, shown, ticket, visit
from tests.support.chromium import faults

pytestmark = pytest.mark.slow
LANGUAGES = ("en", "nb", "nn", "da", "sv")


def chart(purse: Purse, query: str = "") -> str:
    return f"/portfolios/{purse.world.portfolio_id}/charts/planned-against-realised{query}"


async def test_an_embed_is_seen_on_its_origin_and_kept_empty_on_a_foreign_one(
    browser: Browser, purse: Purse
) -> None:
    got = await ticket(purse.finance, chart(purse))
    async with visit(browser, {"benefits": purse.world.desk}) as visited:
        frame = await shown(visited, got["page"])
        heading = await frame.locator("h1").text_content()
        at_home = list(visited.said)
        foreign = await visited.frame(got["page"], on=FOREIGN)
        abroad = list(visited.said)

    assert heading == "Planned against realised"
    assert at_home == []
    assert foreign is None
    assert any("frame-ancestors" in one for one in abroad)


async def test_a_foreign_page_does_not_get_the_picture(browser: Browser, purse: Purse) -> None:
    got = await ticket(purse.finance, chart(purse))
    width = "document.images[0].naturalWidth"
    async with visit(browser, {"benefits": purse.world.desk}) as visited:
        await visited.frame("", markup=got["image"])
        at_home = await visited.page.evaluate(width)
        await visited.frame("", markup=got["image"], on=FOREIGN)
        abroad = await visited.page.evaluate(width)

    assert at_home > 0
    assert abroad == 0


async def test_an_embed_sets_no_cookie_runs_no_script_and_fetches_nothing(
    browser: Browser, purse: Purse
) -> None:
    got = await ticket(purse.finance, chart(purse))
    async with visit(browser, {"benefits": purse.world.desk}) as visited:
        frame = await shown(visited, got["page"], markup=got["frame"])
        scripts = await frame.evaluate("document.scripts.length")
        cookies = await visited.context.cookies()
        said = visited.said

    assert (scripts, cookies, said) == (0, [], [])
    assert list(visited.answers) == ["/benefits/v1/embedded/page"]
    assert all(got["ticket"] not in json.dumps(sent.get("referer", "")) for sent in visited.sent)


@pytest.mark.parametrize("fault", ["over", "for something else"])
async def test_a_ticket_that_does_not_hold_shows_a_page_that_says_so(
    browser: Browser, purse: Purse, fault: str
) -> None:
    got = await ticket(purse.finance, chart(purse))
    house: House = purse.world.desk.app.state.house
    assert house.tickets is not None
    made = house.tickets.opened(got["ticket"])
    assert made is not None
    change = {"expires_at": house.now()} if fault == "over" else {"resource": chart(purse, "?scheme=dark")}
    odd = house.tickets.sealed(replace(made, **change))
    async with visit(browser, {"benefits": purse.world.desk}) as visited:
        frame = await shown(visited, str(httpx.URL(got["page"]).copy_set_param("ticket", odd)))
        heading = await frame.locator("h1").text_content()
        assert await faults(visited.page) == []
        status = visited.answers["/benefits/v1/embedded/page"].status_code

    assert (status, heading) == (404, "This is not shown here")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 800])
async def test_an_embed_is_accessible_and_stays_inside_its_frame(
    browser: Browser, purse: Purse, language: str, is_dark: bool, width: int
) -> None:
    got = await ticket(purse.finance, chart(purse, f"?language={language}"))
    desks = {"benefits": purse.world.desk}
    async with visit(browser, desks, width=width, is_dark=is_dark) as visited:
        frame = await shown(visited, got["page"])
        assert await frame.locator("html").get_attribute("lang") == language
        closed = await chart_faults(frame), await faults(visited.page)
        await visited.picture(f"realised-{language}-{width}-{'dark' if is_dark else 'light'}")
        await frame.locator("summary").click()
        await visited.picture(f"realised-{language}-{width}-{'dark' if is_dark else 'light'}-open")
        opened = await faults(visited.page)
        reach = await frame.evaluate("document.documentElement.scrollWidth")

    assert (closed, opened) == (([], []), [])
    assert reach <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_scheme_that_is_chosen_holds_whatever_the_reader_prefers(
    browser: Browser, purse: Purse, scheme: str
) -> None:
    got = await ticket(purse.finance, chart(purse, f"?scheme={scheme}"))
    async with visit(browser, {"benefits": purse.world.desk}, is_dark=scheme == "light") as visited:
        frame = await shown(visited, got["page"])
        surface = await frame.evaluate("getComputedStyle(document.body).backgroundColor")
        found = await chart_faults(frame), await faults(visited.page)
        await visited.picture(f"pinned-{scheme}")

    assert surface == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 30)"}[scheme]
    assert found == ([], [])
