"""Workbooks as somebody changes them in a spreadsheet program."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from gevinst_shared.sheets.reading import CellValue, read_workbook


def edited(content: bytes, edits: Mapping[tuple[str, str], CellValue]) -> bytes:
    """The workbook with other values in some cells, by tab and name; formulas keep their figures."""
    tabs = {table.name: [list(row) for row in table.rows] for table in read_workbook(content)}
    for (tab, name), value in edits.items():
        row, column = _place(name)
        rows = tabs[tab]
        while len(rows) <= row:
            rows.append([None] * len(rows[0]))
        rows[row][column] = value
    return written(tabs)


def written(tabs: Mapping[str, Sequence[Sequence[CellValue]]]) -> bytes:
    """A workbook with these values and nothing else."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for tab, rows in tabs.items():
            sheet = book.add_worksheet(tab)
            for at, row in enumerate(rows):
                for place, value in enumerate(row):
                    _write(sheet, at, place, value, day)
    return target.getvalue()


def cell(content: bytes, tab: str, key: str, name: str) -> str:
    """The name of the cell in the column `key` of the row that says `name` somewhere."""
    rows = next(table.rows for table in read_workbook(content) if table.name == tab)
    keys = [str(value).rpartition(":")[2] if "gevinst:" in str(value) else value for value in rows[0]]
    row = next(at for at, values in enumerate(rows) if at > 1 and name in values)
    column = keys.index(key)
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _place(name: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", name).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


def _write(sheet: Any, row: int, column: int, value: CellValue, day: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case date():
            sheet.write_datetime(row, column, value, day)
        case _:
            sheet.write_string(row, column, value)
