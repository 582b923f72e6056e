"""Facts of what controllers found realised (G3)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class BenefitVerified(Fact):
    """A year's figure of a benefit; with `corrects_id` it takes the place of an earlier one."""

    type: ClassVar[str] = "gevinst.benefits.benefit-verified.v1"
    project_id: UUID
    benefit_id: UUID
    verification_id: UUID
    year: int
    money: Money | None = None
    amount: Decimal | None = None
    unit_of_measure: str | None = None
    corrects_id: UUID | None = None
