"""What a workbook of a portfolio shows. Money is in the portfolio's currency and price year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter

# The words of the workbook in the reader's language, by key.
Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project as registered. `needs[r]` and `spending[kind]` count quarters from the start."""

    id: str
    revision: int
    name: str
    need: str | None
    category: str | None
    source: str
    source_key: str | None
    is_statutory: bool
    unit: str | None
    start: date | None
    end: date | None
    cost: Decimal | None
    benefit: Decimal | None
    cost_by_year: Mapping[tuple[int, CostKind], Decimal]
    needs: Mapping[str, tuple[Decimal, ...]]
    spending: Mapping[CostKind, tuple[Decimal, ...]]
    registration: str
    status: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """`worst` and `best` are the ends of the scale, whichever is the larger number."""

    id: str
    name: str
    weight: float
    worst: float
    best: float


@dataclass(frozen=True, slots=True)
class ResourceLine:
    id: str
    revision: int
    name: str
    kind: str
    measure: str
    capacity: Mapping[Quarter, Decimal]


@dataclass(frozen=True, slots=True)
class PortfolioFigures:
    """All that the workbook shows. `scores[project][criterion]` are the reader's own.

    `starts` is when each chosen project begins, by the scenario or as registered; `first` is where the
    horizon of `quarters` begins. `score_revisions` tell one state of the reader's
    scores of a project from another.
    """

    id: str
    name: str
    projects: Sequence[ProjectLine]
    units: Sequence[str]
    criteria: Sequence[CriterionLine]
    scores: Mapping[str, Mapping[str, Decimal]]
    score_revisions: Mapping[str, str]
    resources: Sequence[ResourceLine]
    budget: Mapping[tuple[int, CostKind], Decimal]
    budget_version: int
    starts: Mapping[str, Quarter]
    first: Quarter
    quarters: int


def number(value: Decimal | None) -> float | None:
    """As a cell holds it: up to fifteen digits are exact."""
    return None if value is None else float(value)
