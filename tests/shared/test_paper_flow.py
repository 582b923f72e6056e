"""What of a paper stays together on a page, in both forms."""

import io

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn

from gevinst_shared.papers.flow import is_short, leading, row_lines, stays_whole
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.printing import pdf
from gevinst_shared.papers.word_document import docx
from tests.shared.test_tagged_pdf import PICTURE, paper

LONG = "Et langt ord som meldingsformidlingstjenesten, og mer. " * 4


def table(*cells: str) -> Table:
    columns = (Column("Name", 3), Column("Number", is_number=True))
    return Table("All of them", columns, tuple(Row((cell, "1")) for cell in cells))


def pages(*blocks: Block) -> list[str]:
    found = pypdf.PdfReader(io.BytesIO(pdf(paper(*blocks)))).pages
    return [page.extract_text() for page in found]


def test_a_row_is_as_high_as_its_highest_cell() -> None:
    """75 characters stand beside each other in three quarters of the width."""
    found = table("x" * 75, "x" * 76, "x\ny\n\nz", "")

    assert [row_lines(found, row) for row in found.rows] == [1, 2, 4, 1]
    assert is_short(found)
    assert not is_short(table(*(["x"] * 13)))
    assert [stays_whole(found, Row(("x" * count, ""))) for count in (2250, 2251)] == [True, False]


def test_what_leads_up_to_a_table_is_what_stands_between_it_and_its_heading() -> None:
    short, long = Paragraph("x"), Paragraph("x" * 401)
    one = table("x")

    assert leading([Heading("a"), short, Note("x"), one, short]) == {1, 2}
    assert leading([Heading("a"), short, Facts((("a", "b"),))]) == {1}
    assert leading([Heading("a"), short, PICTURE]) == {1}
    assert leading([Heading("a"), long, short, one]) == frozenset()
    assert leading([short, one]) == leading([Heading("a"), one, short, one]) == frozenset()
    assert leading([Heading("a"), short, Heading("b"), one]) == frozenset()


@pytest.mark.parametrize("above", range(20, 40))
def test_neither_heading_nor_sentence_stays_behind_and_no_row_is_cut(above: int) -> None:
    filling = [Paragraph(f"Linje {number}") for number in range(above)]
    rows = table(*(f"Begynner {number} {LONG} slutter {number}" for number in range(12)))

    found = pages(*filling, Heading("Overskrift"), Paragraph("Setningen over."), rows)

    (of_heading,) = [number for number, text in enumerate(found) if "Overskrift" in text]
    assert "Setningen over." in found[of_heading]
    assert "Begynner 0 " in found[of_heading].replace("\n", " ")
    for number in range(12):
        words = (f"Begynner {number} ", f"slutter {number}")
        assert sum(all(word in text.replace("\n", " ") for word in words) for text in found) == 1


def test_a_row_that_is_longer_than_a_page_is_set_all_the_same() -> None:
    found = pages(Heading("A"), table(LONG * 60))

    assert len(found) > 2


def test_a_word_document_keeps_the_same_together() -> None:
    blocks = (Heading("A"), Paragraph("Setningen."), table("x", "y"), table(*(["z"] * 40)), table(LONG * 60))

    document = Document(io.BytesIO(docx(paper(*blocks))))

    short, long, huge = document.tables
    kept = [
        [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in one.rows]
        for one in (short, long)
    ]
    assert kept == [[True, True, None], [True] + [None] * 40]
    assert [bool(row._tr.findall(f".//{qn('w:cantSplit')}")) for row in huge.rows] == [True, False]
    (lead,) = [one for one in document.paragraphs if one.text == "Setningen."]
    assert lead.paragraph_format.keep_with_next


def test_a_word_document_is_set_as_word_of_today_does_with_long_words_broken() -> None:
    document = Document(io.BytesIO(docx(paper(Heading("A"), Facts((("a", "b"),))))))

    settings = document.settings.element
    modes = [
        one for one in settings.iter(qn("w:compatSetting")) if one.get(qn("w:name")) == "compatibilityMode"
    ]
    assert [one.get(qn("w:val")) for one in modes] == ["15"]
    stop = settings.find(qn("w:defaultTabStop"))
    assert stop is not None
    assert stop.getnext().tag == qn("w:autoHyphenation")
    heading = document.styles["Heading 1"].element.pPr
    assert heading.find(qn("w:suppressAutoHyphens")) is not None
