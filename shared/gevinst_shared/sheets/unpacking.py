"""The parts of an .xlsx file as a reader may safely have them: whole, and of a bounded size."""

import io
import lzma
import re
import struct
import zipfile
import zlib

from gevinst_shared.values.refusal import Refusal

MOST_CELLS = 2_000_000
# What the parts of a workbook may come to when unpacked; a small file can hold a very large one.
MOST_UNPACKED = 200_000_000
_MOST_PARTS = 2000
# Damaged, protected by a password, or packed in a way that no spreadsheet uses.
_UNREADABLE = (zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError, ValueError)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,200}?\br=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
# Readers leave out a value that is an error, as if the cell were empty; as text it is seen, and refused.
_ERROR_CELL = re.compile(rb'(<(?:\w+:)?c\s[^<>]{0,200}?\bt=)(["\'])e\2')


class NotAWorkbook(Refusal):
    code = "not-a-workbook"
    title = "Not a workbook"
    detail = (
        "The file cannot be read as an Excel workbook (.xlsx): {reason}. "
        "Save it again from Excel or LibreOffice."
    )


class WorkbookTooLarge(Refusal):
    code = "workbook-too-large"
    title = "The workbook is too large"
    detail = (
        "The file holds more than {most} {what}. Take away what does not belong to it, or send it in parts."
    )


def unpacked(content: bytes) -> bytes:
    """The same file, its parts written anew without compression.

    A part is read no further than the size that it states, and must be whole at that size. A sheet whose
    corners are further apart than `MOST_CELLS` is refused before anybody makes room for all between them.
    """
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(target, "w") as plain:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise WorkbookTooLarge(most=MOST_UNPACKED, what="bytes")
            if len({part.filename for part in parts}) < len(parts):
                raise NotAWorkbook(reason="two of its parts have the same name")
            for part in parts:
                plain.writestr(part.filename, _readable(part.filename, packed.read(part)))
    except zipfile.BadZipFile:
        raise NotAWorkbook(reason="it is not an .xlsx file") from None
    except _UNREADABLE:
        raise NotAWorkbook(reason="its parts cannot be unpacked") from None
    return target.getvalue()


def _readable(name: str, content: bytes) -> bytes:
    if not (name.lower().endswith(".xml") and "sheet" in name.lower()):
        return content
    _refuse_wide(content)
    return _ERROR_CELL.sub(rb"\1\2str\2", content)


def _refuse_wide(content: bytes) -> None:
    rows, columns = 0, set()
    for cell in _CELL.finditer(content):
        columns.add(cell[1])
        rows = max(rows, int(cell[2]))
    if rows * max(map(_column_number, columns), default=0) > MOST_CELLS:
        raise WorkbookTooLarge(most=MOST_CELLS, what="cells")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
