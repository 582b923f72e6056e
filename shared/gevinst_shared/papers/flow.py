"""How a paper flows over its pages: what stays together, guessed from how many lines it takes."""

from collections.abc import Sequence
from math import ceil

from gevinst_shared.papers.model import Facts, Figure, Heading, Note, Paragraph, Row, Table, Written

# Characters of a cell's text that stand beside each other in the whole width, in the typeface of either form.
_LINE_CHARACTERS = 100
# A third of a page; a row of more would leave too much of one empty.
_SHORT_LINES, _LONGEST_ROW_LINES = 20, 30
# What leads up to something is a sentence or two.
_LEADING_CHARACTERS = 400


def row_lines(table: Table, row: Row) -> int:
    """About how many lines the row is high."""
    whole = sum(column.share for column in table.columns)
    widths = (max(1, _LINE_CHARACTERS * column.share // whole) for column in table.columns)
    return max(_lines(cell, width) for cell, width in zip(row.cells, widths, strict=True))


def stays_whole(table: Table, row: Row) -> bool:
    """Whether the row is never broken over two pages."""
    return row_lines(table, row) <= _LONGEST_ROW_LINES


def is_short(table: Table) -> bool:
    """Whether the table stands on one page, with all its rows."""
    # The header, and the space between two rows, which is about half a line.
    return sum(row_lines(table, row) + 0.5 for row in table.rows) + 2 <= _SHORT_LINES


def leading(blocks: Sequence[Written]) -> frozenset[int]:
    """The places of the sentences between a heading and its table, pairs or picture: they are not left behind
    on the page before."""
    found: set[int] = set()
    since_heading: list[int] | None = None
    for place, block in enumerate(blocks):
        if isinstance(block, Heading):
            since_heading = []
        elif since_heading is None:
            continue
        elif isinstance(block, Table | Facts | Figure):
            found.update(since_heading)
            since_heading = None
        elif isinstance(block, Paragraph | Note) and len(block.text) <= _LEADING_CHARACTERS:
            since_heading.append(place)
        else:
            since_heading = None
    return frozenset(found)


def _lines(text: str, width: int) -> int:
    return sum(ceil(len(part) / width) or 1 for part in text.split("\n"))
