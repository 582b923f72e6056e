"""Reading papers that were written: the text and the tags of a PDF, the text of a Word document."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf
from docx import Document


def pdf_text(content: bytes) -> str:
    """The text of all pages on one line; hard spaces are spaces, and places for a break are nothing."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text() for page in pages).replace("\u200b", "")
    return re.sub(r"\s+", " ", text)


def docx_text(content: bytes) -> str:
    """The text of all paragraphs, then of all cells, on one line."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " ".join([*(one.text for one in document.paragraphs), *cells]))


def tags(content: bytes) -> list[dict[str, Any]]:
    """The elements of the structure tree in reading order, each with its tag (`/S`) and attributes."""
    return list(_elements(catalogue(content)["/StructTreeRoot"]["/K"]))


def catalogue(content: bytes) -> Any:
    """The PDF's root object: what it says of itself."""
    return pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]


def _elements(node: Any) -> Iterator[dict[str, Any]]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, dict) and "/S" in node:
        yield node
        yield from _elements(node.get("/K", []))
