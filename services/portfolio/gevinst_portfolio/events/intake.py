"""What the portfolio service announces of ideas, concepts, waves and imports."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class IdeaChanged(Fact):
    """An idea was submitted, changed or supported."""

    type: ClassVar[str] = "gevinst.portfolio.idea-changed.v1"
    idea_id: UUID
    name: str
    source: str
    submitter: str
    supporter_count: int


@dataclass(frozen=True, slots=True)
class IdeaAnswered(Fact):
    """What became of an idea, for the one who submitted it."""

    type: ClassVar[str] = "gevinst.portfolio.idea-answered.v1"
    idea_id: UUID
    name: str
    submitter: str
    outcome: str
    decided_by: str
    answer: str | None = None
    project_id: UUID | None = None
    portfolio_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ConceptChanged(Fact):
    """P9: a concept was added, changed, chosen or withdrawn."""

    type: ClassVar[str] = "gevinst.portfolio.concept-changed.v1"
    concept_id: UUID
    project_id: UUID
    portfolio_id: UUID
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class WavesChanged(Fact):
    """P12: the roll-out of a project was planned anew, or the rest of it was stopped."""

    type: ClassVar[str] = "gevinst.portfolio.waves-changed.v1"
    project_id: UUID
    portfolio_id: UUID
    project_name: str
    planned_count: int
    stopped_count: int


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


@dataclass(frozen=True, slots=True)
class ColumnMappingChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.column-mapping-changed.v1"
    mapping_id: UUID
    portfolio_id: UUID
    name: str
