"""The public page as its readers see it: light and dark, wide and narrow, and read by axe-core."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Any, Literal

import pytest
from playwright.async_api import Browser

from gevinst_portfolio.papers.public_decisions import PublicList, page
from gevinst_shared.papers.wording import LANGUAGES, Words
from tests.support.chromium import chromium, faults

pytestmark = pytest.mark.slow
MOMENT = "2026-11-02T09:00:00.000000Z"
LONG = "Felles_mottak_for_alle_innbyggere_i_hele_kommunen_og_nabokommunene_uten_mellomrom"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


def decision(number: int, **members: Any) -> dict[str, Any]:
    return {
        "id": f"01987654-0000-7000-8000-00000000000{number}",
        "organisation": "0192:958935420",
        "body": "Porteføljestyret",
        "case_number": f"2026/471{number}",
        "decided_on": "2026-11-02",
        "is_withdrawn": False,
        "kind": "approve",
        "projects": [{"name": LONG, "effect": "approved", "start": "2027-01-01"}],
        "notes": [],
        "published_at": MOMENT,
        "updated_at": MOMENT,
    } | members


def full() -> PublicList:
    note = {"kind": "correction", "text": "Saksnummeret er 2026/4700.", "noted_at": MOMENT}
    gone = {"kind": "withdrawal", "text": "Publisert ved en feil.", "noted_at": MOMENT}
    withdrawn = {
        key: value for key, value in decision(3, is_withdrawn=True, notes=[gone]).items() if key != "projects"
    }
    listed = [decision(1), decision(2, notes=[note], until="2027-06-30"), withdrawn]
    return PublicList("Oslo", "0192:958935420", "https://gevinst.example/x", listed, older="abc")


@pytest.mark.parametrize(("scheme", "width"), list(product(("light", "dark"), (900, 320))))
async def test_the_page_is_accessible_and_never_scrolls_sideways(
    browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    context = await browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 700})
    seen = await context.new_page()
    empty = PublicList("Oslo", "0192:958935420", "https://gevinst.example/x", [])

    for language, listed in product(LANGUAGES, (full(), empty)):
        await seen.set_content(page(listed, Words(language, "gevinst_portfolio")))
        assert await seen.evaluate("document.documentElement.scrollWidth") <= width, language
        assert await faults(seen) == [], language
    await context.close()
