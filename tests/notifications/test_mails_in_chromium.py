"""Mails as their readers see them: rendered in Chromium, light, dark and narrow, and read by axe-core."""

import os
from base64 import b64encode
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize

from gevinst_notifications.clients.mail_texts import MailContent, catalogues, unsubscribe_page
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.domain.wording import Language
from gevinst_notifications.routes.unsubscription import STYLE
from tests.notifications.digest_examples import LETTER, digest_mail
from tests.notifications.test_mail_texts import mail
from tests.support.chromium import chromium, faults

pytestmark = pytest.mark.slow
# Where to keep what was seen, for those who want to look themselves.
PICTURES = os.environ.get("GEVINST_TEST_PICTURES")
WIDE = ViewportSize(width=760, height=900)
NARROW = ViewportSize(width=320, height=700)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


def shown(content: MailContent) -> str:
    """The HTML as a mail program shows it: the picture where it is named."""
    if content.picture is None:
        return content.html
    inline = f"data:image/png;base64,{b64encode(content.picture.png).decode()}"
    return content.html.replace(f"cid:{content.picture.cid}", inline)


async def look(
    browser: Browser, html: str, name: str, *, scheme: str = "light", is_narrow: bool = False
) -> None:
    """Fail where the page reaches out, scrolls sideways, shows no picture, or is not accessible."""
    context = await browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport=NARROW if is_narrow else WIDE
    )
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.set_content(html)
    width = NARROW["width"] if is_narrow else WIDE["width"]
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert not [url for url in asked if not url.startswith(("data:", "about:"))]
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
    assert await faults(page, is_mail=True) == []
    await context.close()


@pytest.mark.parametrize("language", Language)
async def test_every_notice_is_accessible_in_every_language(browser: Browser, language: Language) -> None:
    """Each kind as it is; light, dark, and the width of a telephone take turns over the kinds."""
    turns = cycle([("light", False), ("dark", False), ("light", True), ("dark", True)])
    for kind, (scheme, is_narrow) in zip(NoticeKind, turns, strict=False):
        name = f"{kind}-{language}-{scheme}{'-narrow' if is_narrow else ''}"
        await look(browser, shown(mail(kind, language)), name, scheme=scheme, is_narrow=is_narrow)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("is_narrow", [False, True], ids=["wide", "narrow"])
async def test_a_digest_is_accessible(
    browser: Browser, language: Language, scheme: str, is_narrow: bool
) -> None:
    name = f"digest-{language}-{scheme}{'-narrow' if is_narrow else ''}"

    await look(browser, shown(digest_mail(language)), name, scheme=scheme, is_narrow=is_narrow)


@pytest.mark.parametrize("language", Language)
async def test_long_words_and_long_texts_stay_inside(browser: Browser, language: Language) -> None:
    content = mail(
        NoticeKind.GATE_DECIDED,
        language,
        letter=LETTER,
        project_name="Helseplattformsamordningsprosjektgruppeleder" * 4,
        reason="Kostnaden har økt. " * 200,
    )

    await look(browser, shown(content), f"long-{language}", is_narrow=True)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("address", ["?ticket=abc", None], ids=["asks", "done"])
async def test_the_page_for_stopping_mails_is_accessible(
    browser: Browser, language: Language, address: str | None
) -> None:
    html = unsubscribe_page(
        catalogues()[language], organisation_name="Oslo kommune", address=address, style=STYLE
    )

    await look(browser, html, f"unsubscribe-{language}-{'asks' if address else 'done'}")
