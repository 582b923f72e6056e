"""Papers as Word documents: real headings, marked header rows, a language, texts for pictures."""

import io
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst_shared.papers.model import Figure
from gevinst_shared.papers.word_document import docx
from gevinst_shared.papers.wording import LANGUAGES, TAGS
from tests.benefits.paper_facts import HOSTILE, benefit_facts, gate_facts, gate_paper
from tests.support import office
from tests.support.paper_reading import docx_text, pdf_text

# The order that the standard (ISO/IEC 29500-1) gives the properties; Word refuses another.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pBdr shd tabs spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW shd",
}


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_says_its_language_title_and_author(language: str) -> None:
    document = opened(docx(gate_paper(gate_facts(), language)))

    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = document.core_properties
    assert {one.get(qn("w:val")) for one in defaults.iter(qn("w:lang"))} == {TAGS[language]}
    assert properties.language == TAGS[language]
    assert properties.title.endswith("BP2: Digital post")
    assert properties.author == "Kari Nordmann"
    assert (properties.created.isoformat(), properties.comments) == ("2026-03-02T09:30:00+00:00", "")


def test_headings_are_headings_and_each_table_has_one_marked_header_row() -> None:
    document = opened(docx(gate_paper(gate_facts(), "nb")))

    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings[:2] == ["Tilråding", "Hva som er endret siden forrige beslutningspunkt"]
    assert [one.text for one in document.paragraphs if one.style.name == "Title"] == [
        "Beslutningsgrunnlag BP2: Digital post"
    ]
    headers = [len(table._tbl.findall(f".//{qn('w:tblHeader')}")) for table in document.tables]
    assert headers.count(1) == 11
    assert headers.count(0) == 3  # pairs of label and value


def test_the_picture_has_a_text_in_numbers() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="10"/></svg>'
    )
    picture = Figure("Two", "One is 1, the other is 2.", svg, share=0.5)
    whole = gate_paper(gate_facts(), "en")

    document = opened(docx(replace(whole, blocks=(*whole.blocks, picture))))

    assert [one.get("descr") for one in document.element.iter(qn("wp:docPr"))] == [picture.alternative]
    assert [one.width.mm for one in document.inline_shapes] == [pytest.approx(83, abs=0.1)]


def test_pages_are_numbered_in_the_readers_words() -> None:
    footer = opened(docx(gate_paper(gate_facts(), "da"))).sections[0].footer

    fields = [one.text.strip() for one in footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert footer.paragraphs[0].text.endswith("Side 1 af 1")


def test_properties_stand_in_the_order_that_word_wants() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(gate_paper(gate_facts(), "en")))) as package:
        parts = [ElementTree.fromstring(package.read(f"word/{name}.xml")) for name in ("document", "styles")]

    for name, order in ORDERS.items():
        place = {qn(f"w:{member}"): number for number, member in enumerate(order.split())}
        for properties in (found for part in parts for found in part.iter(qn(f"w:{name}"))):
            places = [place[member.tag] for member in properties if member.tag in place]
            assert all(first < second for first, second in pairwise(places)), ElementTree.tostring(properties)


def test_the_same_paper_gives_the_same_bytes() -> None:
    made = gate_paper(gate_facts(), "sv")

    assert docx(made) == docx(made)


@settings(max_examples=20)
@given(st.text(max_size=80))
def test_any_text_can_be_written(text: str) -> None:
    facts = gate_facts(project=text, proposer=text, benefits={"a": benefit_facts(text, owner=text)})

    content = docx(gate_paper(facts, "en"))

    assert opened(content).paragraphs


@pytest.mark.slow
def test_libreoffice_opens_the_document_and_reads_the_same(tmp_path: Path) -> None:
    facts = gate_facts(project=" ".join(HOSTILE))
    content = docx(gate_paper(facts, "nn"))

    text = pdf_text(office.printed(content, tmp_path))

    for said in ("Kva som er endra", "−292 557", facts.basis_sha256[:40], '#import "x"', "<w:br/>&amp;"):
        assert said in text
        assert said in docx_text(content)
    assert "Side 1 av" in text
