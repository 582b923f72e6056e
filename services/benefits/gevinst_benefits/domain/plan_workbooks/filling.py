"""A plan's records as the rows of its workbook: values as people read them, in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.plan_workbooks.columns import (
    PREREQUISITE,
    RISK,
    Column,
    Kind,
)

Json = dict[str, Any]
Words = Mapping[str, Any]
# What a cell shows, and what is compared: text as it reads, exact numbers, days.
Shown = str | Decimal | int | date | None
_PLACE = files("gevinst_benefits") / "texts" / "plan_workbook"
_LETTERS = {"money": "M", "time": "T", "quality": "Q"}


@dataclass(frozen=True, slots=True)
class Names:
    """What units, people and deliveries are called, by id; benefits by their number in the workbook."""

    of: Mapping[Kind, Mapping[str, str]]

    def name(self, kind: Kind, record_id: str) -> str:
        return self.of[kind].get(record_id, record_id)

    def found(self, kind: Kind, text: str) -> str | None:
        """The id that a name or an id in a cell stands for, or None."""
        wanted = text.casefold()
        if wanted in self.of[kind]:
            return wanted
        return next((key for key, name in self.of[kind].items() if name.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: a record as the API shows it, and the number of its benefit. `what` is used by table F."""

    members: Json
    benefit_id: str
    code: str
    what: str = ""

    @property
    def id(self) -> str:
        return str(self.members["id"])

    @property
    def revision(self) -> int | None:
        return self.members.get("revision")


@dataclass(frozen=True, slots=True)
class PlanYears:
    """One row of table B: our part of a benefit by year, in its own unit."""

    benefit_id: str
    counted_in: str
    ledger: str
    years: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class PlanRecords:
    """All that a workbook shows of a plan, by table."""

    project_id: UUID
    project_name: str
    tables: Mapping[str, Sequence[Record]]
    years: Sequence[PlanYears]
    names: Names
    codes: Mapping[str, str] = field(default_factory=dict)


@cache
def workbook_words(language: str) -> Words:
    """The words by key; `language` is one of ours."""
    words: Words = json.loads((_PLACE / f"{language}.json").read_text(encoding="utf-8"))
    return words


def codes_of(benefits: Sequence[Json]) -> dict[str, str]:
    """A number for each benefit, by its ledger (C7): M1, M2, T1, Q1 … in the order given."""
    counts = dict.fromkeys(_LETTERS, 0)
    codes = {}
    for members in benefits:
        ledger = members["estimate"]["ledger"]
        counts[ledger] += 1
        codes[str(members["id"])] = f"{_LETTERS[ledger]}{counts[ledger]}"
    return codes


def told_apart(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Names by id; those that several have are told apart by their ids."""
    seen: dict[str, int] = {}
    for _, name in names:
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
    return {key: name if seen[name.casefold()] == 1 else f"{name} ({key})" for key, name in names}


def value_of(column: Column, record: Record) -> Shown:
    """The value of a cell before it is put into words: codes and ids as they are."""
    if column.key == "code":
        return record.code
    if column.kind is Kind.BENEFIT:
        return record.benefit_id
    if column.key == "what":
        return record.what
    if column.key == "reason" or not column.path:
        return None  # a reason is of the next change, not of the last
    found: Any = record.members
    for part in column.path:
        found = found.get(part) if isinstance(found, dict) else None
    return _typed(column.kind, found)


def shown_value(column: Column, value: Shown, names: Names, words: Words) -> Shown:
    """The value as it reads in the cell."""
    if value is None or not isinstance(value, str):
        return value
    if column.kind is Kind.CHOICE and column.words:
        return str(words["choices"][column.words].get(value, value))
    if column.kind in names.of:
        return names.name(column.kind, value)
    return value


def records_by_id(records: PlanRecords, key: str) -> dict[str, Record]:
    """The records of a table by the text of their ids."""
    return {record.id: record for record in records.tables.get(key, ())}


def what_of(table_key: str, members: Json) -> str:
    """Table F holds two kinds of records, told apart by what they have."""
    if table_key != "F":
        return ""
    return RISK if "probability" in members else PREREQUISITE


def _typed(kind: Kind, value: Any) -> Shown:  # noqa: ANN401 - a member as JSON has it
    if value in (None, "", []):
        return None
    match kind:
        case Kind.NUMBER:
            return Decimal(value)
        case Kind.WHOLE:
            return int(value)
        case Kind.DAY:
            return date.fromisoformat(value)
        case Kind.DAYS:
            return "; ".join(value)
        case _:
            return str(value)
