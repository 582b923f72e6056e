"""A paper as tagged PDF (PDF/UA-1), and a picture as PNG, set by typst.

The template is ours and never changes with the paper; what the paper says goes in as values, which typst does
not read as markup. No file is read and no typeface of the system is used, so the same paper gives the same
bytes everywhere.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from gevinst_benefits.papers.model import Block, Facts, Figure, Heading, Note, Paper, Paragraph, Table
from gevinst_benefits.papers.typefaces import printable
from gevinst_benefits.papers.wording import TAGS

MEDIA_TYPE = "application/pdf"
_PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""
# In characters; a cell is narrower than a line.
_LONGEST_WORD, _LONGEST_WORD_OF_CELL = 70, 24


def pdf(paper: Paper) -> bytes:
    """The paper as PDF: title, language, headings, tables with header rows and texts for its pictures."""
    members = {
        "title": _filled(paper.title),
        "subject": _text(paper.subject),
        "author": _text(paper.author),
        "language": paper.language,
        "region": TAGS[paper.language].partition("-")[2],
        "page_label": paper.page_label,
        "blocks": [_block(block) for block in paper.blocks],
    }
    return typst.compile(
        _template(),
        font_paths=_typefaces(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(members)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(paper.made_at.timestamp()),
    )


def png(svg: str, *, dots_per_inch: float = 220) -> bytes:
    """The picture in dots, for formats that do not take SVG."""
    return typst.compile(
        _PICTURE,
        font_paths=_typefaces(),
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=dots_per_inch,
    )


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": _filled(block.text), "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": _text(block.text)}
        case Note():
            return {"kind": "note", "text": _text(block.text)}
        case Facts():
            return {"kind": "facts", "rows": [[_text(part) for part in row] for row in block.rows]}
        case Table():
            return _table(block)
        case Figure():
            said = {"caption": _text(block.caption), "alternative": _filled(block.alternative)}
            return {"kind": "figure", "svg": block.svg, **said}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": _text(table.caption),
        "titles": [_text(column.title) for column in table.columns],
        "shares": [column.share for column in table.columns],
        "numbers": [column.is_number for column in table.columns],
        "rows": [
            {"cells": [_cell(cell) for cell in row.cells], "is_strong": row.is_strong} for row in table.rows
        ],
    }


def _text(text: str) -> str:
    return printable(text, longest_word=_LONGEST_WORD)


def _filled(text: str) -> str:
    """What a tagged PDF must not leave empty: a title, a heading, the text of a picture."""
    return _text(text).strip() or "–"


def _cell(text: str) -> str:
    return printable(text, longest_word=_LONGEST_WORD_OF_CELL)


@cache
def _template() -> bytes:
    return (files("gevinst_benefits.papers") / "paper.typ").read_bytes()


@cache
def _typefaces() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
