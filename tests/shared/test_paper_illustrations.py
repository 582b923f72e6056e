"""Charts in papers: drawn by the same processes as everywhere; a picture never stops a paper."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest

from gevinst_shared.charts.chart import Branch, Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import PictureNotDrawn, PicturesBusy, Renderer
from gevinst_shared.charts.specification import vega_lite
from gevinst_shared.charts.svg import OddPicture
from gevinst_shared.charts.themes import HOUSE, Theme
from gevinst_shared.papers.illustrations import illustrated, illustration, view_for_print
from gevinst_shared.papers.model import Block, Figure, Illustration, Note, Paper, Paragraph
from gevinst_shared.papers.model import Table as PaperTable
from gevinst_shared.papers.printing import pdf
from gevinst_shared.papers.word_document import docx
from gevinst_shared.papers.wording import LANGUAGES, Words
from tests.support.paper_reading import docx_text, pdf_text, tags

PACKAGE = "gevinst_benefits"


def chart(language: str = "nb", *, rows: int = 2, outline: tuple[Branch, ...] = ()) -> Chart:
    view = view_for_print(Words(language, PACKAGE), HOUSE)
    specification = vega_lite(view, "To stolper", ["A er 3, B er 5."], height=120)
    specification |= {
        "data": {"values": [{"a": "A", "b": 3}, {"a": "B", "b": 5}]},
        "mark": "bar",
        "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a", "type": "nominal"}},
    }
    table = Table("To stolper", ("Navn", "Tall"), tuple((f"Rad {n}", str(n)) for n in range(rows)))
    spoken = ("A er 3, B er 5.", Grammar.VEGA_LITE, specification, (table,), ["C mangler."], outline)
    return Chart("bars", language, "To stolper", *spoken)


def block(found: Chart, language: str = "nb") -> Block:
    words = Words(language, PACKAGE)
    return illustration(found, view_for_print(words, HOUSE), words)


def paper(*blocks: Block, language: str = "nb") -> Paper:
    made_at = datetime(2026, 3, 2, tzinfo=UTC)
    return Paper(language, "Et papir", "", "Kari", made_at, "Side {page} av {pages}", "a", blocks)


class Failing:
    """A house that cannot draw now."""

    def __init__(self, refusal: type[Exception]) -> None:
        self._refusal = refusal

    async def svg(self, chart: Chart, theme: Theme) -> bytes:
        raise self._refusal


class Drawn:
    """A house whose pictures are of a size."""

    def __init__(self, width: int, height: int) -> None:
        self._size = f'width="{width}" height="{height}"'

    async def svg(self, chart: Chart, theme: Theme) -> bytes:
        return f'<svg xmlns="http://www.w3.org/2000/svg" {self._size}><rect width="9"/></svg>'.encode()


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    made = Pictures(Renderer(processes=1), room=10_000_000)
    yield made
    await made.close()


@pytest.mark.slow
async def test_a_chart_is_drawn_in_the_papers_typeface_with_its_words_beside_it(pictures: Pictures) -> None:
    """The title and the message are the caption's, and the alternative text the chart's own description."""
    drawn, is_whole = await illustrated(paper(Paragraph("Før"), block(chart())), pictures)

    (figure,) = (one for one in drawn.blocks if isinstance(one, Figure))
    assert is_whole
    assert "Libertinus Serif" in figure.svg
    assert figure.svg.count("A er 3, B er 5.") == 1  # its description; not drawn
    assert (figure.caption, figure.said) == ("To stolper.", "A er 3, B er 5.")
    assert figure.alternative == "A er 3, B er 5. C mangler."
    for text in (pdf_text(pdf(drawn)), docx_text(docx(drawn))):
        assert "To stolper. A er 3, B er 5." in text


@pytest.mark.slow
async def test_the_same_paper_has_the_same_bytes(pictures: Pictures) -> None:
    again = Pictures(Renderer(processes=1), room=0)
    try:
        first, _ = await illustrated(paper(block(chart())), pictures)
        second, _ = await illustrated(paper(block(chart())), again)
    finally:
        await again.close()

    assert pdf(first) == pdf(second)
    assert docx(first) == docx(second)
    found = tags(pdf(first))
    assert [str(one["/Alt"]) for one in found if one["/S"] == "/Figure"] == ["A er 3, B er 5. C mangler."]


@pytest.mark.parametrize("refusal", [PicturesBusy, PictureNotDrawn, OddPicture, TimeoutError])
async def test_a_paper_comes_with_the_table_when_a_picture_does_not(refusal: type[Exception]) -> None:
    """B6: what is missing is said."""
    drawn, is_whole = await illustrated(paper(block(chart())), Failing(refusal))

    assert not is_whole
    for text in (pdf_text(pdf(drawn)), docx_text(docx(drawn))):
        assert "To stolper vises ikke som bilde her. A er 3, B er 5. C mangler." in text
        assert "Rad 0" in text
        assert "Rad 1" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_large_table_instead_of_a_picture_says_how_much_of_it_is_not_shown(language: str) -> None:
    found = block(chart(language, rows=70), language)

    assert isinstance(found, Illustration)
    note, table, more = found.instead
    assert isinstance(note, Note)
    assert isinstance(table, PaperTable)
    assert len(table.rows) == 40
    assert isinstance(more, Paragraph)
    assert more.text.endswith(": 30.")


def test_a_tree_that_is_not_drawn_is_told_as_a_list() -> None:
    tree = (Branch("Mål", (Branch("Mindre porto"), Branch("Færre klager"))),)

    found = block(chart(outline=tree))

    assert isinstance(found, Illustration)
    assert Paragraph("Mål\n– Mindre porto\n– Færre klager") in found.instead


@pytest.mark.parametrize(
    ("width", "height", "share"), [(720, 300, 1.0), (360, 300, 0.5), (720, 1280, 0.77), (1100, 600, 1.0)]
)
async def test_a_picture_fits_on_a_page(width: int, height: int, share: float) -> None:
    drawn, _ = await illustrated(paper(block(chart())), Drawn(width, height))

    (figure,) = drawn.blocks
    assert isinstance(figure, Figure)
    assert figure.share == pytest.approx(share, abs=0.01)
    assert len(pypdf.PdfReader(io.BytesIO(pdf(drawn))).pages) <= 2


async def test_a_wide_picture_stands_sideways() -> None:
    """A tree of six columns is 1400 pixels wide: its text is larger along the page than across it."""
    drawn, _ = await illustrated(paper(block(chart())), Drawn(1400, 500))

    (figure,) = drawn.blocks
    assert isinstance(figure, Figure)
    assert "rotate(-90)" in figure.svg
    assert figure.share == pytest.approx(500 * 640 / 1400 / 470, abs=0.01)


@pytest.mark.parametrize("size", [(3000, 600), (640, 4000)])
async def test_a_picture_that_nobody_could_read_is_a_table(size: tuple[int, int]) -> None:
    """The paper is whole: it will be no other tomorrow."""
    drawn, is_whole = await illustrated(paper(block(chart())), Drawn(*size))

    assert is_whole
    assert "vises ikke som bilde her" in pdf_text(pdf(drawn))


def test_a_chart_of_nothing_is_a_sentence() -> None:
    view = view_for_print(Words("nb", PACKAGE), HOUSE)

    assert block(empty_chart(view, "bars", "To stolper", "Ingenting ennå.")) == Paragraph("Ingenting ennå.")


def test_print_is_light_without_the_logo_and_in_the_organisations_colours() -> None:
    own = Theme(("#003366",), ("#88bbff",), font="Oslo Sans", logo=b"png")

    view = view_for_print(Words("nb", PACKAGE), own)

    assert view.theme == replace(own, font="Libertinus Serif", logo=None)
    assert not view.is_dark
