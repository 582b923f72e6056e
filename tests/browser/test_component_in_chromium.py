"""`<gevinst-embed>` on a page of others: tickets from that page's own server, a frame with a name."""

import re
from base64 import b64encode
from hashlib import sha384
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.benefits.purse import Purse
from tests.browser.hosts import COMPONENT, INTRANET, OURS, visit
from tests.support.chromium import faults
from tests.support.tree import ROOT

pytestmark = pytest.mark.slow
INTEGRITY = f"sha384-{b64encode(sha384(COMPONENT.read_bytes()).digest()).decode()}"
SCRIPT = f'<script src="{OURS}/embed.js" integrity="{INTEGRITY}" crossorigin="anonymous"></script>'
FRAME = "document.querySelector('gevinst-embed').shadowRoot.querySelector('iframe')"


def element(**attributes: str) -> str:
    written = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<gevinst-embed {written}></gevinst-embed>{SCRIPT}"


def body(purse: Purse) -> dict[str, Any]:
    path = f"/portfolios/{purse.world.portfolio_id}/charts/planned-against-realised"
    return {"resource": path, "origins": [INTRANET]}


def test_the_guide_names_the_files_hash() -> None:
    guide = (ROOT / "docs" / "embedding.md").read_text("utf-8")

    assert set(re.findall(r"sha384-[A-Za-z0-9+/=]{64}", guide)) == {INTEGRITY}


async def test_the_component_shows_a_published_embed(browser: Browser, purse: Purse) -> None:
    published = (await purse.world.office.post("/embeds", json=body(purse))).json()
    async with visit(browser, {"benefits": purse.world.desk}) as visited:
        frame = await visited.frame("", markup=element(src=published["page"], label="What came of it"))
        assert frame is not None
        heading = await frame.locator("h1").text_content()
        name, sandbox = await visited.page.evaluate(f"[{FRAME}.title, {FRAME}.getAttribute('sandbox')]")
        found = await faults(visited.page)
        await visited.picture("component")

    assert (heading, name, sandbox) == ("Planned against realised", "What came of it", "")
    assert found == []
    assert visited.said == []


async def test_the_component_asks_the_pages_own_server_and_renews_before_the_end(
    browser: Browser, purse: Purse
) -> None:
    given: list[str] = []

    async def ticket() -> dict[str, str]:
        # Over in less than the component looks ahead: the next one is asked for as soon as may be.
        answer = (await purse.finance.post("/embed-tickets", json=body(purse) | {"seconds": 10})).json()
        given.append(answer["ticket"])
        return {name: answer[name] for name in ("page", "expires_at", "title")}

    async with visit(browser, {"benefits": purse.world.desk}, tickets=ticket) as visited:
        frame = await visited.frame("", markup=element(src=f"{OURS}/", ticket_from="/ticket"))
        assert frame is not None
        name = await visited.page.evaluate(f"{FRAME}.title")
        first = await visited.page.evaluate(f"{FRAME}.src")
        await visited.page.wait_for_function(f"{FRAME}.src !== {first!r}", timeout=15_000)

    assert name == "Planned against realised"
    assert len(set(given)) >= 2


@pytest.mark.parametrize(
    ("attributes", "complaint"),
    [
        ({"src": f"{OURS}/benefits/v1/embedded/page"}, "a label is missing"),
        ({"src": f"{OURS}/", "ticket_from": "/ticket", "label": "Chart"}, "ticket-from answered 503"),
    ],
)
async def test_the_component_says_what_is_wrong(
    browser: Browser, purse: Purse, attributes: dict[str, str], complaint: str
) -> None:
    async with visit(browser, {"benefits": purse.world.desk}) as visited:
        await visited.frame("", markup=element(**attributes))
        text = await visited.page.locator("gevinst-embed p").text_content()
        found = await faults(visited.page)

    assert "could not be loaded" in (text or "")
    assert any(complaint in one for one in visited.said)
    assert found == []


async def test_a_ticket_goes_to_the_installation_that_the_page_named_only(
    browser: Browser, purse: Purse
) -> None:
    async def elsewhere() -> dict[str, str]:
        return {"page": "https://foreign.example/", "expires_at": "2099-01-01T00:00:00Z", "title": "Chart"}

    async with visit(browser, {"benefits": purse.world.desk}, tickets=elsewhere) as visited:
        frame = await visited.frame("", markup=element(src=f"{OURS}/", ticket_from="/ticket"))
        frames = len(visited.page.frames)

    assert frame is None
    assert frames == 1
