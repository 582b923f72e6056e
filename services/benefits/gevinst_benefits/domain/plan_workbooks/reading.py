"""The rows of a plan's workbook as somebody filled them in, and every cell that means nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isclose
from uuid import UUID

from gevinst_benefits.domain.measurement_files.cells import day_of, number_of
from gevinst_benefits.domain.measurement_files.rows import CellFault, cell_name
from gevinst_benefits.domain.plan_workbooks.columns import TABLES, YEARS_KEY, Column, Kind, Table
from gevinst_benefits.domain.plan_workbooks.filling import (
    Names,
    PlanRecords,
    Record,
    Shown,
    Words,
    records_by_id,
    shown_value,
    value_of,
)
from gevinst_benefits.domain.plan_workbooks.refusals import (
    CellNotTaken,
    NameNotKnown,
    NotAChoice,
    NotThisWorkbook,
    TooManyRows,
    WorkbookOfAnother,
)
from gevinst_benefits.domain.plan_workbooks.xlsx import HEAD_ROWS, HIDDEN, MARK
from gevinst_shared.sheets.reading import CellValue
from gevinst_shared.sheets.reading import Table as SheetTable
from gevinst_shared.values.refusal import Refusal

MOST_ROWS = 2000
_LONGEST_TEXT = 10_000


@dataclass(slots=True)
class FileRow:
    """A row: which record it is, if any, and the values of the columns that are there.

    A cell that reads as the record does has the record's own value, also where a spreadsheet cannot hold
    all its digits.
    """

    table: Table
    number: int
    record: Record | None
    id_text: str
    revision: int | None
    places: Mapping[str, int]
    values: dict[str, Shown] = field(default_factory=dict)
    sheet: str = ""
    is_faulty: bool = False

    def cell(self, key: str) -> str:
        """The cell of a column, such as "C7"; the first one of the row when the column is not there."""
        place = self.places.get(key)
        return cell_name(min(self.places.values(), default=0) if place is None else place, self.number)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """A fault and the sheet that it is on."""

    sheet: str
    fault: CellFault


@dataclass(frozen=True, slots=True)
class FileRead:
    rows: Sequence[FileRow]
    faults: Sequence[SheetFault]


def read_plan_tables(
    sheets: Sequence[SheetTable], records: PlanRecords, all_words: Mapping[str, Words]
) -> FileRead:
    """The rows of the sheets that are tables of this project's plan; `all_words` by language."""
    found: list[tuple[Table, SheetTable]] = []
    is_known = False
    for sheet in sheets:
        key, project = _marked(sheet)
        is_known = is_known or key == YEARS_KEY or key in TABLES
        if project and project != str(records.project_id):
            raise WorkbookOfAnother(project=project)
        if key in TABLES:
            found.append((TABLES[key], sheet))
    if not is_known:
        raise NotThisWorkbook
    rows: list[FileRow] = []
    faults: list[SheetFault] = []
    for table, sheet in sorted(found, key=lambda one: one[0].key):
        if len(sheet.rows) - HEAD_ROWS > MOST_ROWS:
            raise TooManyRows(what=sheet.name, count=len(sheet.rows) - HEAD_ROWS, most=MOST_ROWS)
        its_rows, its_faults = _rows(table, sheet, records, all_words)
        rows += its_rows
        faults += [SheetFault(sheet.name, fault) for fault in its_faults]
    return FileRead(rows, faults)


def _marked(sheet: SheetTable) -> tuple[str, str]:
    """Which table of which project the sheet's first cell says that it is; a template is of none."""
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
    parts = first.split(":") if isinstance(first, str) else []
    if len(parts) != 4 or parts[0] != MARK or parts[3] != HIDDEN[0]:
        return "", ""
    try:
        return parts[1], str(UUID(parts[2])) if parts[2] else ""
    except ValueError:
        return "", ""


def _rows(
    table: Table, sheet: SheetTable, records: PlanRecords, all_words: Mapping[str, Words]
) -> tuple[list[FileRow], list[CellFault]]:
    heads = sheet.rows[0]
    wanted = {column.key: column for column in table.columns if column.is_input}
    places = {str(head): place for place, head in reversed(list(enumerate(heads))) if head in wanted}
    hidden = {name: heads.index(name) for name in HIDDEN[1:] if name in heads}
    known = records_by_id(records, table.key)
    rows, faults = [], []
    for at, cells in enumerate(sheet.rows[HEAD_ROWS:], start=HEAD_ROWS):
        if all(cells[place] is None for place in places.values()):
            continue
        id_text = str(cells[0] or "").strip().lower()
        revision = cells[hidden["revision"]] if "revision" in hidden else None
        row = FileRow(table, at + 1 - sheet.offset, known.get(id_text), id_text, _whole(revision), places)
        row.sheet = sheet.name
        for key, place in places.items():
            try:
                row.values[key] = _value(wanted[key], cells[place], row.record, records.names, all_words)
            except Refusal as refusal:
                faults.append(CellFault(row.cell(key), refusal))
                row.is_faulty = True
        rows.append(row)
    return rows, faults


def _value(
    column: Column,
    cell: CellValue,
    record: Record | None,
    names: Names,
    all_words: Mapping[str, Words],
) -> Shown:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    current = None if record is None else value_of(column, record)
    if current is not None and _reads_as(column, cell, current, names, all_words):
        return current
    if column.kind in _FIGURES:
        return _FIGURES[column.kind](cell)
    text = _text(cell)
    if column.kind is Kind.CHOICE:
        return _choice(column, text, all_words)
    if column.kind not in _NAMED:
        return text
    found = names.found(column.kind, text)
    if found is None:
        raise NameNotKnown(value=text[:100])
    return found


def _reads_as(
    column: Column, cell: CellValue, current: Shown, names: Names, all_words: Mapping[str, Words]
) -> bool:
    """Whether the cell is as the download had it."""
    if isinstance(current, Decimal | int):
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return False
        return isclose(float(cell), float(current), rel_tol=1e-14)
    if isinstance(current, str) and isinstance(cell, str):
        reads = (shown_value(column, current, names, words) for words in all_words.values())
        return cell in {str(one).replace("\r\n", "\n") for one in reads}
    return isinstance(current, date) and cell == current


def _choice(column: Column, text: str, all_words: Mapping[str, Words]) -> str:
    wanted = text.casefold()
    if not column.words:
        found = next((code for code in column.choices if code.casefold() == wanted), None)
    else:
        words = [every["choices"][column.words] for every in all_words.values()]
        found = next(
            (
                code
                for code in column.choices
                if wanted == code or any(wanted == str(one[code]).casefold() for one in words)
            ),
            None,
        )
    if found is not None:
        return found
    if column.is_open:
        return text
    raise NotAChoice(value=text[:100], choices=", ".join(column.choices))


def _days(cell: CellValue) -> str:
    if not isinstance(cell, str):
        return day_of(cell).isoformat()
    days = [day_of(part) for part in cell.replace("\n", ";").split(";") if part.strip()]
    return "; ".join(day.isoformat() for day in sorted(set(days)))


def _text(cell: CellValue) -> str:
    if isinstance(cell, bool):
        raise CellNotTaken(reason="a yes or no where text belongs")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if len(text) > _LONGEST_TEXT:
        raise CellNotTaken(reason=f"longer than {_LONGEST_TEXT} characters")
    return text


def _number(cell: CellValue) -> Decimal:
    return number_of(cell, decimal_sign=None)


def _exact_whole(cell: CellValue) -> int:
    number = _number(cell)
    if number != number.to_integral_value():
        raise CellNotTaken(reason="a whole number belongs here")
    return int(number)


def _whole(cell: CellValue) -> int | None:
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return int(cell) if is_number and 0 < cell < 1e9 else None  # type: ignore[arg-type,operator]


_FIGURES: Mapping[Kind, Callable[[CellValue], Shown]] = {
    Kind.NUMBER: _number,
    Kind.WHOLE: _exact_whole,
    Kind.DAY: day_of,
    Kind.DAYS: _days,
}
_NAMED = frozenset({Kind.UNIT, Kind.PERSON, Kind.DELIVERY})
