"""Mails as their readers see them: rendered in Chromium, light, dark and narrow, and read by axe-core."""

import os
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize

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
VIEWS = ("light", "dark", "light-narrow", "dark-narrow")


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


@dataclass(frozen=True, slots=True)
class View:
    """A page of one colour scheme and width, in which one mail after the other is looked at."""

    page: Page
    width: int
    asked: list[str] = field(default_factory=list)

    async def look(self, html: str, name: str) -> None:
        """Fail where what is shown reaches out, scrolls sideways or lacks its picture."""
        await self.page.set_content(html)
        if PICTURES:
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
        assert not [url for url in self.asked if not url.startswith(("data:", "about:"))], name
        assert await self.page.evaluate("document.documentElement.scrollWidth") <= self.width, name
        assert await self.page.evaluate("[...document.images].every(one => one.naturalWidth > 0)"), name


@pytest.fixture(params=VIEWS)
async def view(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[View]:
    viewport = NARROW if request.param.endswith("narrow") else WIDE
    context = await browser.new_context(
        color_scheme="dark" if request.param.startswith("dark") else "light", viewport=viewport
    )
    view = View(await context.new_page(), viewport["width"])
    view.page.on("request", lambda request: view.asked.append(request.url))
    yield view
    await context.close()


async def test_every_notice_looks_right_in_every_language(view: View, request: pytest.FixtureRequest) -> None:
    """Each language takes its turn in every view; the words differ, the form does not."""
    turn = list(VIEWS).index(request.node.callspec.params["view"])
    for number, (kind, language) in enumerate(product(NoticeKind, Language)):
        if number % len(VIEWS) == turn:
            await view.look(shown(mail(kind, language)), f"{kind}-{language}-{view.width}")


async def test_every_notice_is_accessible(view: View, request: pytest.FixtureRequest) -> None:
    """axe-core reads each kind, and each language in each view."""
    turn = list(VIEWS).index(request.node.callspec.params["view"])
    for number, kind in enumerate(NoticeKind):
        if number % len(VIEWS) == turn:
            language = list(Language)[number // len(VIEWS) % len(Language)]
            await view.page.set_content(shown(mail(kind, language)))
            assert await faults(view.page, is_mail=True) == [], (kind, language)


async def test_a_digest_looks_right_and_is_accessible(view: View) -> None:
    for language in Language:
        await view.look(shown(digest_mail(language)), f"digest-{language}-{view.width}")
    assert await faults(view.page, is_mail=True) == []


async def test_long_words_and_long_texts_stay_inside(view: View) -> None:
    content = mail(
        NoticeKind.GATE_DECIDED,
        Language.NB,
        letter=LETTER,
        project_name="Helseplattformsamordningsprosjektgruppeleder" * 4,
        reason="Kostnaden har økt. " * 200,
    )

    await view.look(shown(content), f"long-{view.width}")
    assert await faults(view.page, is_mail=True) == []


@pytest.mark.parametrize("address", ["?ticket=abc", None], ids=["asks", "done"])
async def test_the_page_for_stopping_mails_is_accessible(view: View, address: str | None) -> None:
    for language in Language:
        html = unsubscribe_page(
            catalogues()[language], organisation_name="Oslo kommune", address=address, style=STYLE
        )
        await view.look(html, f"unsubscribe-{language}-{bool(address)}-{view.width}")
    assert await faults(view.page) == []
