"""Facts of the benefit plan (B1, B2)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfBenefit(Fact):
    """What every fact of a benefit tells of it."""

    project_id: UUID
    benefit_id: UUID
    name: str
    state: str
    owner_role: str
    owner_unit_id: UUID


@dataclass(frozen=True, slots=True)
class BenefitPlanned(OfBenefit):
    type: ClassVar[str] = "gevinst.benefits.benefit-planned.v1"
    continues_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BenefitChanged(OfBenefit):
    type: ClassVar[str] = "gevinst.benefits.benefit-changed.v1"


@dataclass(frozen=True, slots=True)
class BenefitConfirmed(OfBenefit):
    type: ClassVar[str] = "gevinst.benefits.benefit-confirmed.v1"


@dataclass(frozen=True, slots=True)
class BenefitRealised(OfBenefit):
    type: ClassVar[str] = "gevinst.benefits.benefit-realised.v1"


@dataclass(frozen=True, slots=True)
class BenefitClosed(OfBenefit):
    type: ClassVar[str] = "gevinst.benefits.benefit-closed.v1"


@dataclass(frozen=True, slots=True)
class BenefitMoved(OfBenefit):
    type: ClassVar[str] = "gevinst.benefits.benefit-moved.v1"
    moved_to: UUID | None = None
