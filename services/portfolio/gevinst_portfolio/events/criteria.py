"""What the portfolio service announces of criteria and scores."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class CriteriaModelChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.criteria-model-changed.v1"
    portfolio_id: UUID
    version: int
    name: str
    criteria_count: int
    comparison_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ComparisonBegun(Fact):
    type: ClassVar[str] = "gevinst.portfolio.comparison-begun.v1"
    comparison_id: UUID
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class CriteriaCompared(Fact):
    type: ClassVar[str] = "gevinst.portfolio.criteria-compared.v1"
    comparison_id: UUID
    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class ProjectScored(Fact):
    type: ClassVar[str] = "gevinst.portfolio.project-scored.v1"
    project_id: UUID
    portfolio_id: UUID
    criterion_ids: tuple[UUID, ...]
