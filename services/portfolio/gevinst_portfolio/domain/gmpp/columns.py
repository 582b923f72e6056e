"""What stands where in a GMPP table: its labelled columns, and the notes around them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gevinst_portfolio.domain.gmpp.fields import Authority, Field, authority_of, field_of
from gevinst_portfolio.domain.gmpp.file import Table
from gevinst_portfolio.domain.gmpp.projects import Finding, FindingKind

# Kept as text; and these may come in several columns, while of the others a second one is not read.
PROSE = frozenset(
    {
        Field.RATING_COMMENTARY,
        Field.SCHEDULE_NARRATIVE,
        Field.VARIANCE_NARRATIVE,
        Field.BENEFITS_NARRATIVE,
        Field.YEAR_VARIANCE,
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the upright table; `label` is unique in its file, `field` is None when not known."""

    position: int
    label: str
    field: Field | None
    authority: Authority


def columns_of(table: Table) -> tuple[list[Column], list[Finding]]:
    """The columns that hold something or name a field; findings for what is not known or not there."""
    columns: list[Column] = []
    findings: list[Finding] = []
    labels: Counter[str] = Counter()
    taken: set[tuple[Field, Authority]] = set()
    for position, raw in enumerate(table.labels):
        found, authority = field_of(raw), authority_of(raw)
        if found is None and not any(record[position].strip() for record in table.records):
            findings.extend(_notes(table, len(table.above), position, raw))
            continue
        row, column = table.place(len(table.above), position)
        label = " ".join(raw.split()) or f"({row}, {column})"
        labels[label] += 1
        if labels[label] > 1:
            label = f"{label} #{labels[label]}"
        if found is None:
            findings.append(Finding(FindingKind.UNKNOWN_FIELD, row, column, label))
        elif found not in PROSE and (found, authority) in taken:
            findings.append(Finding(FindingKind.REPEATED_FIELD, row, column, label))
            found = None
        else:
            taken.add((found, authority))
        columns.append(Column(position, label, found, authority))
    return columns, findings + _absent(columns)


def notes_above(table: Table) -> list[Finding]:
    """Titles and remarks before the labels."""
    return [
        note
        for line, cells in enumerate(table.above)
        for position, text in enumerate(cells)
        for note in _notes(table, line, position, text)
    ]


def remarks_of(table: Table, line: int, record: Sequence[str]) -> list[Finding]:
    """The one filled cell of a record that has no other, which makes it a remark below the table."""
    filled = [(position, text) for position, text in enumerate(record) if text.strip()]
    return list(_notes(table, line, *filled[0])) if len(filled) == 1 else []


def _notes(table: Table, line: int, position: int, text: str) -> Iterator[Finding]:
    if text.strip():
        row, column = table.place(line, position)
        yield Finding(FindingKind.NOTE, row, column, text.strip())


def _absent(columns: Sequence[Column]) -> list[Finding]:
    """A finding for each field that the file does not have at all: its figures are missing, not zero."""
    there = {column.field for column in columns}
    return [Finding(FindingKind.ABSENT_FIELD, None, None, field) for field in Field if field not in there]
