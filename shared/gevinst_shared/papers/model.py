"""A paper as it is meant, before any file format: headings, paragraphs, facts, tables and pictures.

Every text is plain text. What users wrote stands in it as they wrote it: each writer makes it harmless in its
own format.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.themes import Theme


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section (level 1) or of a part of it (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break in it begins a new line."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must not overlook, set apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of label and value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, its share of the width, and whether it holds numbers, which stand to the right."""

    title: str
    share: int = 1
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One cell for each column; a strong row is a sum or what asks for attention."""

    cells: tuple[str, ...]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """At least one column; each row has as many cells."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of “{self.caption}” has more or fewer cells than there are columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, `alternative` saying in numbers what it shows; `share` is of the text's width.

    `said` stands behind the caption, in plain type.
    """

    caption: str
    alternative: str
    svg: str
    share: float = 1.0
    said: str = ""


Written = Heading | Paragraph | Note | Facts | Table | Figure


@dataclass(frozen=True, slots=True)
class Illustration:
    """A chart that is still to be drawn; `instead` stands there where it cannot be."""

    chart: Chart
    theme: Theme
    instead: tuple[Written, ...]


Block = Written | Illustration


@dataclass(frozen=True, slots=True)
class Paper:
    """`language` is one of nb, nn, da, sv and en; `made_at` the moment that the paper is of.

    `page_label` has the placeholders `{page}` and `{pages}`. `name` is what a file of it is called, without
    ending.
    """

    language: str
    title: str
    subject: str
    author: str
    made_at: datetime
    page_label: str
    name: str
    blocks: tuple[Block, ...]

    @property
    def written_blocks(self) -> tuple[Written, ...]:
        """The blocks, with what stands instead of charts that are not drawn."""
        return tuple(
            written
            for block in self.blocks
            for written in (block.instead if isinstance(block, Illustration) else (block,))
        )

    @property
    def running_title(self) -> str:
        """The title for the foot of each page, on one line."""
        return self.title if len(self.title) <= 80 else f"{self.title[:79].rstrip()}…"


def file_name(title: str) -> str:
    """What a file of that title is called: letters and digits of any alphabet with hyphens between them, at
    most 80 characters."""
    kept = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title))
    return kept.strip("-")[:80].strip("-") or "paper"
