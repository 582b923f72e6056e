"""What a filled-in workbook would change in its plan, row by row, and the rows that cannot be."""

import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst_benefits.domain.measurement_files.rows import CellFault
from gevinst_benefits.domain.plan_workbooks.columns import (
    BENEFITS,
    PREREQUISITE,
    RISK,
    RISKS,
    TABLES,
    Column,
    Kind,
    Table,
)
from gevinst_benefits.domain.plan_workbooks.filling import PlanRecords, Record, Shown, value_of
from gevinst_benefits.domain.plan_workbooks.reading import FileRead, FileRow, SheetFault
from gevinst_benefits.domain.plan_workbooks.refusals import (
    NameNotKnown,
    NotAChoice,
    NumberTaken,
    RecordNotKnown,
    RowIsHistory,
    RowMoved,
    ThereTwice,
    TooManyRows,
)
from gevinst_shared.values.refusal import Refusal

Json = dict[str, Any]
MOST_CHANGED = 1000
_OWN = frozenset({"code", "benefit", "what", "reason"})


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that says something else than the record does; `before` is None in a new row."""

    key: str
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is new or says something else; `of` is its benefit's id, or the new row of table A."""

    row: FileRow
    of: "str | FileRow | None"
    cells: tuple[CellChange, ...]
    body: Json

    @property
    def is_new(self) -> bool:
        return self.row.record is None

    @property
    def name(self) -> str:
        key = self.row.table.identity[0] if self.row.table.key != "F" else "risk"
        return str(self.row.values.get(key) or "")


@dataclass(slots=True)
class Review:
    changes: list[RowChange] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)

    @property
    def cell_count(self) -> int:
        return sum(len(change.cells) for change in self.changes)

    @property
    def digest(self) -> str:
        """The same for the same changes of the same records: what was seen is what is applied."""
        told = [
            f"{one.row.table.key} {one.row.id_text or one.row.number} {one.row.revision}"
            f" {one.of if isinstance(one.of, str | None) else one.of.number}"
            f" {[(cell.key, cell.before, cell.after) for cell in one.cells]!r}"
            for one in self.changes
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def review(read: FileRead, records: PlanRecords) -> Review:
    """Every row that would add or change something, those of table A first, and every fault."""
    found = Review(faults=list(read.faults))
    numbered = _numbered(read.rows, records, found)
    taken = _identities(read.rows, records)
    seen: set[str] = set()
    for row in read.rows:
        try:
            change = _change(row, numbered, seen)
            if change is None:
                continue
            _refuse_twice(change, taken)
        except Refusal as refusal:
            row.is_faulty = True
            found.faults.append(SheetFault(row.sheet, CellFault(row.cell(refusal.pointer or ""), refusal)))
            continue
        if not row.is_faulty:
            found.changes.append(change)
    if len(found.changes) > MOST_CHANGED:
        raise TooManyRows(what="changed rows", count=len(found.changes), most=MOST_CHANGED)
    return found


def _numbered(rows: Sequence[FileRow], records: PlanRecords, found: Review) -> Mapping[str, "str | FileRow"]:
    """Whose each number is: those of the file first, then those of benefits that are not in it."""
    numbered: dict[str, str | FileRow] = {}
    in_file = {row.id_text for row in rows if row.table is BENEFITS}
    for key, code in records.codes.items():
        if key not in in_file:
            numbered[code.casefold()] = key
    for row in rows:
        said = row.values.get("code")
        if row.table is not BENEFITS or not isinstance(said, str):
            continue
        if said.casefold() in numbered:
            row.is_faulty = True
            found.faults.append(
                SheetFault(row.sheet, CellFault(row.cell("code"), NumberTaken(value=said[:100])))
            )
            continue
        numbered[said.casefold()] = row if row.record is None else row.record.id
    return numbered


def _identities(rows: Sequence[FileRow], records: PlanRecords) -> dict[tuple[str, ...], str]:
    """Who is who: the records as they would read after the file, by what tells them apart."""
    named = {row.id_text: row for row in rows if row.record is not None}
    taken = {}
    for key, held in records.tables.items():
        for record in held:
            row = named.get(record.id)
            if row is None or not _said(row):
                of = "" if key == BENEFITS.key else record.benefit_id
                taken[_identity(row, record, of, TABLES[key])] = record.id
    return taken


def _change(row: FileRow, numbered: Mapping[str, "str | FileRow"], seen: set[str]) -> RowChange | None:
    if row.id_text:
        if row.record is None:
            raise RecordNotKnown
        if row.id_text in seen:
            raise ThereTwice(name=row.id_text)
        seen.add(row.id_text)
    cells = _said(row)
    of = None if row.table is BENEFITS else _benefit(row, numbered, is_needed=bool(cells))
    if row.record is None:
        _refuse_unsaid(row)
    else:
        _refuse_moved(row, row.record, of)
        if not cells:
            return None
        if row.table.key == "D":
            raise RowIsHistory(pointer=cells[0].key)
    return RowChange(row, of, cells, body_of(row, cells))


def _refuse_unsaid(row: FileRow) -> None:
    if row.table is RISKS and not row.values.get("what") and not row.is_faulty:
        raise NotAChoice(value="", choices=f"{RISK}, {PREREQUISITE}", pointer="what")


def _refuse_moved(row: FileRow, record: Record, of: "str | FileRow | None") -> None:
    if row.table is not BENEFITS and of != record.benefit_id:
        raise RowMoved(pointer="benefit")
    if "what" in row.values and row.values["what"] != record.what:
        raise RowMoved(pointer="what")


def _benefit(
    row: FileRow, numbered: Mapping[str, "str | FileRow"], *, is_needed: bool
) -> "str | FileRow | None":
    said = row.values.get("benefit")
    if row.record is not None and said in (None, row.record.benefit_id):
        return row.record.benefit_id
    found = numbered.get(str(said or "").casefold())
    if found is None and (is_needed or said is not None):
        raise NameNotKnown(value=str(said or "")[:100], pointer="benefit")
    return found


def _said(row: FileRow) -> tuple[CellChange, ...]:
    """The cells that say something else than the record does; a reason by itself says nothing."""
    cells = []
    for column in row.table.columns:
        if column.key not in row.values or column.key in _OWN:
            continue
        before = None if row.record is None else value_of(column, row.record)
        after = row.values[column.key]
        if before != after:
            cells.append(CellChange(column.key, before, after))
    return tuple(cells)


def _identity(row: FileRow | None, record: Record | None, of: str, table: Table) -> tuple[str, ...]:
    """What tells a row of table `table` and benefit `of` from others, as the file says it."""
    columns = {column.key: column for column in table.columns}
    parts = [table.key, of]
    for key in table.identity:
        if row is not None and key in row.values:
            value = row.values[key]
        else:
            value = None if record is None else value_of(columns[key], record)
        parts.append(str(value).casefold())
    return tuple(parts)


def _refuse_twice(change: RowChange, taken: dict[tuple[str, ...], str]) -> None:
    """Refuse a second row of the same thing: a file that is sent again must not add it again."""
    row = change.row
    of = f"new {change.of.number}" if isinstance(change.of, FileRow) else change.of or ""
    identity = _identity(row, row.record, of, row.table)
    if identity in taken:
        key = "risk" if row.table.key == "F" else row.table.identity[0]
        raise ThereTwice(name=change.name[:100], pointer=key)
    taken[identity] = row.id_text or f"new {row.number}"


def body_of(row: FileRow, cells: Sequence[CellChange]) -> Json:
    """The record's members with those of the row in place: what would be sent to change it by hand."""
    body: Json = {} if row.record is None else deepcopy(row.record.members)
    body.pop("reason", None)
    columns = {column.key: column for column in row.table.columns}
    for cell in cells:
        _put(body, columns[cell.key], cell.after)
    if row.values.get("reason") is not None:
        body["reason"] = row.values["reason"]
    return body


def column_at(table: Table, where: Sequence[str]) -> str:
    """The key of the column that says the member at `where`; the nearest one, or the first that is needed."""
    best, length = table.identity[0], 0
    for column in table.columns:
        if not column.is_input or not column.path:
            continue
        shared = 0
        for part in where:
            shared += shared < len(column.path) and part == column.path[shared]
        if shared > length:
            best, length = column.key, shared
    return best


def _put(body: Json, column: Column, value: Shown) -> None:
    """Set the member, or take it away with what is empty above it."""
    *above, last = column.path
    at = body
    chain = []
    for part in above:
        if value is None and part not in at:
            return
        chain.append((at, part))
        at = at.setdefault(part, {})
    if value is not None:
        at[last] = _wire(column.kind, value)
        return
    at.pop(last, None)
    for holder, part in reversed(chain):
        if not holder[part]:
            del holder[part]


def _wire(kind: Kind, value: Shown) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case str() if kind is Kind.DAYS:
            return [day.strip() for day in value.split(";")]
        case _:
            return value
