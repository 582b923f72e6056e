"""The readings of a file of measurements, and every cell that cannot be taken.

Columns, by their heading in any of five languages, in any order; others are passed over:
indicator (its id), day, value; and where they are needed unit (its id), weight, source, reason.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from gevinst_benefits.domain.measurement_files.cells import CellValue, day_of, number_of
from gevinst_benefits.domain.measurement_files.reading import Sheet
from gevinst_benefits.domain.measuring.readings import Reading
from gevinst_shared.values.refusal import Refusal

T = TypeVar("T")
_HEADINGS = {
    "indicator": "indicator indicator_id indikator indikator-id måleindikator",
    "day": "day date taken_on dag dato datum",
    "value": "value verdi værdi värde",
    "unit": "unit unit_id enhet enhed eining",
    "weight": "weight vekt vægt vikt",
    "source": "source kilde kjelde källa",
    "reason": "reason grunn grund orsak begrunnelse grunngiving begrundelse",
}
COLUMN_OF = {word: column for column, words in _HEADINGS.items() for word in words.split()}
_NEEDED = ("indicator", "day", "value")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_CONTROL = re.compile(r"[\u0000-\u001f\u007f-\u009f]")
_LONGEST = {"source": 200, "reason": 10_000}


class ColumnsMissing(Refusal):
    code = "measurement-columns-missing"
    title = "The columns are not there"
    detail = "The first row must name the columns indicator, day and value, each once. Missing: {missing}."


class ColumnTwice(Refusal):
    code = "measurement-column-twice"
    title = "A column is there twice"
    detail = "Two columns are named {column}. Keep one."


class NotAnId(Refusal):
    code = "measurement-cell-not-an-id"
    title = "Not an id"
    detail = "“{value}” is not an id such as 0198b6a4-7c1e-7000-8000-000000000001."


class OddText(Refusal):
    code = "measurement-cell-odd-text"
    title = "The text cannot be kept"
    detail = "Write at most {most} characters on one line."


class WeightNotPositive(Refusal):
    code = "measurement-cell-weight"
    title = "The weight is not above zero"
    detail = "{value} is not above zero. Write what stands behind the value, such as cases."


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be taken, such as C7, and why."""

    cell: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row's reading of an indicator; `number` is the row's in the file, from 1."""

    number: int
    indicator_id: UUID
    reading: Reading


@dataclass(frozen=True, slots=True)
class FileRows:
    """`columns` tells in which column (from 0) of the file each thing stands."""

    rows: tuple[FileRow, ...]
    faults: tuple[CellFault, ...]
    columns: Mapping[str, int]
    rows_read: int


def rows_of(sheet: Sheet) -> FileRows:
    """Every row with something in it, read; raises for the headings, and names the cells of all else."""
    columns = _columns(sheet.rows[0] if sheet.rows else [])
    rows: list[FileRow] = []
    faults: list[CellFault] = []
    read = 0
    for number, cells in enumerate(sheet.rows[1:], start=2):
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            continue
        read += 1
        row = _Row(number, cells, columns, sheet.decimal_sign, [])
        found = row.read()
        faults += row.faults
        if found is not None:
            rows.append(found)
    return FileRows(tuple(rows), tuple(faults), columns, read)


def cell_name(column: int, row: int) -> str:
    """The name of a cell, columns from 0 and rows from 1: (2, 7) is C7."""
    letters = chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
    return f"{letters}{row}"


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Sequence[CellValue]
    columns: Mapping[str, int]
    decimal_sign: str | None
    faults: list[CellFault]

    def read(self) -> FileRow | None:
        indicator_id = self._try("indicator", _id)
        day = self._try("day", day_of)
        value = self._try("value", self._number)
        unit_id = self._try("unit", _id, is_optional=True)
        weight = self._try("weight", self._weight, is_optional=True)
        source = self._try("source", lambda cell: _text(cell, _LONGEST["source"]), is_optional=True)
        reason = self._try("reason", lambda cell: _text(cell, _LONGEST["reason"]), is_optional=True)
        if self.faults or indicator_id is None or day is None or value is None:
            return None
        reading = Reading(day, value, None, reason, unit_id, weight, source)
        return FileRow(self.number, indicator_id, reading)

    def _try(self, column: str, reader: Callable[[CellValue], T], *, is_optional: bool = False) -> T | None:
        """The cell's value; None when it is empty and may be, or is at fault."""
        place = self.columns.get(column)
        cell = None if place is None else self.cells[place]
        if (cell is None or (isinstance(cell, str) and not cell.strip())) and is_optional:
            return None
        try:
            return reader(cell)
        except Refusal as refusal:
            self.faults.append(CellFault(cell_name(place or 0, self.number), refusal))
            return None

    def _number(self, cell: CellValue) -> Decimal:
        return number_of(cell, decimal_sign=self.decimal_sign)

    def _weight(self, cell: CellValue) -> Decimal:
        weight = self._number(cell)
        if weight <= 0:
            raise WeightNotPositive(value=weight)
        return weight


def _columns(headings: Sequence[CellValue]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = COLUMN_OF.get(str(heading).strip().casefold())
        if column is None:
            continue
        if column in found:
            raise ColumnTwice(column=column)
        found[column] = place
    missing = [column for column in _NEEDED if column not in found]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing))
    return found


def _id(cell: CellValue) -> UUID:
    text = str(cell).strip().lower() if isinstance(cell, str) else ""
    if not _UUID.fullmatch(text):
        raise NotAnId(value=_CONTROL.sub("\ufffd", str(cell))[:100])
    return UUID(text)


def _text(cell: CellValue, most: int) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFC", str(cell)).strip()
    if len(text) > most or _CONTROL.search(text):
        raise OddText(most=most)
    return text
