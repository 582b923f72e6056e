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


def lost(written: bytes, printed: bytes) -> list[str]:
    """What stands in the Word document and not in the PDF that was printed of it, and pictures that are not
    there; wherever lines and words were broken."""
    document = Document(io.BytesIO(written))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    reader = pypdf.PdfReader(io.BytesIO(printed))
    text = _squeezed("".join(page.extract_text() for page in reader.pages))
    pieces = [*(one.text for one in document.paragraphs), *cells]
    found = [piece for piece in pieces if _squeezed(piece) not in text]
    pictures = sum(len(page.images) for page in reader.pages)
    # A picture with a mask counts twice.
    return found if pictures >= len(document.inline_shapes) else [*found, f"only {pictures} pictures"]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


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
