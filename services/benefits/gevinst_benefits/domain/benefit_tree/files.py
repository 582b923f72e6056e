"""The table of a tree as CSV, and as an Excel workbook. The only file here that imports xlsxwriter."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter

from gevinst_benefits.domain.benefit_tree.rows import COLUMNS
from gevinst_benefits.domain.benefit_tree.tree import NodeKind

# The same content gives the same bytes.
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDTHS = (10, 14, 44, 44, 14, 24, 38, 38, 30)
_RISKY = ("=", "+", "-", "@")


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by; text that they would take for a formula is set off by
    an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=",", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[str]], title: str) -> bytes:
    """A workbook of one sheet, all text, with the kinds to choose from."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "created": _MADE})
        look, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        sheet = book.add_worksheet("benefit tree")
        for place, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width, look)
            sheet.write_string(0, place, name, head)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell, look)
        kinds = {"validate": "list", "source": [kind.value for kind in NodeKind]}
        sheet.data_validation(1, 1, 2000, 1, kinds)
        sheet.freeze_panes(1, 1)
    return target.getvalue()
