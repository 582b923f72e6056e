"""Facts of business cases (C1)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class CaseEvaluated(Fact):
    """Money in `currency` at `price_year` prices."""

    type: ClassVar[str] = "gevinst.benefits.case-evaluated.v1"
    project_id: UUID
    business_case_id: UUID
    number: int
    currency: str
    price_year: int
    regime: str
    net_present_value: Decimal
    present_cost: Decimal
    present_benefit: Decimal
