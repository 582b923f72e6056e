"""Make the pictures of the documentation: `python -m tests.support.screenshots [address]`.

Without the address of a running installation that has its examples, a house is started for them. The
pictures are the gallery and some of its charts in the system's Chromium, on a wide screen and a narrow one.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize
from rich.console import Console

from gevinst_shared.cli.gallery.example import make_example
from gevinst_shared.cli.gateway.gallery import MUNICIPALITY
from gevinst_shared.cli.house import House, running_house
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.support.chromium import chromium
from tests.support.house import house_at
from tests.support.tree import ROOT

PICTURES = ROOT / "docs" / "pictures"
SCREENS = {"wide": ViewportSize(width=1280, height=900), "narrow": ViewportSize(width=360, height=800)}
# A tree on a narrow screen is read as the list below it.
CHARTS = {
    "wide": ("benefit-tree", "planned-against-realised", "load-map", "tornado"),
    "narrow": ("planned-against-realised", "load-map", "tornado"),
}


async def load_gallery(house: House, console: Console) -> str:
    """Make the examples in the house; the address of its gallery."""

    def token_of(role: Role, subject: str) -> str:
        return house.token(role, MUNICIPALITY, subject=subject)

    settings = house.blueprint.gateway_settings()
    await make_example(house.base_url, token_of, settings, console, today=utc_now().date())
    return f"{house.settings.public_url}/gallery"


async def loaded(page: Page) -> None:
    """Scroll through the page, so that every frame on it is there."""
    for place in range(await page.locator("iframe").count()):
        frame = page.locator("iframe").nth(place)
        await frame.scroll_into_view_if_needed()
        handle = await frame.element_handle()
        inside = await handle.content_frame()
        assert inside is not None
        await inside.wait_for_selector("main")
    await page.wait_for_load_state("networkidle")


async def make_pictures(browser: Browser, address: str) -> None:
    for screen, size in SCREENS.items():
        context = await browser.new_context(viewport=size, locale="en", color_scheme="light")
        page = await context.new_page()
        await page.goto(f"{address}?language=en")
        await loaded(page)
        for chart in CHARTS[screen]:
            await page.locator(f"#{chart} .embed").scroll_into_view_if_needed()
            await page.wait_for_timeout(500)  # frames are painted by themselves
            await page.locator(f"#{chart} .embed").screenshot(path=PICTURES / f"{chart}-{screen}.png")
        await page.evaluate("scrollTo(0, 0)")
        await page.wait_for_timeout(500)
        await page.screenshot(path=PICTURES / f"gallery-{screen}.png")
        await context.close()


@asynccontextmanager
async def _gallery(addresses: list[str]) -> AsyncIterator[str]:
    if addresses:
        yield addresses[0]
        return
    with tempfile.TemporaryDirectory(prefix="gevinst-") as name:
        os.chmod(name, 0o711)  # the database's account passes through
        async with running_house(house_at(Path(name) / "home"), is_durable=False) as house:
            yield await load_gallery(house, Console())


async def _main(addresses: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    async with _gallery(addresses) as address, chromium() as browser:
        await make_pictures(browser, address)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
