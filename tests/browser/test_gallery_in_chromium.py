"""The gallery of a running house with its examples, as a newcomer sees it."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, ViewportSize
from rich.console import Console

from gevinst_shared.cli.gateway.gallery import MUNICIPALITY, component_integrity, shown_before
from gevinst_shared.cli.house import House, running_house
from gevinst_shared.values.actor import Role
from tests.browser.hosts import chart_faults
from tests.support.chromium import faults
from tests.support.house import house_at
from tests.support.screenshots import load_gallery, loaded

pytestmark = pytest.mark.slow
CHARTS = 10
PAGES = 8
# Every chart and page, the same frame where oEmbed shows one, and what the web component makes.
FRAMES = CHARTS + PAGES + 2
LEADS = {"en": "Gallery", "nb": "Galleri", "nn": "Galleri", "da": "Galleri", "sv": "Galleri"}


@pytest.fixture(scope="module")
async def gallery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[House, str]]:
    """A house with the examples, made a second time: nothing is there twice."""
    home = tmp_path_factory.mktemp("gallery")
    for above in (home, *home.parents[:2]):
        above.chmod(0o755)
    async with running_house(house_at(home / "home"), is_durable=False) as house:
        async with httpx.AsyncClient(trust_env=False) as client:
            before = await client.get(f"{house.base_url}/gallery")
        assert "being loaded" in before.text
        address = await load_gallery(house, Console(quiet=True))
        yield house, address


async def opened(browser: Browser, address: str, *, width: int, language: str, is_dark: bool = False) -> Page:
    context = await browser.new_context(
        viewport=ViewportSize(width=width, height=900),
        locale=language,
        color_scheme="dark" if is_dark else "light",
    )
    page = await context.new_page()
    page.on("console", lambda message: pytest.fail(message.text) if message.type == "error" else None)
    await page.goto(address)
    await loaded(page)
    return page


async def test_every_frame_shows_what_it_is_to_show(browser: Browser, gallery: tuple[House, str]) -> None:
    page = await opened(browser, gallery[1], width=1280, language="en")
    frames = [one for one in page.frames if one is not page.main_frame]
    charts = [one for one in frames if await one.locator("svg").count()]

    assert len(frames) == FRAMES
    assert len(charts) == CHARTS + 2
    for frame in frames:
        assert await frame.locator("h1").count() == 1
        assert await frame.evaluate("document.scripts.length") == 0
    for frame in charts:
        assert await chart_faults(frame) == []
        # the frame is as high as its picture: nothing of it must be scrolled to, a tree's list apart
        beyond = await frame.evaluate(
            "Math.max(...[...document.querySelectorAll('svg')].filter(one => one.getClientRects().length)"
            ".map(one => one.getBoundingClientRect().bottom)) - innerHeight"
        )
        assert beyond <= 0
    pictures = await page.evaluate("[...document.images].map(one => [one.naturalWidth > 0, one.alt])")
    assert [(is_there, bool(re.search("[0-9]", alt))) for is_there, alt in pictures] == [(True, True)] * 2
    assert await page.context.cookies() == []


@pytest.mark.parametrize(("language", "is_dark"), [("en", False), ("nb", True), ("sv", False), ("nn", True)])
@pytest.mark.parametrize("width", [320, 1280])
async def test_the_page_is_in_the_readers_language_and_accessible(
    browser: Browser, gallery: tuple[House, str], width: int, language: str, is_dark: bool
) -> None:
    page = await opened(browser, gallery[1], width=width, language=language, is_dark=is_dark)

    assert await page.locator("html").get_attribute("lang") == language
    inside = {await one.locator("html").get_attribute("lang") for one in page.frames[1:]}
    assert inside == {language}
    assert await faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for frame in page.frames[1:]:
        reach = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await frame.evaluate(reach) <= 0


@pytest.mark.parametrize("language", LEADS)
def test_a_language_can_be_chosen(gallery: tuple[House, str], language: str) -> None:
    answer = httpx.get(f"{gallery[1]}?language={language}", trust_env=False)

    assert answer.headers["content-language"] == language
    assert f"<h1>{LEADS[language]}</h1>" in answer.text
    assert answer.text.count(f'hreflang="{language}" aria-current="true"') == 1
    assert re.search(r"eyJ[\w-]+\.eyJ", answer.text) is None  # no token; a ticket may hold any three letters


async def test_what_is_copied_works_on_a_page_of_the_installation(
    browser: Browser, gallery: tuple[House, str]
) -> None:
    """The snippets, as they stand in <pre>, are what the page itself shows."""
    page = await opened(browser, gallery[1], width=800, language="en")
    copied = await page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.exhibit')].map("
        "one => [one.id, one.querySelector('pre').textContent]))"
    )
    markup = [text for text in copied.values() if text.lstrip().startswith("<")]
    assert len(markup) == CHARTS + PAGES - 3 + 4  # three by ticket; frame, two pictures and component

    async def mine(route: Route) -> None:
        body = f'<!doctype html><html lang="en"><title>Mine</title>{"".join(markup)}'
        await route.fulfill(content_type="text/html", body=body)

    await page.route("**/mine", mine)
    await page.goto(gallery[1].replace("/gallery", "/mine"))
    await loaded(page)

    frames = page.frames[1:]
    assert len(frames) == len(markup) - 2
    assert [await one.locator("main").count() for one in frames] == [1] * len(frames)
    assert await page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")


def test_what_is_copied_into_a_shell_works(
    gallery: tuple[House, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    house, address = gallery
    text = httpx.get(address, trust_env=False).text
    commands = [unescape(one) for one in re.findall(r"<code>(curl .*?)</code>", text, re.DOTALL)]
    office = house.token(Role.PORTFOLIO_OFFICE, MUNICIPALITY, subject="kari-kontor")
    place = tmp_path_factory.mktemp("copied")

    answers = [
        subprocess.run(
            ["/bin/sh", "-c", command.replace("curl ", "curl -sf ")],
            env={"TOKEN": office, "PATH": "/usr/bin:/bin", "no_proxy": "*"},
            cwd=place,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for command in commands
    ]

    assert len(commands) == 5  # three by ticket, the way with a ticket, and the operation itself
    assert sum('"frame"' in answer for answer in answers) == 4
    assert "<svg" in (place / "chart.svg").read_text("utf-8")
    pages = [unescape(one) for one in re.findall(r"<code>(http.*?)</code>", text, re.DOTALL)]
    described = httpx.get(pages[0].splitlines()[1], trust_env=False).json()
    assert described["type"] == "rich"


def test_a_second_time_nothing_is_made(gallery: tuple[House, str]) -> None:
    house, _ = gallery
    settings = house.blueprint.gateway_settings()
    assert settings.gallery is not None
    before = shown_before(settings.gallery)
    counts = _counts(house)

    asyncio.run(load_gallery(house, Console(quiet=True)))

    after = shown_before(settings.gallery)
    assert _counts(house) == counts
    assert {one.resource: one.page for one in after["nb"] if not one.has_ticket} == {
        one.resource: one.page for one in before["nb"] if not one.has_ticket
    }


def _counts(house: House) -> dict[str, int]:
    """How many facts each service has told, and so whether anything has happened."""
    token = house.token(Role.ADMINISTRATOR, MUNICIPALITY)
    found = {}
    for service in ("portfolio", "benefits"):
        number, after = 0, ""
        while True:
            answer = httpx.get(
                f"{house.base_url}/{service}/v1/events?limit=100&wait=0{after}",
                headers={"Authorization": f"Bearer {token}"},
                trust_env=False,
            ).json()
            if not answer["items"]:
                break
            number, after = number + len(answer["items"]), f"&cursor={answer['next_cursor']}"
        found[service] = number
    return found


def test_the_component_is_the_file_that_the_gateway_gives(gallery: tuple[House, str]) -> None:
    text = httpx.get(gallery[1], trust_env=False).text

    assert component_integrity() in text
    assert text.count("<script") == 1
