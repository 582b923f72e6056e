"""Facts of who owns a benefit (B2)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_benefits.events.benefits import OfBenefit
from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class BenefitOwnerVacant(Fact):
    """Nobody holds the role in the unit, or in one above it; told once until somebody does.

    `benefit_ids` are the first hundred of `benefit_count`. `unit_path` leads from the top to the unit.
    """

    type: ClassVar[str] = "gevinst.benefits.benefit-owner-vacant.v1"
    role: str
    unit_id: UUID
    unit_name: str
    unit_path: tuple[UUID, ...]
    since: date
    benefit_count: int
    benefit_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BenefitOwnerFilled(Fact):
    """Somebody holds the vacant role again, or no benefit needs it any more."""

    type: ClassVar[str] = "gevinst.benefits.benefit-owner-filled.v1"
    role: str
    unit_id: UUID
    unit_name: str
    since: date
    filled_on: date


@dataclass(frozen=True, slots=True)
class BenefitHandedOver(OfBenefit):
    """The benefit has another owner, who has not confirmed it yet."""

    type: ClassVar[str] = "gevinst.benefits.benefit-handed-over.v1"
    previous_role: str
    previous_unit_id: UUID
    reason: str | None = None
