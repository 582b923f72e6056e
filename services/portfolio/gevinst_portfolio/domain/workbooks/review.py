"""What somebody changed in a workbook, cell by cell, and every cell that cannot be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gevinst_portfolio.domain.workbooks.sheets import HEAD_ROWS, SHEET_MARK, Column, cell_name
from gevinst_portfolio.domain.workbooks.values import Typed, typed
from gevinst_shared.sheets.reading import CellValue, Table
from gevinst_shared.values.refusal import Refusal

REVISION = "revision"
# Rows whose key begins so say something to the reader, and are no records.
NOTE_MARK = "#"


class SheetMissing(Refusal):
    code = "sheet-missing"
    title = "None of our sheets is in the file"
    detail = (
        "The file holds none of the sheets of a workbook of ours. Download the workbook, and change that."
    )


class SheetTwice(Refusal):
    code = "sheet-twice"
    title = "The sheet is in the file twice"
    detail = "The tabs “{one}” and “{other}” are copies of one sheet. Keep the one that you mean."


class ColumnMissing(Refusal):
    code = "column-missing"
    title = "A column is missing"
    detail = "The hidden first row of the sheet names no column “{column}”. Download the workbook again."


class ColumnTwice(Refusal):
    code = "column-twice"
    title = "The column stands twice"
    detail = "{one} and {other} both begin the column “{column}”. Take one of them out."


class RowUnknown(Refusal):
    code = "row-unknown"
    title = "The row belongs to nothing here"
    detail = "Nothing here has the key of this row. Leave the key empty for a new one, or take the row out."


class RowTwice(Refusal):
    code = "row-twice"
    title = "The row stands twice"
    detail = "Another row, {other}, has the same key. Keep one of them."


class RowChangedMeanwhile(Refusal):
    code = "row-changed-meanwhile"
    title = "Somebody changed it meanwhile"
    detail = (
        "“{name}” was changed after you downloaded the workbook. Download it again and repeat your change."
    )


class ValueMissing(Refusal):
    code = "value-missing"
    title = "A value is missing"
    detail = "{column} must not be empty."


class ValueStays(Refusal):
    code = "value-stays"
    title = "It stays as it is"
    detail = "{column} says where “{name}” was imported from, and stays “{before}”. Put that back."


class NoNewRows(Refusal):
    code = "no-new-rows"
    title = "No new rows here"
    detail = "New rows are read on the sheet of projects only. Take the row out."


@dataclass(frozen=True, slots=True)
class Registered:
    """One row as it is registered: its revision, its name, and its inputs by column key.

    Those of the columns in `fixed` are no file's to change.
    """

    revision: str
    name: str
    values: Mapping[str, Typed]
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """One sheet as it would be downloaded now. Columns whose key is in `required` must not be empty.

    `has_own_keys`: the keys are those of another system, so that an unknown one is a new record, and rows
    have no revision of ours.
    """

    key: str
    columns: Sequence[Column]
    rows: Mapping[str, Registered]
    required: frozenset[str] = frozenset()
    takes_new: bool = False
    has_own_keys: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell that differs. `part` is the key of its sheet, whatever its tab is called.

    `key` may be None for a new record, which is then told apart by its `row`.
    """

    part: str
    sheet: str
    cell: str
    row: int
    key: str | None
    is_new: bool
    name: str
    column: str
    before: Typed
    after: Typed


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell, or one row, that cannot be taken."""

    sheet: str
    cell: str
    value: str
    refusal: Refusal


@dataclass(slots=True)
class Review:
    """Changes and faults in the order of the file. With any fault nothing is applied."""

    changes: list[Changed] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows_read: int = 0


def review(tables: Sequence[Table], expected: Sequence[Expected]) -> Review:
    """Compare the sheets of ours in a file with what is registered.

    A row that is left away is left alone: nothing is ever taken out because it is not in a file. Cells that
    are no input are not read. A row whose revision is no longer the registered one is a fault if any of its
    cells differs, and nothing otherwise.
    """
    known = {each.key: each for each in expected}
    found = Review()
    names: dict[str, str] = {}
    for table in tables:
        sheet = known.get(_sheet_key(table) or "")
        if sheet is None:
            continue
        if sheet.key in names:
            refusal = SheetTwice(one=names[sheet.key], other=table.name)
            found.faults.append(Fault(table.name, "A1", "", refusal))
            continue
        names[sheet.key] = table.name
        _review_sheet(table, sheet, found)
    if not names:
        raise SheetMissing
    return found


def _sheet_key(table: Table) -> str | None:
    """People may move columns, and with them the mark."""
    marks = [str(value) for value in table.rows[0] if str(value).startswith(SHEET_MARK)] if table.rows else []
    return marks[0].removeprefix(SHEET_MARK).partition(":")[0] if marks else None


def _review_sheet(table: Table, sheet: Expected, found: Review) -> None:
    places = _places(table, sheet)
    first = sheet.columns[0].key
    absent = [
        column.key
        for column in sheet.columns
        if column.key not in places and (column.key in {first, REVISION} | sheet.required)
    ]
    for key in absent:
        found.faults.append(Fault(table.name, "A1", "", ColumnMissing(column=key)))
    copies = _copies(table, sheet, places)
    found.faults += copies
    if absent or copies:
        return
    seen: dict[str, int] = {}
    for row in range(HEAD_ROWS, len(table.rows)):
        cells = table.rows[row]
        inputs = [c for c in sheet.columns if c.is_input and c.key in places]
        if all(_is_empty(cells[places[c.key]]) for c in inputs) and _is_empty(cells[places[first]]):
            continue
        if str(cells[places[first]]).startswith(NOTE_MARK):
            continue
        found.rows_read += 1
        _Row(table, sheet, places, row, inputs).review(seen, found)


def _keys(table: Table, sheet: Expected) -> list[str]:
    mark = f"{SHEET_MARK}{sheet.key}:"
    return [str(value or "").strip().removeprefix(mark) for value in table.rows[0]]


def _places(table: Table, sheet: Expected) -> dict[str, int]:
    """Where each column stands."""
    wanted = {column.key for column in sheet.columns}
    return {key: place for place, key in reversed(list(enumerate(_keys(table, sheet)))) if key in wanted}


def _copies(table: Table, sheet: Expected, places: Mapping[str, int]) -> list[Fault]:
    """A second column of what is read is a fault, for nobody can say which of them is meant."""
    titles = {
        c.key: c.title for c in sheet.columns if c.is_input or c is sheet.columns[0] or c.key == REVISION
    }
    faults = []
    for place, key in enumerate(_keys(table, sheet)):
        if key in titles and place != places[key]:
            one, other = (cell_name(0, at) for at in (places[key], place))
            refusal = ColumnTwice(column=titles[key], one=one, other=other)
            faults.append(Fault(table.name, other, titles[key], refusal))
    return faults


@dataclass(frozen=True, slots=True)
class _Row:
    table: Table
    sheet: Expected
    places: Mapping[str, int]
    row: int
    inputs: Sequence[Column]

    def review(self, seen: dict[str, int], found: Review) -> None:
        key = self._key()
        registered = self.sheet.rows.get(key) if key else None
        if refusal := self._refusal(key, registered, seen):
            found.faults.append(self._fault(self.sheet.columns[0], refusal))
            return
        if key:
            seen[key] = self.row
        before = {} if registered is None else registered.values
        after = self._read(before, found)
        name = registered.name if registered else str(after.get("name") or "")
        changed = [
            column
            for column in self.inputs
            if column.key in after and after[column.key] != before.get(column.key)
        ]
        if not changed:
            return
        if self._is_outdated(registered):
            found.faults.append(self._fault(changed[0], RowChangedMeanwhile(name=name)))
            return
        fixed = frozenset() if registered is None else registered.fixed
        for column in changed:
            if column.key in fixed:
                refusal = ValueStays(column=column.title, name=name, before=before[column.key])
                found.faults.append(self._fault(column, refusal))
        found.changes += [
            Changed(
                part=self.sheet.key,
                sheet=self.table.name,
                cell=self._cell(column),
                row=self.row,
                key=key,
                is_new=registered is None,
                name=name,
                column=column.key,
                before=before.get(column.key),
                after=after[column.key],
            )
            for column in changed
            if column.key not in fixed
        ]

    def _refusal(
        self, key: str | None, registered: Registered | None, seen: Mapping[str, int]
    ) -> Refusal | None:
        if key is None:
            if self.sheet.has_own_keys:
                return ValueMissing(column=self.sheet.columns[0].title)
            return None if self.sheet.takes_new else NoNewRows()
        if registered is None and not self.sheet.has_own_keys:
            return RowUnknown()
        if self.sheet.has_own_keys:
            try:
                typed(self.sheet.columns[0], key)
            except Refusal as refusal:
                return refusal
        return RowTwice(other=seen[key] + 1 - self.table.offset) if key in seen else None

    def _is_outdated(self, registered: Registered | None) -> bool:
        return (
            registered is not None
            and not self.sheet.has_own_keys
            and self._text(REVISION) != registered.revision
        )

    def _read(self, before: Mapping[str, Typed], found: Review) -> dict[str, Typed]:
        """The values of the inputs that can be read; the others become faults. A text that is registered
        already is taken as it is."""
        values: dict[str, Typed] = {}
        for column in self.inputs:
            value = self.table.rows[self.row][self.places[column.key]]
            if isinstance(value, str) and value == before.get(column.key):
                values[column.key] = value
                continue
            try:
                read = typed(column, value, decimal_sign=self.table.decimal_sign)
            except Refusal as refusal:
                found.faults.append(self._fault(column, refusal))
                continue
            if read is None and column.key in self.sheet.required:
                found.faults.append(self._fault(column, ValueMissing(column=column.title)))
            else:
                values[column.key] = read
        return values

    def _fault(self, column: Column, refusal: Refusal) -> Fault:
        value = self.table.rows[self.row][self.places[column.key]]
        told = "" if value is None else str(value)[:200]
        return Fault(self.table.name, self._cell(column), told, refusal)

    def _cell(self, column: Column) -> str:
        return cell_name(self.row - self.table.offset, self.places[column.key])

    def _key(self) -> str | None:
        return self._text(self.sheet.columns[0].key)

    def _text(self, key: str) -> str | None:
        value = self.table.rows[self.row][self.places[key]]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return None if _is_empty(value) else str(value).strip()


def _is_empty(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
