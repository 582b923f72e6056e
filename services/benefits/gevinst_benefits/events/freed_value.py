"""Facts of the use of freed value (B14)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class FreedValueUsed(Fact):
    """What a benefit's freed money or time is used for in a year and a unit."""

    type: ClassVar[str] = "gevinst.benefits.freed-value-used.v1"
    project_id: UUID
    benefit_id: UUID
    use_id: UUID
    name: str
    purpose: str
    unit_id: UUID
    year: int
    money: Money | None = None
    amount: Decimal | None = None
    corrects_id: UUID | None = None
