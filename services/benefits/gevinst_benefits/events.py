"""Every fact that the benefits service announces."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.audit.trail import Sealed
from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class ProgressStarted(Fact):
    type: ClassVar[str] = "gevinst.benefits.progress-started.v1"
    project_id: UUID
    phase_model: str
    phase: str


@dataclass(frozen=True, slots=True)
class PhaseSkipped(Fact):
    type: ClassVar[str] = "gevinst.benefits.phase-skipped.v1"
    project_id: UUID
    phase: str
    reason: str


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


@dataclass(frozen=True, slots=True)
class IndicatorAdded(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-added.v1"
    indicator_id: UUID
    benefit_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class IndicatorChanged(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-changed.v1"
    indicator_id: UUID
    benefit_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class IndicatorMeasured(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-measured.v1"
    indicator_id: UUID
    benefit_id: UUID
    measurement_id: UUID
    taken_on: date
    value: Decimal
    corrects_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GateProposed(Fact):
    type: ClassVar[str] = "gevinst.benefits.gate-proposed.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    gate_name: str
    outcome: str
    reason: str
    decide_by: date | None = None


@dataclass(frozen=True, slots=True)
class GateDecided(Fact):
    """`phase` and `project_state` are the project's after the decision."""

    type: ClassVar[str] = "gevinst.benefits.gate-decided.v1"
    project_id: UUID
    project_name: str
    gate_id: UUID
    gate: str
    gate_name: str
    outcome: str
    phase: str
    project_state: str
    decided_on: date
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AuditSealed(Sealed):
    """E1: the chain's new head, to be held outside the database."""

    type: ClassVar[str] = "gevinst.benefits.audit-sealed.v1"
