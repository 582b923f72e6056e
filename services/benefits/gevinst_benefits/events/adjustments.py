"""Facts of budget adjustments and of the share that a unit keeps (M1, M3)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class BudgetPracticeSet(Fact):
    type: ClassVar[str] = "gevinst.benefits.budget-practice-set.v1"
    practice: str


@dataclass(frozen=True, slots=True)
class OfPhasing(Fact):
    """What every fact of a phasing tells of it."""

    phasing_id: UUID
    benefit_id: UUID
    unit_id: UUID
    benefit_name: str


@dataclass(frozen=True, slots=True)
class BudgetPhasingDrafted(OfPhasing):
    type: ClassVar[str] = "gevinst.benefits.budget-phasing-drafted.v1"


@dataclass(frozen=True, slots=True)
class BudgetPhasingChanged(OfPhasing):
    type: ClassVar[str] = "gevinst.benefits.budget-phasing-changed.v1"


@dataclass(frozen=True, slots=True)
class BudgetPhasingAgreed(OfPhasing):
    type: ClassVar[str] = "gevinst.benefits.budget-phasing-agreed.v1"


@dataclass(frozen=True, slots=True)
class BudgetPhasingWithdrawn(OfPhasing):
    type: ClassVar[str] = "gevinst.benefits.budget-phasing-withdrawn.v1"


@dataclass(frozen=True, slots=True)
class OfEntry(Fact):
    """What every fact of a budget entry tells of it; below zero the unit's budget shrinks."""

    entry_id: UUID
    benefit_id: UUID
    benefit_name: str
    unit_id: UUID
    account: str
    year: int
    amount: Money


@dataclass(frozen=True, slots=True)
class BudgetEntryBooked(OfEntry):
    type: ClassVar[str] = "gevinst.benefits.budget-entry-booked.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetEntryReversed(OfEntry):
    type: ClassVar[str] = "gevinst.benefits.budget-entry-reversed.v1"
    reverses_id: UUID


@dataclass(frozen=True, slots=True)
class KeptShareAgreed(Fact):
    type: ClassVar[str] = "gevinst.benefits.kept-share-agreed.v1"
    kept_share_id: UUID
    benefit_id: UUID
    unit_id: UUID
    from_year: int
