"""Projects as CSV: the columns of the sheet of projects, under their keys."""

import csv
import io
from datetime import date

from gevinst_portfolio.domain.workbooks.sheets import CellKind, Content, Formula, Sheet

# What a spreadsheet takes for a formula when it opens a CSV file.
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_csv(sheet: Sheet, *, has_decimal_comma: bool) -> bytes:
    """The rows as UTF-8 with a mark, which spreadsheets need to know it by.

    With a decimal comma the delimiter is a semicolon, as Nordic spreadsheets expect both. Text that would
    be taken for a formula is set off by an apostrophe.
    """
    target = io.StringIO()
    delimiter = ";" if has_decimal_comma else ","
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([column.key for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow(
            [
                _text(content, column.kind, has_decimal_comma=has_decimal_comma)
                for content, column in zip(row, sheet.columns, strict=True)
            ]
        )
    return target.getvalue().encode("utf-8-sig")


def _text(content: Content, kind: CellKind, *, has_decimal_comma: bool) -> str:
    match content:
        case None:
            return ""
        case Formula():
            return _text(content.figure, kind, has_decimal_comma=has_decimal_comma)
        case bool():
            return "TRUE" if content else "FALSE"
        case int() | float():
            text = f"{content:.2f}" if kind is CellKind.MONEY else f"{content:.6f}".rstrip("0").rstrip(".")
            return text.replace(".", ",") if has_decimal_comma else text
        case date():
            return content.isoformat()
        case _:
            return f"'{content}" if content.startswith(_RISKY) else content
