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

from gevinst_shared.papers.flow import is_short, leading, stays_whole
from gevinst_shared.papers.model import Facts, Figure, Heading, Note, Paper, Paragraph, Table, Written
from gevinst_shared.papers.typefaces import printable
from gevinst_shared.papers.wording import TAGS

MEDIA_TYPE = "application/pdf"
_PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""
# In characters: pairs that are shorter stand on one page.
_SHORT = 1500


def pdf(paper: Paper) -> bytes:
    """The paper as PDF: title, language, headings, tables with header rows and texts for its pictures."""
    blocks = paper.written_blocks
    leads = leading(blocks)
    members = {
        "title": _filled(paper.title),
        "subject": printable(paper.subject),
        "author": printable(paper.author),
        "running_title": printable(paper.running_title),
        "language": paper.language,
        "region": TAGS[paper.language].partition("-")[2],
        "page_label": paper.page_label,
        "blocks": [_block(block) | {"leads": place in leads} for place, block in enumerate(blocks)],
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


def _block(block: Written) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": _filled(block.text), "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": printable(block.text)}
        case Note():
            return {"kind": "note", "text": printable(block.text)}
        case Facts():
            return _facts(block)
        case Table():
            return _table(block)
        case Figure():
            caption = printable(f"{block.caption} {block.said}".rstrip())
            said = {"caption": caption, "alternative": _filled(block.alternative)}
            return {"kind": "figure", "svg": block.svg, "share": block.share, **said}


def _facts(facts: Facts) -> dict[str, Any]:
    rows = [[printable(part) for part in row] for row in facts.rows]
    is_whole = sum(len(part) for row in rows for part in row) < _SHORT
    return {"kind": "facts", "rows": rows, "is_short": is_whole}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "is_short": is_short(table),
        "caption": printable(table.caption),
        "titles": [printable(column.title) for column in table.columns],
        "shares": [column.share for column in table.columns],
        "numbers": [column.is_number for column in table.columns],
        "rows": [
            {
                "cells": [printable(cell) for cell in row.cells],
                "is_strong": row.is_strong,
                "is_whole": stays_whole(table, row),
            }
            for row in table.rows
        ],
    }


def _filled(text: str) -> str:
    """What a tagged PDF must not leave empty: a title, a heading, the text of a picture."""
    return printable(text).strip() or "–"


@cache
def _template() -> bytes:
    return (files("gevinst_shared.papers") / "paper.typ").read_bytes()


@cache
def _typefaces() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
