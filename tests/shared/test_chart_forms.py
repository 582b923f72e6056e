"""Pictures and pages of charts: they speak, they reach nowhere, and everybody can see them."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import product
from string import Formatter
from xml.etree.ElementTree import fromstring

import pytest
from playwright.async_api import Browser

from gevinst_shared.charts.chart import Branch, Table
from gevinst_shared.charts.page import CONTENT_SECURITY_POLICY, page
from gevinst_shared.charts.specification import View, mixed
from gevinst_shared.charts.svg import OddPicture, finished
from gevinst_shared.charts.themes import DARK, HOUSE, LIGHT, PaleColour, Scheme, Theme, contrast, refuse_pale
from gevinst_shared.charts.words import TAGS, Words
from tests.shared.test_chart_renderer import chart
from tests.support.chromium import chromium, faults
from tests.support.tree import PACKAGES

SERVICES = ("gevinst_portfolio", "gevinst_benefits")
HOSTILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" '
    'height="10" onload="run()"><script>run()</script><a xlink:href="https://x.example"><text>x</text></a>'
    '<image href="https://x.example/p.png"/><g aria-label="b: 3" style="fill:url(https://x.example)">'
    '<path fill="url(#inside)" d="M0 0"/></g></svg>'
)


def test_a_picture_is_named_and_described_and_holds_nothing_that_runs_or_leads_away() -> None:
    picture = finished(HOSTILE, chart(notes=["Tre mangler."]), HOUSE)

    root = fromstring(picture)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")
    assert [element.text for element in root[:2]] == ["To stolper", "A er 3, B er 5. Tre mangler."]
    assert not any(word in picture for word in ("script", "onload", "x.example", "aria-label="))
    assert "url(#inside)" in picture


def test_what_is_no_picture_is_a_fault() -> None:
    with pytest.raises(OddPicture):
        finished("<svg", chart(), HOUSE)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_houses_colours_stand_out(scheme: Scheme) -> None:
    """WCAG 1.4.3 and 1.4.11."""
    for text in (scheme.text, scheme.muted):
        assert contrast(text, scheme.surface) >= 4.5
    for colour in (*scheme.colours, scheme.good, scheme.bad):
        assert contrast(colour, scheme.surface) >= 3
        # What stands on a mark: the names of a tree on its pale boxes, of a current phase on its own colour.
        assert contrast(scheme.surface, colour) >= 3
        assert contrast(scheme.text, mixed(colour, scheme.surface, 0.3)) >= 4.5


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_an_organisations_pale_colour_is_refused_with_its_place() -> None:
    with pytest.raises(PaleColour) as refused:
        refuse_pale(Theme(light=("#1f5fa8", "#ffe08a")))

    assert refused.value.pointer == "/body/light/1"
    refuse_pale(Theme(light=("#1f5fa8",), dark=("#ffe08a",)))


def test_an_organisations_colours_come_first_and_the_house_fills_up() -> None:
    scheme = Theme(light=("#7a0019",)).scheme(is_dark=False)

    assert scheme.colours == ("#7a0019", *LIGHT.colours[1:])


@pytest.mark.parametrize(
    ("language", "number", "money", "share"),
    [
        ("en", "−1,234.5", "1.23 million NOK", "50%"),
        ("nb", "−1\u00a0234,5", "1,23\u00a0mill.\u00a0kr", "50\u00a0%"),
        ("nn", "−1\u00a0234,5", "1,23\u00a0mill.\u00a0kr", "50\u00a0%"),
        ("da", "−1.234,5", "1,23\u00a0mio.\u00a0NOK", "50\u00a0%"),
        ("sv", "−1\u00a0234,5", "1,23\u00a0mn\u00a0NOK", "50\u00a0%"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(
    language: str, number: str, money: str, share: str
) -> None:
    words = Words(language, {})

    assert words.number(Decimal("-1234.5"), places=2) == number
    assert (
        words.money(Decimal(1_234_567), "NOK")
        .replace("million\u00a0", "million ")
        .replace("1.23\u00a0", "1.23 ")
        == money
    )
    assert words.percent(Decimal("0.5")) == share


@pytest.mark.parametrize(("service", "language"), list(product(SERVICES, TAGS)))
def test_every_sentence_of_a_chart_is_there_in_every_language(service: str, language: str) -> None:
    folder = PACKAGES[service] / "texts" / "charts"
    english = json.loads((folder / "en.json").read_text("utf-8"))

    texts = json.loads((folder / f"{language}.json").read_text("utf-8"))

    assert texts.keys() == english.keys()
    for code, text in texts.items():
        assert text.strip(), code
        assert _placeholders(text) == _placeholders(english[code]), code
        if language != "en" and len(text) > 25:
            assert text != english[code], code


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_text_wraps_inside_the_picture() -> None:
    view = View(Words("nb", {}), width=320)

    lines = view.lines("Felles saksbehandlingsløsning med journalføringsplikt og arkivintegrasjon" * 2)

    assert len(lines) > 1


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize(("colours", "width"), [("light", 960), ("dark", 320)])
async def test_the_table_is_a_page_that_everybody_can_read(
    browser: Browser, colours: str, width: int
) -> None:
    """axe-core finds nothing, nothing scrolls sideways at 320 pixels, and nothing is asked for elsewhere."""
    rows = tuple((f"Helseplattformsamordningsprosjektgruppeleder {n}", "1 234 567,89", "–") for n in range(9))
    wide = Table("Tall i NOK", ("Navn", "Planlagt", "Realisert"), rows, numeric=frozenset({1, 2}))
    outline = (Branch("Mål", (Branch("Lenger hjemme", (Branch("fører til <b>ro</b>"),)),)),)
    html = page(chart(tables=(wide,), outline=outline, notes=["Tre mangler."]))
    context = await browser.new_context(
        color_scheme="dark" if colours == "dark" else "light", viewport={"width": width, "height": 800}
    )
    opened = await context.new_page()
    asked: list[str] = []

    async def serve(route: object) -> None:
        await route.fulfill(  # type: ignore[attr-defined]
            body=html,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY},
        )

    opened.on("request", lambda request: asked.append(request.url))
    await opened.route("**/*", serve)
    await opened.goto("https://charts.test/table")

    assert await faults(opened) == []
    assert await opened.evaluate("document.documentElement.scrollWidth") <= width
    # The style stands under the policy: without it the page would be white on both.
    assert await opened.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(21, 25, 30)" if colours == "dark" else "rgb(255, 255, 255)"
    )
    assert await opened.locator("table caption").count() == 1
    assert await opened.locator("th[scope=col]").count() == 3
    assert await opened.locator("th[scope=row]").count() == 9
    assert asked == ["https://charts.test/table"]
    await context.close()
