"""What the portfolio service announces of scenarios."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class _ScenarioFact(Fact):
    """Says nothing of what it supposes: a scenario is private until it is published (P8)."""

    scenario_id: UUID
    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class ScenarioMade(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-made.v1"


@dataclass(frozen=True, slots=True)
class ScenarioChanged(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-changed.v1"
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioSolved(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-solved.v1"
    status: str


@dataclass(frozen=True, slots=True)
class ScenarioAnalysed(Fact):
    """`kind`: what was asked of the scenario, such as an explanation of its plan (P7)."""

    type: ClassVar[str] = "gevinst.portfolio.scenario-analysed.v1"
    analysis_id: UUID
    scenario_id: UUID
    portfolio_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ScenarioPublished(_ScenarioFact):
    type: ClassVar[str] = "gevinst.portfolio.scenario-published.v1"
    portfolio_name: str
    scenario_name: str
    selected_count: int
    left_out_count: int
    total_cost: Money
