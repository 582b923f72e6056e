"""Every chart and status page in a frame: seen where it may be, empty elsewhere, accessible, 320 px wide."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser

from gevinst_shared.web.house import House
from tests.benefits.purse import Purse
from tests.browser.embeddables import Embeddables, of_benefits, of_notifications, of_portfolio, templates
from tests.browser.hosts import FOREIGN, INTRANET, OURS, Visit, chart_faults, shown, ticket, visit
from tests.notifications.world import World as Duties
from tests.support.callers import Desk
from tests.support.chromium import faults

pytestmark = pytest.mark.slow
LANGUAGES = ("nb", "sv", "en", "nn", "da")
Found = Mapping[str, object]
at_both_widths = pytest.mark.parametrize("width", [320, 1280])


async def rendered(visited: Visit, got: Mapping[str, str], name: str) -> Found:
    """What is wrong with an embed where it may be seen, by what was looked for."""
    visited.asked.clear()
    visited.sent.clear()
    framed = await shown(visited, got["page"], markup=got["frame"])
    referrer = await framed.evaluate("document.referrer")
    frame = await shown(visited, got["page"])
    await visited.picture(name)
    opened = frame.locator("summary")
    is_page = await opened.count() == 0
    of_chart, closed = [], await faults(visited.page)
    if not is_page:
        of_chart = await chart_faults(frame)
        await frame.evaluate("document.querySelector('details').open = true")
    reach = await frame.evaluate("document.documentElement.scrollWidth")
    width = await frame.evaluate("document.documentElement.clientWidth")
    hosts = {urlsplit(one).netloc for one in visited.asked if not one.startswith("data:")}
    return {
        "chart": of_chart,
        "axe": closed,
        "axe of the table": [] if is_page else await faults(visited.page),
        "said": list(visited.said),
        "scripts": await frame.evaluate("document.scripts.length"),
        "sideways": max(0, reach - width),
        "cookies": await visited.context.cookies(),
        "other hosts": hosts - {urlsplit(INTRANET).netloc, urlsplit(OURS).netloc},
        "referrer": referrer,
        "ticket told": [one["referer"] for one in visited.sent if got["ticket"] in one.get("referer", "")],
        "policy": visited.answers[urlsplit(got["page"]).path].headers["referrer-policy"] != "no-referrer",
    }


async def refused(visited: Visit, got: Mapping[str, str], house: House, resource: str, other: str) -> Found:
    """Where it should be empty, or say that nothing is shown, and is not."""
    assert house.tickets is not None
    made = house.tickets.opened(got["ticket"])
    assert made is not None
    assert made.is_valid(resource, house.now())
    abroad = await visited.frame(got["page"], on=FOREIGN)
    told = any("frame-ancestors" in one for one in visited.said)
    wrong: dict[str, object] = {"abroad": abroad, "abroad in silence": not told}
    for fault, odd in {
        "over": replace(made, expires_at=house.now()),
        "another's": replace(made, resource=other),
    }.items():
        address = str(httpx.URL(got["page"]).copy_set_param("ticket", house.tickets.sealed(odd)))
        frame = await shown(visited, address)
        status = visited.answers[urlsplit(address).path].status_code
        wrong[fault] = status != 404 or await frame.locator("svg, dl, table").count() > 0
    return wrong


async def looked_at_all(browser: Browser, all_of: Embeddables, width: int) -> dict[str, Found]:
    """What is wrong, by resource; light on a wide screen, dark on a narrow one, each in some language."""
    assert len(all_of.resources) == len(templates(all_of.service)) > 0
    found: dict[str, Found] = {}
    asked = [f"{one}?language={LANGUAGES[at % 5]}" for at, one in enumerate(all_of.resources)]
    desks = {all_of.service: all_of.desk}
    async with visit(browser, desks, width=width, is_dark=width == 320) as visited:
        for number, resource in enumerate(asked):
            got = await ticket(all_of.caller, resource)
            path = PurePath(all_of.resources[number])
            name = f"{all_of.service}-{path.parts[1]}-{path.name}-{width}"
            other = asked[number - 1] if len(asked) > 1 else f"{resource}&scheme=dark"
            wrong = dict(await rendered(visited, got, name))
            # Who may see it does not hang on the width.
            if width == 320:
                wrong |= await refused(visited, got, all_of.desk.app.state.house, resource, other)
            found[resource] = {what: one for what, one in wrong.items() if one}
    return {resource: one for resource, one in found.items() if one}


@at_both_widths
async def test_every_embed_of_the_benefits_service(browser: Browser, purse: Purse, width: int) -> None:
    assert await looked_at_all(browser, await of_benefits(purse), width) == {}


@at_both_widths
async def test_every_embed_of_the_portfolio_service(browser: Browser, portfolio: Desk, width: int) -> None:
    assert await looked_at_all(browser, await of_portfolio(portfolio), width) == {}


@at_both_widths
async def test_every_embed_of_the_notifications_service(browser: Browser, duties: Duties, width: int) -> None:
    assert await looked_at_all(browser, await of_notifications(duties), width) == {}
