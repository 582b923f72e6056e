"""Reading a file of cells: an Excel workbook, or CSV. The only file that imports calamine."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import python_calamine

from gevinst_shared.sheets.unpacking import MOST_CELLS, NotAWorkbook, WorkbookTooLarge, unpacked
from gevinst_shared.values.refusal import Refusal

CellValue = str | float | int | bool | date | None
MOST_SHEETS = 50
_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one sheet: `rows[r][c]`, both from 0, rows of equal length.

    `offset` is how many rows were put in before those of the file: row r of the file is `rows[r + offset]`.
    `decimal_sign` is how numbers are written that come as text.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    offset: int = 0
    decimal_sign: str = "."


class NotText(Refusal):
    code = "not-text"
    title = "The file is not text"
    detail = "The file cannot be read as text in UTF-8 or Windows-1252. Save it again as CSV in UTF-8."


def read_workbook(content: bytes) -> list[Table]:
    """Every sheet of an .xlsx file with its values as they were last calculated."""
    plain = unpacked(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(plain))
        names = book.sheet_names
        if len(names) > MOST_SHEETS:
            raise WorkbookTooLarge(most=MOST_SHEETS, what="sheets")
        tables = []
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise WorkbookTooLarge(most=MOST_CELLS, what="cells")
            tables.append(
                Table(name, [list(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False)])
            )
    except python_calamine.CalamineError as error:
        raise NotAWorkbook(reason=str(error)[:200]) from None
    return tables


def read_csv(content: bytes) -> Table:
    """The cells of a CSV file as text; the delimiter is `,` `;` or tab, whichever its head has most of.

    With semicolons the decimal sign is the comma, as spreadsheets write both in the Nordic countries.
    """
    text = _decoded(content)
    head = text[:10_000].partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    csv.field_size_limit(1_000_000)
    try:
        rows = [
            list[CellValue](row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise NotAWorkbook(reason=str(error)) from None
    width = max(map(len, rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise WorkbookTooLarge(most=MOST_CELLS, what="cells")
    filled = [row + [None] * (width - len(row)) for row in rows]
    return Table("csv", filled, decimal_sign="," if delimiter == ";" else ".")


def _decoded(content: bytes) -> str:
    if b"\0" in content[:10_000]:
        raise NotText
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotText


def _plain(value: object) -> CellValue:
    """Times of day are of no use here; an empty text is no value."""
    match value:
        case "" | None:
            return None
        case datetime():
            return value.date()
        case bool() | int() | float() | str() | date():
            return value
        case _:
            return str(value)
