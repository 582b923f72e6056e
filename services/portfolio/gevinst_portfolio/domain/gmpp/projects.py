"""What an imported GMPP file holds: its projects, and a report of every cell that gave no value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from gevinst_portfolio.domain.gmpp.cells import CellState, Confidence
from gevinst_portfolio.domain.gmpp.fields import Authority, Field


@dataclass(frozen=True, slots=True)
class Rating:
    """Delivery confidence by one authority; of 3 `levels`, amber is a wider one than of 5."""

    authority: Authority
    confidence: Confidence
    levels: int


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """One project of one year's file; money is in pounds, None where the file discloses nothing.

    `key` is the same whenever the same file is imported again. `number` is the project's column in the file
    (row, where the file has one row per project), from 1. `texts` holds, by label, every cell with content
    that is not carried in full by another member.
    """

    key: str
    number: int
    identifier: str | None
    name: str
    department: str | None
    category: str | None
    description: str | None
    start_date: date | None
    end_date: date | None
    ratings: tuple[Rating, ...]
    year_baseline: Decimal | None
    year_forecast: Decimal | None
    whole_life_cost: Decimal | None
    whole_life_cost_narrative: str | None
    total_benefits: Decimal | None
    texts: Mapping[str, str]

    @property
    def rating(self) -> Rating | None:
        """The central authority's rating, else the one of the project's own SRO."""
        return min(self.ratings, key=lambda rating: rating.authority is Authority.SRO, default=None)


@dataclass(frozen=True, slots=True)
class CellReport:
    """A cell that gave no value, or a doubtful one; `raw` is its text, cut at 500 characters.

    `field` is None for a damaged cell of a field that is not known.
    """

    project_key: str
    field: Field | None
    label: str
    row: int
    column: int
    state: CellState
    raw: str


class FindingKind(StrEnum):
    """What there is to say about a file beyond single cells of known fields."""

    UNKNOWN_FIELD = "unknown-field"
    REPEATED_FIELD = "repeated-field"
    ABSENT_FIELD = "absent-field"
    NOTE = "note"
    LEFT_OUT = "left-out"
    IDENTIFIER_CLASH = "identifier-clash"
    NAME_CLASH = "name-clash"
    YEAR_DIFFERS = "year-differs"
    STRAY_QUOTE = "stray-quote"
    UNEVEN_ROW = "uneven-row"
    ROW_SET_ASIDE = "row-set-aside"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the file, at a row, a column or both (from 1); what `text` quotes is not cut."""

    kind: FindingKind
    row: int | None
    column: int | None
    text: str


class YearSource(StrEnum):
    """How the file's year is known, the surest first."""

    LABELS = "labels"
    CALLER = "caller"
    FILE_NAME = "file-name"
    IDENTIFIERS = "identifiers"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """All that one file says; `year` is the year of publication, the end of its financial year."""

    currency: ClassVar[str] = "GBP"

    year: int
    year_source: YearSource
    encoding: str
    delimiter: str
    is_transposed: bool
    projects: tuple[ImportedProject, ...]
    cells: tuple[CellReport, ...]
    findings: tuple[Finding, ...]
