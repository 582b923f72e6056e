"""A plan as an Excel workbook of seven tables. The only file here that imports xlsxwriter."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from gevinst_benefits.domain.plan_workbooks.columns import TABLES, YEARS_KEY, Column, Kind, Table
from gevinst_benefits.domain.plan_workbooks.filling import (
    PlanRecords,
    PlanYears,
    Shown,
    Words,
    shown_value,
    value_of,
)

MARK = "gevinst-plan"
HEAD_ROWS, HIDDEN = 2, ("id", "revision")
YEARS_SHOWN = 10
# Rows below the last record where a new one may be typed.
_SPARE_ROWS, _LONGEST_LIST = 200, 255
# The same content gives the same bytes.
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FORMATS = {Kind.NUMBER: "#,##0.00####", Kind.WHOLE: "0", Kind.DAY: "yyyy-mm-dd"}
_HEAD = {"bold": True, "font_color": "white", "bg_color": "#1F3A5F", "text_wrap": True, "valign": "top"}
_INPUT = {"bg_color": "#FFF8DC", "border": 1, "border_color": "#D9D9D9", "locked": False}


def write_plan_workbook(records: PlanRecords, words: Words) -> bytes:
    """The workbook as the bytes of an .xlsx file; its sums are formulas that carry their figures.

    Text is written as text: nothing that somebody typed becomes a formula.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        title = f"{words['title']}: {records.project_name}"
        book.set_properties({"title": title[:250], "created": _MADE})
        looks = _Looks(book)
        for key in sorted([*TABLES, YEARS_KEY]):
            tab = book.add_worksheet(words["tables"][key])
            if key == YEARS_KEY:
                _write_years(tab, records, words, looks)
            else:
                _write_table(tab, TABLES[key], records, words, looks)
    return target.getvalue()


class _Looks:
    """Each look is made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book = book
        self._made: dict[tuple[Kind, bool], Any] = {}
        self.head = book.add_format(_HEAD)
        self.sum = book.add_format({"bold": True, "top": 1, "num_format": _FORMATS[Kind.NUMBER]})

    def of(self, kind: Kind, *, is_input: bool) -> Any:  # noqa: ANN401
        if (kind, is_input) not in self._made:
            look = {"num_format": _FORMATS.get(kind, "@")} | (_INPUT if is_input else {})
            self._made[kind, is_input] = self._book.add_format(look)
        return self._made[kind, is_input]


def _write_table(tab: Any, table: Table, records: PlanRecords, words: Words, looks: _Looks) -> None:  # noqa: ANN401
    keys = [*HIDDEN, *(column.key for column in table.columns)]
    _write_heads(tab, table.key, records, keys, words, looks)
    rows = records.tables.get(table.key, ())
    for place, column in enumerate(table.columns, start=len(HIDDEN)):
        tab.set_column(place, place, column.width, looks.of(column.kind, is_input=column.is_input))
        _offer(tab, place, column, len(rows), records, words)
    for number, record in enumerate(rows, start=HEAD_ROWS):
        tab.write_string(number, 0, record.id)
        if record.revision is not None:
            tab.write_number(number, 1, record.revision)
        for place, column in enumerate(table.columns, start=len(HIDDEN)):
            shown = shown_value(column, value_of(column, record), records.names, words)
            _write_cell(tab, number, place, shown, looks.of(column.kind, is_input=column.is_input))
        if table.key == "C":
            _write_worth(tab, table, number, record.members, looks)


def _write_heads(
    tab: Any,  # noqa: ANN401
    key: str,
    records: PlanRecords,
    keys: Sequence[str],
    words: Words,
    looks: _Looks,
) -> None:
    """The hidden row says which table and project it is, and what each column means."""
    for place, name in enumerate(keys):
        mark = f"{MARK}:{key}:{records.project_id}:" if place == 0 else ""
        tab.write_string(0, place, mark + name)
        tab.write_string(1, place, str(words["columns"].get(name, name)), looks.head)
    tab.set_column(0, 1, 4, None, {"hidden": True})
    tab.set_row(0, None, None, {"hidden": True})
    tab.freeze_panes(HEAD_ROWS, len(HIDDEN) + 2)


def _write_cell(tab: Any, row: int, place: int, value: Shown, look: Any) -> None:  # noqa: ANN401
    match value:
        case None:
            tab.write_blank(row, place, None, look)
        case Decimal() | int():
            tab.write_number(row, place, value, look)
        case date():
            tab.write_datetime(row, place, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001 - a day
        case _:
            tab.write_string(row, place, value, look)


def _write_worth(tab: Any, table: Table, row: int, members: dict[str, Any], looks: _Looks) -> None:  # noqa: ANN401
    """C7: what used hours come to by their stated cost, beside the hours."""
    if "hourly_cost" not in members:
        return
    at = {column.key: place for place, column in enumerate(table.columns, start=len(HIDDEN))}
    amount, cost = xl_rowcol_to_cell(row, at["amount"]), xl_rowcol_to_cell(row, at["hourly-cost"])
    figure = Decimal(members["amount"]) * Decimal(members["hourly_cost"]["amount"])
    look = looks.of(Kind.NUMBER, is_input=False)
    tab.write_formula(row, at["worth"], f"={amount}*{cost}", look, float(figure))


def _offer(tab: Any, place: int, column: Column, rows: int, records: PlanRecords, words: Words) -> None:  # noqa: ANN401
    """Offer what may be chosen, where it is typed."""
    if not column.is_input:
        return
    if column.kind is Kind.CHOICE:
        offered: Iterable[str] = (
            str(shown_value(column, code, records.names, words)) for code in column.choices
        )
    elif column.kind in records.names.of:
        offered = records.names.of[column.kind].values()
    else:
        return
    source = list(offered)
    # Excel takes lists of up to 255 characters, and commas part them.
    if source and len(",".join(source)) <= _LONGEST_LIST and not any("," in one for one in source):
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        tab.data_validation(HEAD_ROWS, place, HEAD_ROWS + rows + _SPARE_ROWS, place, rule)


def _write_years(tab: Any, records: PlanRecords, words: Words, looks: _Looks) -> None:  # noqa: ANN401
    """Our part of each benefit by year, and its sums: per benefit, and per unit, never over ledgers (C7)."""
    first = min((min(one.years) for one in records.years if one.years), default=0)
    years = list(range(first, first + YEARS_SHOWN)) if first else []
    keys = [*HIDDEN, "benefit", "benefit-name", "ledger", "counted-in", *map(str, years), "later", "sum"]
    _write_heads(tab, YEARS_KEY, records, keys, words, looks)
    tab.set_column(2, 2, 8)
    tab.set_column(3, 3, 36)
    tab.set_column(4, len(keys) - 1, 14)
    named = {record.id: record.members["name"] for record in records.tables["A"]}
    start = len(HIDDEN) + 4
    for row, one in enumerate(records.years, start=HEAD_ROWS):
        texts = (
            one.benefit_id,
            "",
            records.codes[one.benefit_id],
            named[one.benefit_id],
            str(words["choices"]["ledger"][one.ledger]),
            one.counted_in,
        )
        for place, text in enumerate(texts):
            tab.write_string(row, place, text)
        figures = _figures(one, years)
        for place, figure in enumerate(figures, start=start):
            _write_cell(tab, row, place, figure, looks.of(Kind.NUMBER, is_input=False))
        span = f"{xl_rowcol_to_cell(row, start)}:{xl_rowcol_to_cell(row, start + len(figures) - 1)}"
        tab.write_formula(row, start + len(figures), f"=SUM({span})", looks.sum, float(sum(figures)))
    _write_sums(tab, records, years, words, looks)
    tab.protect()


def _write_sums(
    tab: Any,  # noqa: ANN401
    records: PlanRecords,
    years: Sequence[int],
    words: Words,
    looks: _Looks,
) -> None:
    start, last = len(HIDDEN) + 4, HEAD_ROWS + len(records.years)
    units = dict.fromkeys((one.ledger, one.counted_in) for one in records.years)
    for row, (ledger, unit) in enumerate(units, start=last + 1):
        tab.write_string(row, start - 2, str(words["choices"]["ledger"][ledger]), looks.sum)
        tab.write_string(row, start - 1, unit, looks.sum)
        mine = [one for one in records.years if (one.ledger, one.counted_in) == (ledger, unit)]
        columns = list(zip(*(_figures(one, years) for one in mine), strict=True))
        figures = [sum(column, Decimal(0)) for column in columns]
        # Compared exactly: a unit may read like a condition, or differ in its capitals only.
        alike = "*".join(
            f"EXACT(${name}${HEAD_ROWS + 1}:${name}${last},${name}{row + 1})"
            for name in (xl_col_to_name(start - 2), xl_col_to_name(start - 1))
        )
        for place, figure in enumerate([*figures, sum(figures, Decimal(0))], start=start):
            name = xl_col_to_name(place)
            span = f"{name}${HEAD_ROWS + 1}:{name}${last}"
            text = f"=SUMPRODUCT({alike}*{span})"
            tab.write_formula(row, place, text, looks.sum, float(figure))


def _figures(one: PlanYears, years: Sequence[int]) -> list[Decimal]:
    """The years that are shown, and what comes after them."""
    later = sum((amount for year, amount in one.years.items() if not years or year > years[-1]), Decimal(0))
    return [*(one.years.get(year, Decimal(0)) for year in years), later]
