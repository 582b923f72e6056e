"""What the portfolio service announces of money and shared resources."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class BudgetSet(Fact):
    type: ClassVar[str] = "gevinst.portfolio.budget-set.v1"
    portfolio_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ResourceChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.resource-changed.v1"
    resource_id: UUID
    name: str
    kind: str
    unit_id: UUID | None = None
