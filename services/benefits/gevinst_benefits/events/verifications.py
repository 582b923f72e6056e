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
    name: str | None = None
    owner_unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VerificationDue(Fact):
    """A year of a confirmed benefit has ended, and nobody has verified what it gave; said once."""

    type: ClassVar[str] = "gevinst.benefits.verification-due.v1"
    project_id: UUID
    benefit_id: UUID
    name: str
    year: int
    owner_role: str
    owner_unit_id: UUID
