"""What the portfolio service announces of investment pools and co-financing."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class PoolOpened(Fact):
    type: ClassVar[str] = "gevinst.portfolio.pool-opened.v1"
    pool_id: UUID
    name: str
    portfolio_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PoolRoundChanged(Fact):
    """A round was announced, or says something else now."""

    type: ClassVar[str] = "gevinst.portfolio.pool-round-changed.v1"
    round_id: UUID
    pool_id: UUID
    name: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class PoolApplicationMoved(Fact):
    """Somebody applied, or the application was assessed, refused or withdrawn; `state` says which."""

    type: ClassVar[str] = "gevinst.portfolio.pool-application-moved.v1"
    pool_application_id: UUID
    pool_id: UUID
    project_id: UUID
    project_name: str
    state: str
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PoolAwarded(Fact):
    type: ClassVar[str] = "gevinst.portfolio.pool-awarded.v1"
    award_id: UUID
    pool_id: UUID
    pool_name: str
    project_id: UUID
    project_name: str
    kind: str
    amount: Money
    awarded_by: str
    conditions: str | None = None


@dataclass(frozen=True, slots=True)
class RepaymentPlanSet(Fact):
    type: ClassVar[str] = "gevinst.portfolio.repayment-plan-set.v1"
    award_id: UUID
    pool_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class BenefitBooked(Fact):
    """A benefit that a controller has verified stands in a pool's ledger."""

    type: ClassVar[str] = "gevinst.portfolio.benefit-booked.v1"
    verified_benefit_id: UUID
    award_id: UUID
    pool_id: UUID
    name: str
    amount: Money
    verified_by: str


@dataclass(frozen=True, slots=True)
class PoolTransactionPosted(Fact):
    """`amount` is that of the first line, below zero for what takes back."""

    type: ClassVar[str] = "gevinst.portfolio.pool-transaction-posted.v1"
    transaction_id: UUID
    pool_id: UUID
    pool_name: str
    kind: str
    amount: Money
    occurred_on: date
    award_id: UUID | None = None
    reverses_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CoFinancingSchemeAdded(Fact):
    type: ClassVar[str] = "gevinst.portfolio.co-financing-scheme-added.v1"
    scheme: str
    edition: str


@dataclass(frozen=True, slots=True)
class CoFinancingProfileStated(Fact):
    """Somebody said what schemes ask about a project."""

    type: ClassVar[str] = "gevinst.portfolio.co-financing-profile-stated.v1"
    project_id: UUID


@dataclass(frozen=True, slots=True)
class CoFinancingMoved(Fact):
    """A project applied to a scheme, or was awarded, refused, paid, or has reported."""

    type: ClassVar[str] = "gevinst.portfolio.co-financing-moved.v1"
    co_financing_application_id: UUID
    project_id: UUID
    project_name: str
    scheme: str
    edition: str
    state: str
    amount: Money | None = None
