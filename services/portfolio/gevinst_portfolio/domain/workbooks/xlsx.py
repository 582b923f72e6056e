"""Writing a workbook as an Excel file. The only file that imports xlsxwriter."""

import io
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from gevinst_portfolio.domain.workbooks.sheets import (
    HEAD_ROWS,
    SHEET_MARK,
    CellKind,
    Column,
    Content,
    Formula,
    Sheet,
    Workbook,
    cell_name,
)

# The same content gives the same bytes.
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FORMATS = {
    CellKind.MONEY: "#,##0.00",
    CellKind.NUMBER: "#,##0.##",
    CellKind.WHOLE: "0",
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.TEXT: "@",
    CellKind.CHOICE: "@",
    CellKind.CODE: "@",
    CellKind.KEY: "@",
    CellKind.FLAG: "General",
}
_INPUT_FILL, _OPEN_FILL, _HEAD_FILL, _RED = "#FFF8DC", "#E2F0D9", "#1F3A5F", "#C00000"
# Rows below the last record where a new one may be typed.
_SPARE_ROWS = 200
_FIGURES = frozenset({CellKind.NUMBER, CellKind.MONEY})


def write_xlsx(workbook: Workbook) -> bytes:
    """The workbook as the bytes of an .xlsx file.

    Every formula carries its figure, so that programs that do not calculate show it too. Text is written as
    text: nothing that somebody typed becomes a formula.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": workbook.title, "created": _MADE})
        for name, place in workbook.names:
            book.define_name(name, f"={place}")
        formats = _Formats(book)
        for sheet in workbook.sheets:
            _write_sheet(book.add_worksheet(sheet.title), sheet, formats)
    return target.getvalue()


class _Formats:
    """Each look is made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book = book
        self._made: dict[tuple[CellKind, bool, bool], Any] = {}
        self.head = book.add_format(
            {"bold": True, "font_color": "white", "bg_color": _HEAD_FILL, "text_wrap": True, "valign": "top"}
        )
        self.note = book.add_format({"italic": True, "text_wrap": False})
        self.red = book.add_format({"font_color": _RED, "bold": True})

    def of(self, column: Column) -> Any:  # noqa: ANN401
        key = (column.kind, column.is_input, column.is_open)
        if key not in self._made:
            look: dict[str, Any] = {"num_format": _FORMATS[column.kind]}
            if column.is_input:
                look |= {"bg_color": _INPUT_FILL, "border": 1, "border_color": "#D9D9D9", "locked": False}
            if column.is_open:
                look |= {"bg_color": _OPEN_FILL, "border": 1, "border_color": "#D9D9D9"}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write_sheet(tab: Any, sheet: Sheet, formats: _Formats) -> None:  # noqa: ANN401
    for place, column in enumerate(sheet.columns):
        mark = SHEET_MARK + sheet.key + ":" if place == 0 else ""
        tab.write_string(0, place, mark + column.key)
        tab.write_string(1, place, column.title, formats.head)
        hidden = {"hidden": True} if column.kind is CellKind.KEY else {}
        tab.set_column(place, place, column.width, formats.of(column), hidden)
        _validate(tab, sheet, place, column)
    for row, contents in enumerate(sheet.rows, start=HEAD_ROWS):
        for place, content in enumerate(contents):
            _write_cell(tab, row, place, content, formats.of(sheet.columns[place]))
    if sheet.note:
        tab.write_comment(1, min(sheet.frozen_columns, len(sheet.columns) - 1), sheet.note, {"x_scale": 3})
    if sheet.limits is not None and sheet.rows:
        _mark_excess(tab, sheet, formats)
    tab.set_row(0, None, None, {"hidden": True})
    tab.freeze_panes(HEAD_ROWS, sheet.frozen_columns)


def _write_cell(tab: Any, row: int, place: int, content: Content, look: Any) -> None:  # noqa: ANN401
    match content:
        case None:
            tab.write_blank(row, place, None, look)
        case Formula():
            tab.write_formula(row, place, "=" + content.text, look, content.figure)
        case bool():
            tab.write_boolean(row, place, content, look)
        case int() | float():
            tab.write_number(row, place, content, look)
        case date():
            tab.write_datetime(row, place, datetime(content.year, content.month, content.day), look)  # noqa: DTZ001 - a day
        case _:
            tab.write_string(row, place, content, look)


def _validate(tab: Any, sheet: Sheet, place: int, column: Column) -> None:  # noqa: ANN401
    """Say what may be typed, where it is typed."""
    if not column.is_input:
        return
    last = HEAD_ROWS + len(sheet.rows) + _SPARE_ROWS
    rules: dict[CellKind, dict[str, Any]] = {
        CellKind.MONEY: {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15},
        CellKind.NUMBER: {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
        CellKind.DAY: {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1950, 1, 1),
            "maximum": date(2200, 12, 31),
        },
        CellKind.FLAG: {"validate": "list", "source": ["TRUE", "FALSE"]},
    }
    rule = rules.get(column.kind)
    # Excel takes lists of up to 255 characters.
    if column.kind is CellKind.CHOICE and column.choices and len(",".join(column.choices)) <= 255:
        rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
    if rule is not None:
        tab.data_validation(HEAD_ROWS, place, last, place, rule)


def _mark_excess(tab: Any, sheet: Sheet, formats: _Formats) -> None:  # noqa: ANN401
    """P3: what exceeds its limit is red."""
    first = next(place for place, column in enumerate(sheet.columns) if column.kind in _FIGURES)
    last = HEAD_ROWS + len(sheet.rows) - 1
    here = cell_name(HEAD_ROWS, first)
    criteria = f'=AND({sheet.limits}<>"",{here}>{sheet.limits}+0.000001)'
    tab.conditional_format(
        HEAD_ROWS,
        first,
        last,
        len(sheet.columns) - 1,
        {"type": "formula", "criteria": criteria, "format": formats.red},
    )
