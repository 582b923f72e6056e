"""What importing a GMPP file changes in the register: made again, the same import changes nothing.

A column that somebody changed since the last import is left to them: the file's value is taken only where
the register still holds what the last import put there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst_portfolio.domain.gmpp.cells import CellState
from gevinst_portfolio.domain.gmpp.projects import FindingKind, ImportedFile, ImportedProject
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

SOURCE = "gmpp"
LONGEST_NAME = 200
LONGEST_PROSE = 10_000
# What gives no value where the file meant one. Withheld, missing, reset and the like are what the publisher
# says, and no fault.
FAULTY_CELLS = frozenset({CellState.NOT_UNDERSTOOD, CellState.IMPLAUSIBLE})
# What gives a value that somebody must look at.
DOUBTFUL_CELLS = frozenset({CellState.CONTRADICTORY, CellState.DAMAGED})
FAULTY_FINDINGS = frozenset(
    {FindingKind.LEFT_OUT, FindingKind.STRAY_QUOTE, FindingKind.UNEVEN_ROW, FindingKind.ROW_SET_ASIDE}
)


class OtherCurrency(Refusal):
    code = "other-currency"
    title = "The file is in another currency"
    detail = (
        "The figures of this file are in {found}, and the portfolio is in {expected}. Amounts are never "
        "converted silently: make a portfolio in {found} and import into that."
    )


class CellsNotUnderstood(Refusal):
    code = "cells-not-understood"
    title = "Some cells are not understood"
    detail = (
        "{count} cell(s) of the file are not understood, so nothing was kept. The report says which. "
        "Mend the file, or import with keep=valid to keep everything but these cells."
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """What an import writes of a project. Money is in whole hundredths of the portfolio's currency."""

    name: str
    need: str | None
    category: str | None
    start: date | None
    end: date | None
    cost_minor: int | None
    benefit_minor: int | None


NAMES = tuple(Columns.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Registered:
    """A project as an earlier import, and people since, have left it; `fields` is its `source_fields`."""

    columns: Columns
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A project to register (`is_new`) or to change, under its key in the source."""

    key: str
    columns: Columns
    fields: Mapping[str, Any]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that one file changes. `older` are those that a later year's file has spoken of since."""

    changed: tuple[Change, ...]
    unchanged: int
    older: int


def problem_count(file: ImportedFile) -> int:
    """How many places of the file are faulty or doubtful, so that they need somebody's look."""
    return fault_count(file) + sum(report.state in DOUBTFUL_CELLS for report in file.cells)


def fault_count(file: ImportedFile) -> int:
    """How many places of the file could not be read: with any, a file is kept only if the caller says so."""
    cells = sum(report.state in FAULTY_CELLS for report in file.cells)
    return cells + sum(finding.kind in FAULTY_FINDINGS for finding in file.findings)


def state_counts(file: ImportedFile) -> dict[str, int]:
    """How many places of the file are in each state."""
    states = [report.state for report in file.cells]
    return dict(sorted(Counter([*states, *(finding.kind for finding in file.findings)]).items()))


def changes(file: ImportedFile, registered: Mapping[str, Registered]) -> Changes:
    """What the file changes; `registered` are the projects that came from this source before, by key."""
    changed: list[Change] = []
    unchanged = older = 0
    for project in file.projects:
        known = registered.get(project.key)
        if known is None:
            columns = columns_of(project)
            changed.append(
                Change(project.key, columns, source_fields(project, file.year, columns), is_new=True)
            )
        elif int(known.fields.get("year", 0)) > file.year:
            older += 1
        elif change := _change(project, file.year, known):
            changed.append(change)
        else:
            unchanged += 1
    return Changes(tuple(changed), unchanged, older)


def _change(project: ImportedProject, year: int, known: Registered) -> Change | None:
    imported = columns_of(project)
    fields = source_fields(project, year, imported)
    before = known.fields.get("imported", {})
    now = _written(known.columns)
    kept = {
        name: getattr(imported if now[name] == before.get(name) else known.columns, name) for name in NAMES
    }
    columns = Columns(**_without_contradiction(kept, known.columns))
    if columns == known.columns and fields == known.fields:
        return None
    return Change(project.key, columns, fields)


def _without_contradiction(kept: dict[str, Any], current: Columns) -> dict[str, Any]:
    """The days as they are where one of people and one of the file would end before it starts."""
    start, end = kept["start"], kept["end"]
    if start is not None and end is not None and end < start:
        kept |= {"start": current.start, "end": current.end}
    return kept


def columns_of(project: ImportedProject) -> Columns:
    """The register's columns. Of days that contradict each other neither is taken: one is wrong."""
    start, end = project.start_date, project.end_date
    if start is not None and end is not None and end < start:
        start = end = None
    return Columns(
        name=_one_line(project.name) or project.key,
        need=_prose(project.description),
        category=_one_line(project.category or "") or None,
        start=start,
        end=end,
        cost_minor=_minor(project.whole_life_cost),
        benefit_minor=_minor(project.total_benefits),
    )


def source_fields(project: ImportedProject, year: int, columns: Columns) -> dict[str, Any]:
    """Everything that the file says of the project, as JSON: nothing that was imported is lost."""
    said: dict[str, Any] = {
        "year": year,
        "identifier": project.identifier,
        "name": project.name,
        "department": project.department,
        "category": project.category,
        "description": project.description,
        "start_date": _day(project.start_date),
        "end_date": _day(project.end_date),
        "year_baseline": _text(project.year_baseline),
        "year_forecast": _text(project.year_forecast),
        "whole_life_cost_narrative": project.whole_life_cost_narrative,
        "ratings": [
            {"authority": one.authority.value, "confidence": one.confidence.value, "levels": one.levels}
            for one in project.ratings
        ],
        "texts": dict(project.texts),
        "imported": _written(columns),
    }
    found: dict[str, Any] = _storable({name: value for name, value in said.items() if value is not None})
    return found


def disclosed(amounts: Iterable[Decimal | None], price_year: int) -> tuple[int, Money]:
    """How many amounts there are, and their sum, in pounds."""
    there = [amount for amount in amounts if amount is not None]
    return len(there), Money(sum(there, Decimal(0)), ImportedFile.currency, price_year)


def _written(columns: Columns) -> dict[str, Any]:
    """The columns as JSON has them."""
    values = {name: getattr(columns, name) for name in NAMES}
    return values | {"start": _day(columns.start), "end": _day(columns.end)}


def _storable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON without the one character that PostgreSQL cannot keep."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list) else value


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())[:LONGEST_NAME].strip()


def _prose(text: str | None) -> str | None:
    if text is None:
        return None
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", " ", text)[:LONGEST_PROSE].strip() or None


def _minor(pounds: Decimal | None) -> int | None:
    return None if pounds is None else Money(pounds, ImportedFile.currency, 0).minor


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
