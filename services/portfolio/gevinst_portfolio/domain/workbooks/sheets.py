"""What a workbook holds: sheets of cells that a person reads and changes, and formulas with their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Rows of every sheet before its records: the keys that we read by (hidden), and the titles for people.
HEAD_ROWS = 2
# A key in the first cell says which sheet it is, whatever its tab is called.
SHEET_MARK = "gevinst:"
LONGEST_PROSE = 10_000
LONGEST_NAME = 200
LONGEST_KEY = 300


class CellKind(StrEnum):
    """How a column's values look and what may be typed there."""

    KEY = "key"  # an id: hidden
    TEXT = "text"
    CHOICE = "choice"
    CODE = "code"  # a word such as own-idea
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as Excel and LibreOffice read it, without its `=`, and what it comes to now."""

    text: str
    figure: float | str


Value = str | float | int | bool | date | None
Content = Value | Formula


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is how we find it again; people may move and rename columns.

    Only an input is ever read. What `is_open` may be changed to see what follows from it, and is not read.
    Numbers below `least` are refused, and texts of more than `longest` characters; a text that is shorter
    than prose has one line.
    """

    key: str
    title: str
    kind: CellKind
    is_input: bool = False
    is_open: bool = False
    width: int = 14
    choices: tuple[str, ...] = ()
    least: int | None = None
    longest: int = LONGEST_PROSE


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab: `rows[r][c]` stands under `columns[c]`.

    `limits` is the first cell of another tab of the same shape; figures above it turn red (P3).
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Content]]
    note: str = ""
    limits: str | None = None
    frozen_columns: int = 2


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets in the order of their tabs, and the names that formulas call ranges by."""

    title: str
    sheets: tuple[Sheet, ...]
    names: tuple[tuple[str, str], ...] = ()


def column_letters(index: int) -> str:
    """The letters of a column counted from 0.

    Check: 0 is A, 25 is Z, 26 is AA.
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cells(sheet: str, rows: tuple[int, int], columns: tuple[int, int]) -> str:
    """The absolute name of a range of another tab; first and last row and column, counted from 0."""
    first, last = (f"${column_letters(c)}${r + 1}" for r, c in zip(rows, columns, strict=True))
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{first}:{last}"


def cell_name(row: int, column: int) -> str:
    """The name of a cell counted from 0, such as C7 for (6, 2)."""
    return f"{column_letters(column)}{row + 1}"
