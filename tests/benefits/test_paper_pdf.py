"""Papers as PDF: tagged for those who cannot see them, and safe from whatever users wrote."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from gevinst_shared.papers.printing import pdf, png
from gevinst_shared.papers.typefaces import REPERTOIRE, plain, printable
from gevinst_shared.papers.wording import LANGUAGES
from tests.benefits.paper_facts import HOSTILE, benefit_facts, gate_facts, gate_paper
from tests.support.paper_reading import catalogue, pdf_text, tags

PICTURE = Figure(
    "Two",
    "One is 1, the other is 2.",
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="10"/></svg>',
)


def paper(*blocks: Block, title: str = "A paper") -> Paper:
    made_at = datetime(2026, 3, 2, tzinfo=UTC)
    return Paper("en", title, "", "Kari", made_at, "Page {page} of {pages}", "a", blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_says_its_language_and_title(language: str) -> None:
    content = pdf(gate_paper(gate_facts(), language))

    reader = pypdf.PdfReader(io.BytesIO(content))
    root = catalogue(content)
    assert root["/MarkInfo"]["/Marked"].value is True
    assert str(root["/Lang"]).startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert str(reader.metadata.title).endswith("BP2: Digital post")
    assert reader.metadata.author == "Kari Nordmann"


def test_headings_tables_header_cells_and_pictures_have_their_tags() -> None:
    whole = gate_paper(gate_facts(), "nb")
    found = tags(pdf(replace(whole, blocks=(*whole.blocks, PICTURE))))

    kinds = [element["/S"] for element in found]
    assert kinds.count("/H1") == 7
    assert kinds.count("/Table") == kinds.count("/THead") == 11
    assert kinds.count("/TH") > 30
    alternatives = [str(element["/Alt"]) for element in found if "/Alt" in element]
    assert set(alternatives) == {PICTURE.alternative}


def test_every_character_of_the_repertoire_can_be_set() -> None:
    characters = [chr(one) for first, last in REPERTOIRE for one in range(first, last + 1)]
    lines = [" ".join(characters[start : start + 40]) for start in range(0, len(characters), 40)]

    content = pdf(paper(*(Paragraph(line) for line in lines)))

    text = pdf_text(content)
    assert all(one in text for one in "æøåöäÆØÅÖÄðþŋšč−€½→≤Ωж")


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_can_be_set_anywhere(texts: list[str]) -> None:
    blocks: list[Block] = []
    for text in texts:
        blocks += [Heading(text), Paragraph(text), Note(text), Facts(((text, text),))]
    table = Table(texts[0], (Column(texts[0]),), tuple(Row((text,)) for text in texts))

    content = pdf(paper(*blocks, table, title=texts[0]))

    assert content.startswith(b"%PDF")


def test_what_users_wrote_is_never_markup() -> None:
    hostile = dict.fromkeys(HOSTILE)
    benefits = {one: benefit_facts(one, owner=one, unit_of_measure=one, ledger="quality") for one in hostile}
    facts = gate_facts(project=" ".join(HOSTILE), proposer=HOSTILE[0], benefits=benefits)

    text = pdf_text(pdf(gate_paper(facts, "en")))

    for said in ('#import "x"', '"); #panic(1)', "<w:br/>&amp;", "$x^2$ *b* _i_ @ref <label> // ```"):
        assert said in text
    assert "[U+1F600]" in text
    assert "gnp.exe" in text
    assert "{page} {0} {pages}" in text


def test_the_same_paper_gives_the_same_bytes() -> None:
    made = gate_paper(gate_facts(), "sv")

    assert pdf(made) == pdf(made)


def test_a_paper_stays_short_however_large_case_and_plan_are() -> None:
    facts = gate_facts()
    assert facts.case is not None
    assert facts.before is not None
    assert facts.before.change is not None
    many = tuple(Decimal(n) for n in range(250))
    case = replace(
        facts.case, years=tuple(range(2026, 2276)), costs=many, benefits=many, net=many, accumulated=many
    )
    lines = tuple(replace(facts.before.change.lines[0], name=f"Line {n}") for n in range(400))
    large = replace(
        facts,
        case=case,
        benefits={str(n): benefit_facts(f"Benefit {n}") for n in range(2000)},
        before=replace(facts.before, change=replace(facts.before.change, lines=lines)),
    )

    pages = len(pypdf.PdfReader(io.BytesIO(pdf(gate_paper(large, "en")))).pages)

    assert pages <= 6


def test_a_picture_becomes_dots() -> None:
    assert png(PICTURE.svg).startswith(b"\x89PNG")


def test_characters_without_a_shape_are_named_or_left_out() -> None:
    assert printable("a😀b") == "a[U+1F600]b"
    assert printable("ab\u202ecd") == "abcd"
    assert printable("e\u0301") == "é"
    assert printable("W" * 32).split("\u200b") == ["WWWWWW"] * 5 + ["WW"]
    assert printable("0f" * 32) == "0f" * 32
    assert plain("a\r\nb\u2028c\0d") == "a\nb\nc d"
