"""The system's Chromium, in which pages and mails are looked at as their readers see them.

On Debian and its relatives the package is installed where it is missing and we are root.
"""

import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from tests.support import packages

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Rules for whole pages that a document in a mail program does not stand under: it has no landmarks there.
_NOT_IN_MAIL = ("region", "landmark-one-main")


def program() -> str:
    """Where Chromium is: named in GEVINST_TEST_CHROMIUM, or the system's, installed where it is missing."""
    named = os.environ.get("GEVINST_TEST_CHROMIUM")
    if named:
        return named
    found = packages.found(_find, "chromium")
    if found is None:
        sys.exit("Mails are looked at in Chromium: install it, or name it in GEVINST_TEST_CHROMIUM.")
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running Chromium without a window; it reaches nothing by itself."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program(),
            args=["--no-sandbox", "--disable-gpu"] if os.geteuid() == 0 else ["--disable-gpu"],
        )
        try:
            yield browser
        finally:
            await browser.close()


async def faults(page: Page, *, is_mail: bool = False) -> list[str]:
    """What axe-core finds that is not accessible on the page: rule, and where."""
    rules = {rule: {"enabled": False} for rule in _NOT_IN_MAIL} if is_mail else {}
    found = await Axe().run(page, options={"rules": rules, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found.response["violations"]
    ]


def _find() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
