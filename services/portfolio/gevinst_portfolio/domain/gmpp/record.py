"""One record of a GMPP table read into a project, with a report of every doubtful cell."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TypeVar

from gevinst_portfolio.domain.gmpp.cells import (
    CellState,
    absence,
    read_confidence,
    read_date,
    read_pounds,
    read_text,
)
from gevinst_portfolio.domain.gmpp.columns import PROSE, Column
from gevinst_portfolio.domain.gmpp.fields import Field, scale_of, unit_of
from gevinst_portfolio.domain.gmpp.file import Table
from gevinst_portfolio.domain.gmpp.projects import CellReport, ImportedProject, Rating

_LONGEST_RAW = 500
_LONGEST_IDENTIFIER = 64
_FIRST_YEAR_OF_THREE_LEVELS = 2022

Value = TypeVar("Value")


@dataclass(slots=True)
class RecordReader:
    """Reads one record; `reports` and `texts` fill up on the way. `line` counts records from 0."""

    table: Table
    columns: Sequence[Column]
    line: int
    key: str
    year: int
    reports: list[CellReport] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def project(self) -> ImportedProject:
        """The project; nothing in it is guessed, and no text of the record is left behind."""
        self._keep_prose()
        identifier = self._value(Field.IDENTIFIER, read_identifier)
        project = ImportedProject(
            key=self.key,
            number=len(self.table.above) + self.line + 2,
            identifier=identifier,
            name=self._name(identifier),
            department=self._value(Field.DEPARTMENT, _one_line),
            category=self._value(Field.CATEGORY, _one_line),
            description=self._value(Field.DESCRIPTION, read_text),
            start_date=self._value(Field.START_DATE, read_date),
            end_date=self._value(Field.END_DATE, read_date),
            ratings=tuple(self._ratings()),
            year_baseline=self._pounds(Field.YEAR_BASELINE),
            year_forecast=self._pounds(Field.YEAR_FORECAST),
            whole_life_cost=self._pounds(Field.WHOLE_LIFE_COST),
            whole_life_cost_narrative=self._value(Field.WHOLE_LIFE_COST_NARRATIVE, read_text),
            total_benefits=self._pounds(Field.TOTAL_BENEFITS),
            texts=self.texts,
        )
        self._look_for_contradiction(project)
        self._look_for_damage()
        return project

    def reports_in_order(self) -> list[CellReport]:
        """What `project()` found, as the cells follow one another in the file."""
        return sorted(self.reports, key=lambda report: (report.row, report.column))

    def _value(self, wanted: Field, read: Callable[[str], Value | CellState]) -> Value | None:
        column = next((column for column in self.columns if column.field is wanted), None)
        return self._read(column, read) if column else None

    def _read(self, column: Column, read: Callable[[str], Value | CellState]) -> Value | None:
        text = self._cells[column.position]
        found = read(text)
        if not isinstance(found, CellState):
            return found
        self._report(column, found)
        self._keep(column)
        return None

    def _pounds(self, wanted: Field) -> Decimal | None:
        label = next((column.label for column in self.columns if column.field is wanted), "")
        return self._value(wanted, partial(read_pounds, unit=unit_of(label)))

    def _name(self, identifier: str | None) -> str:
        """The name as published; a project that has only an identifier goes by that, and it is reported."""
        column = next(column for column in self.columns if column.field is Field.NAME)
        if state := absence(self._cells[column.position]):
            self._report(column, state)
        return name_in(self.columns, self._cells) or identifier or self.key

    def _ratings(self) -> Iterator[Rating]:
        for column in self.columns:
            if column.field is Field.RATING and (confidence := self._read(column, read_confidence)):
                yield Rating(column.authority, confidence, self._levels(column))

    def _levels(self, column: Column) -> int:
        return scale_of(column.label) or (3 if self.year >= _FIRST_YEAR_OF_THREE_LEVELS else 5)

    def _keep_prose(self) -> None:
        for column in self.columns:
            if column.field is None or column.field in PROSE:
                self._keep(column)
            if column.field in PROSE and (state := absence(self._cells[column.position])):
                self._report(column, state)

    def _look_for_contradiction(self, project: ImportedProject) -> None:
        if project.start_date and project.end_date and project.end_date < project.start_date:
            column = next(column for column in self.columns if column.field is Field.END_DATE)
            self._report(column, CellState.CONTRADICTORY)

    def _look_for_damage(self) -> None:
        if not self.table.has_damage:
            return
        for column in self.columns:
            if _DAMAGE.search(self._cells[column.position]):
                self._report(column, CellState.DAMAGED)

    def _keep(self, column: Column) -> None:
        if text := self._cells[column.position].strip():
            self.texts[column.label] = text

    def _report(self, column: Column, state: CellState) -> None:
        row, place = self.table.place(len(self.table.above) + 1 + self.line, column.position)
        raw = self._cells[column.position].strip()[:_LONGEST_RAW]
        self.reports.append(CellReport(self.key, column.field, column.label, row, place, state, raw))

    @property
    def _cells(self) -> tuple[str, ...]:
        return self.table.records[self.line]


_DAMAGE = re.compile(r"\\x[0-9a-f]{2}|\ufffd")


def read_identifier(text: str) -> str | CellState:
    """A GMPP identifier in capitals: some years write `DfT_…` for `DFT_…`."""
    if state := absence(text):
        return state
    plain = text.strip().upper()
    return plain if re.fullmatch(rf"\S{{1,{_LONGEST_IDENTIFIER}}}", plain) else CellState.NOT_UNDERSTOOD


def key_parts(columns: Sequence[Column], cells: Sequence[str]) -> tuple[str | None, str, str | None]:
    """Identifier, name and department of a record, as far as it has them: what its key is made of."""
    identifier = read_identifier(_cell_of(Field.IDENTIFIER, columns, cells))
    department = _one_line(_cell_of(Field.DEPARTMENT, columns, cells))
    return (
        None if isinstance(identifier, CellState) else identifier,
        name_in(columns, cells),
        None if isinstance(department, CellState) else department,
    )


def name_in(columns: Sequence[Column], cells: Sequence[str]) -> str:
    """The project's name on one line, or nothing."""
    return " ".join(_cell_of(Field.NAME, columns, cells).split())


def _cell_of(wanted: Field, columns: Sequence[Column], cells: Sequence[str]) -> str:
    return next((cells[column.position] for column in columns if column.field is wanted), "")


def _one_line(text: str) -> str | CellState:
    return absence(text) or " ".join(text.split())
