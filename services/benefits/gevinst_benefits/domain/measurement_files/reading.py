"""The rows of a file of measurements, Excel or CSV. The only file of the service that imports calamine."""

import csv
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import python_calamine

from gevinst_benefits.domain.measurement_files.cells import CellValue
from gevinst_shared.values.refusal import Refusal

MOST_ROWS, MOST_COLUMNS = 10_000, 50
_MOST_UNPACKED, _MOST_PARTS = 60_000_000, 500
_UNREADABLE = (zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError, ValueError)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,200}?\br=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
# Readers show an error as an empty cell; as text it is seen, and refused.
_ERROR_CELL = re.compile(rb'(<(?:\w+:)?c\s[^<>]{0,200}?\bt=)(["\'])e\2')


class NotAFile(Refusal):
    code = "measurement-file-unreadable"
    title = "The file cannot be read"
    detail = "The file is neither an Excel workbook (.xlsx) nor CSV in UTF-8 or Windows-1252: {reason}."


class FileTooLarge(Refusal):
    code = "measurement-file-too-large"
    title = "The file is too large"
    detail = "A file holds {rows} rows and {columns} columns at most. Send it in parts."


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells, of equal length; `decimal_sign` is how numbers in text are written, where known."""

    rows: Sequence[Sequence[CellValue]]
    decimal_sign: str | None


def read_sheet(content: bytes, *, is_csv: bool) -> Sheet:
    """The cells of a CSV file, or of a workbook's first sheet as they were last calculated."""
    sheet = _read_csv(content) if is_csv else _read_workbook(content)
    if len(sheet.rows) > MOST_ROWS + 1 or max(map(len, sheet.rows), default=0) > MOST_COLUMNS:
        raise FileTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS)
    return sheet


def _read_csv(content: bytes) -> Sheet:
    """Delimited by `;`, `,` or tab; with semicolons the decimal sign is the comma, with commas the point."""
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows: list[list[CellValue]] = []
        for line in lines:
            rows.append([cell or None for cell in line])
            if len(rows) > MOST_ROWS + 1:
                raise FileTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS)
    except csv.Error as error:
        raise NotAFile(reason=str(error)) from None
    width = max(map(len, rows), default=0)
    filled = [row + [None] * (width - len(row)) for row in rows]
    return Sheet(filled, {";": ",", ",": "."}.get(delimiter))


def _decoded(content: bytes) -> str:
    if b"\0" in content[:10_000]:
        raise NotAFile(reason="it is not text")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAFile(reason="it is not text")


def _read_workbook(content: bytes) -> Sheet:
    plain = _unpacked(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(plain))
        if not book.sheet_names:
            raise NotAFile(reason="it has no sheet")
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise NotAFile(reason=str(error)[:200]) from None
    return Sheet([[_plain(cell) for cell in row] for row in rows], None)


def _unpacked(content: bytes) -> bytes:
    """The same workbook without compression, each part no longer than it states and none too wide."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(target, "w") as plain:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise FileTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS)
            if len({part.filename for part in parts}) < len(parts):
                raise NotAFile(reason="two of its parts have the same name")
            for part in parts:
                plain.writestr(part.filename, _checked(part.filename, packed.read(part)))
    except zipfile.BadZipFile:
        raise NotAFile(reason="it is no .xlsx file") from None
    except _UNREADABLE:
        raise NotAFile(reason="its parts cannot be unpacked") from None
    return target.getvalue()


def _checked(name: str, content: bytes) -> bytes:
    """A sheet's part with its errors as text; refused when its corners are far apart."""
    if "sheet" not in name.lower():
        return content
    for cell in _CELL.finditer(content):
        if int(cell[2]) > MOST_ROWS + 1 or _column_number(cell[1]) > MOST_COLUMNS:
            raise FileTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS)
    return _ERROR_CELL.sub(rb"\1\2str\2", content)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _plain(value: object) -> CellValue:
    match value:
        case "" | None:
            return None
        case datetime():
            return value.date()
        case bool() | int() | float() | str() | date():
            return value
        case _:
            return str(value)
