"""Every fact that the portfolio service announces."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class ProjectProposed(Fact):
    type: ClassVar[str] = "gevinst.portfolio.project-proposed.v1"
    project_id: UUID
    portfolio_id: UUID
    name: str
    status: str
    start: date | None = None
    end: date | None = None
    unit_id: UUID | None = None
    owner_id: UUID | None = None
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProjectChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.project-changed.v1"
    project_id: UUID
    portfolio_id: UUID
    name: str
    status: str
    start: date | None = None
    end: date | None = None
    unit_id: UUID | None = None
    owner_id: UUID | None = None
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Fact):
    type: ClassVar[str] = "gevinst.portfolio.organisation-registered.v1"
    name: str
    currency: str
    language: str


@dataclass(frozen=True, slots=True)
class PortfolioArranged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.portfolio-arranged.v1"
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ImportFinished(Fact):
    """`problem_count` is how many places of the file somebody must look at."""

    type: ClassVar[str] = "gevinst.portfolio.import-finished.v1"
    run_id: UUID
    portfolio_id: UUID
    portfolio_name: str
    source_name: str
    created_count: int
    updated_count: int
    problem_count: int
