"""The check of tagged PDFs finds what is wrong, and the papers' own template does nothing of it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
import typst
from pypdf.generic import BooleanObject, NameObject, TextStringObject

from gevinst_shared.papers.model import (
    Block,
    Column,
    Facts,
    Figure,
    Heading,
    Note,
    Paper,
    Paragraph,
    Row,
    Table,
)
from gevinst_shared.papers.printing import pdf
from tests.support.tagged_pdf import TaggedPdf, faults

LONG = "Meldingsformidlingstjeneste for kommunehelsetjenesten og de interkommunale samarbeidsorganene. "
PICTURE = Figure(
    "Two.",
    "One is 1, the other is 2.",
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="10"/></svg>',
)


def table(rows: int, text: str = "x") -> Table:
    columns = (Column("Name", 3), Column("Number", is_number=True))
    return Table("All of them", columns, tuple(Row((f"{text}{row}", str(row))) for row in range(rows)))


def paper(*blocks: Block, language: str = "nb") -> Paper:
    made_at = datetime(2026, 3, 2, tzinfo=UTC)
    return Paper(language, "Sak 1", "", "Kari", made_at, "Side {page} av {pages}", "a", blocks)


def whole() -> Paper:
    facts = Facts((("Prosjekt", "Digital post"), ("Ansvarlig", "Kari\nOla")))
    return paper(
        Heading("Én"), facts, Note("Viktig"), Paragraph(LONG), table(60, LONG), Heading("To", 2), PICTURE
    )


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def element(writer: Any, kind: str) -> Any:
    """The first tag of a kind."""

    def walk(node: Any) -> Any:
        node = node.get_object()
        if isinstance(node, list):
            return next((found for child in node if (found := walk(child)) is not None), None)
        if not isinstance(node, dict) or "/S" not in node:
            return None
        return node if node["/S"] == kind else walk(node["/K"]) if "/K" in node else None

    return walk(writer.root_object["/StructTreeRoot"]["/K"])


def test_a_paper_of_everything_has_no_fault_and_is_read_in_its_order() -> None:
    content = pdf(whole())

    assert faults(content, "nb") == []
    said = TaggedPdf(content).spoken()
    assert said[:8] == [
        ("/P", "Sak 1"),
        ("/H1", "Én"),
        ("/LI", "Prosjekt Digital post"),
        ("/LI", "Ansvarlig Kari Ola"),
        ("/P", "Viktig"),
        ("/P", LONG.strip()),
        ("/Caption", "All of them"),
        ("/TH", "Name"),
    ]
    cells = [text for kind, text in said if kind == "/TD"]
    assert cells == [part for row in range(60) for part in (f"{LONG}{row}", str(row))]
    assert said[-3:] == [("/H2", "To"), ("/Caption", "Two."), ("/Figure", PICTURE.alternative)]


def test_the_header_of_a_table_is_on_each_of_its_pages_and_read_once() -> None:
    content = pdf(paper(Heading("Én"), table(120)))

    found = pypdf.PdfReader(io.BytesIO(content))
    assert len(found.pages) >= 3
    assert all("Number" in page.extract_text() for page in found.pages)
    heads = [text for kind, text in TaggedPdf(content).spoken() if kind == "/TH"]
    assert heads == ["Name", "Number"]


def test_what_is_not_tagged_at_all_is_found() -> None:
    content = typst.compile(b"= One\n#text(fill: red)[Two]", format="pdf", pdf_tags=False)

    found = faults(content)

    for fault in ("not marked as tagged", "no structure", "no title", "no heading"):
        assert fault in found
    assert any("outside of any tag" in fault for fault in found)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda writer: writer.root_object.pop("/Lang"), "no language"),
        (lambda writer: writer.root_object.pop("/Metadata"), "title not in the metadata"),
        (lambda writer: writer.root_object.pop("/ViewerPreferences"), "title not shown"),
        (
            lambda writer: writer.root_object["/MarkInfo"].update(
                {NameObject("/Marked"): BooleanObject(False)}
            ),
            "not marked as tagged",
        ),
        (lambda writer: element(writer, "/Figure").pop("/Alt"), "a figure without text"),
        (
            lambda writer: element(writer, "/Figure").update({NameObject("/Alt"): TextStringObject(" ")}),
            "a figure without text",
        ),
        (lambda writer: element(writer, "/TH").pop("/A"), "a header cell without scope"),
        (
            lambda writer: element(writer, "/TH").update({NameObject("/S"): NameObject("/TD")}),
            "a cell of a header that is not there",
        ),
        (lambda writer: element(writer, "/TR")["/K"].pop(), "same number of cells"),
        (
            lambda writer: element(writer, "/H1").update({NameObject("/S"): NameObject("/H3")}),
            "/H3 after a heading of level 0",
        ),
        (lambda writer: element(writer, "/H1").pop("/K"), "nowhere in the tree"),
        (lambda writer: writer.pages[0].pop("/StructParents"), "page 1: not among"),
        (
            lambda writer: element(writer, "/LBody").update({NameObject("/S"): NameObject("/Odd")}),
            "/Odd is no tag",
        ),
    ],
)
def test_each_fault_that_is_put_in_is_found(change: Callable[[Any], None], fault: str) -> None:
    content = pdf(whole())

    found = faults(changed(content, change))

    assert any(fault in one for one in found), found
