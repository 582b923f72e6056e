"""B1, B2: a benefit on its two axes, with one owner in the line who confirms it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.plan.timing import AT_PROJECT_END, Timing
from gevinst_shared.values.money import CURRENCIES, Money
from gevinst_shared.values.refusal import Refusal

# B1: the documented kinds. The list grows, so a kind is a text and others are accepted.
KINDS = ("avoided-cost", "saved-time", "quality", "revenue", "risk-and-compliance")

# C7: what people write for money, and what therefore counts neither time nor quality.
_MONEY = frozenset({*map(str.casefold, CURRENCIES), "money", "kr", "krone", "kroner", "kronor"})


class RoleVacant(Refusal):
    code = "owner-role-vacant"
    title = "Nobody holds the owner's role"
    detail = (
        "Nobody holds the role {role} in the unit {unit}. Fill the role, or give the benefit another owner."
    )


class NotTheOwner(Refusal):
    code = "not-the-benefit-owner"
    title = "Only the owner confirms a benefit"
    detail = "Only someone who holds the role {role} in the unit {unit} can confirm this benefit."


class NotConfirmed(Refusal):
    code = "benefit-not-confirmed"
    title = "The benefit is not confirmed"
    detail = "The owner must confirm the estimate first."


class OwnerVerifies(Refusal):
    code = "owner-verifies"
    title = "The owner cannot verify the benefit"
    detail = "You hold the owner's role. Someone else, the benefit controller, verifies the benefit."


class NotBookable(Refusal):
    code = "benefit-not-bookable"
    title = "The benefit cannot be booked to a budget"
    detail = (
        "Only a budget reduction estimated in money is booked; this benefit is {mode}, counted in {ledger}."
    )


class MoneyInOtherLedger(Refusal):
    code = "money-in-other-ledger"
    title = "Money is not counted as time or quality"
    detail = (
        "{unit} is money, which has a ledger of its own. Estimate the benefit in money, or say in hours, FTE "
        "or another measure what it gives."
    )


class BenefitEnded(Refusal):
    code = "benefit-ended"
    title = "The benefit is no longer open"
    detail = "The benefit is {state}; it cannot be changed."


class RealisationMode(StrEnum):
    """B1, first axis: what becomes of the benefit."""

    BUDGET_REDUCTION = "budget-reduction"
    REDEPLOYED = "redeployed"
    PUBLIC_ELSEWHERE = "public-elsewhere"
    SOCIETY = "society"
    NON_PRICED = "non-priced"


class Ledger(StrEnum):
    """C7: three ledgers that are never added into one number."""

    MONEY = "money"
    TIME = "time"
    QUALITY = "quality"


class BenefitState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REALISED = "realised"
    CLOSED = "closed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Owner:
    """B2: exactly one, a role in a unit, so that it survives people leaving."""

    role: str
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected per year when fully realised: money, or an amount of a unit (hours, FTE, points)."""

    ledger: Ledger
    money_per_year: Money | None = None
    amount_per_year: Decimal | None = None
    unit_of_measure: str = ""

    def __post_init__(self) -> None:
        is_money = self.ledger is Ledger.MONEY
        if is_money != (self.money_per_year is not None) or is_money == (self.amount_per_year is not None):
            raise ValueError("an estimate in the money ledger is money, one in another ledger an amount")
        if self.unit_of_measure.strip(" .").casefold() in _MONEY:
            raise MoneyInOtherLedger(unit=self.unit_of_measure)


@dataclass(frozen=True, slots=True)
class Benefit:
    id: UUID
    project_id: UUID
    name: str
    mode: RealisationMode
    kind: str
    owner: Owner
    estimate: Estimate
    state: BenefitState = BenefitState.PROPOSED
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    timing: Timing = AT_PROJECT_END
    # B12: the line of the unit's budget that it is to be taken from.
    budget_line: str | None = None
    # B10: what it takes to get it, low, moderate or high.
    effort: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (BenefitState.PROPOSED, BenefitState.CONFIRMED)


def confirm(benefit: Benefit, *, by: str, holders: Collection[str], at: datetime) -> Benefit:
    """The benefit, confirmed by its owner.

    `holders` are the subjects who hold the owner's role in its unit at that moment. Refuses when there are
    none (`RoleVacant`), when `by` is not one of them (`NotTheOwner`), or when the benefit has ended.
    """
    _refuse_ended(benefit)
    if not holders:
        raise RoleVacant(role=benefit.owner.role, unit=benefit.owner.unit_id)
    if by not in holders:
        raise NotTheOwner(role=benefit.owner.role, unit=benefit.owner.unit_id)
    return replace(benefit, state=BenefitState.CONFIRMED, confirmed_by=by, confirmed_at=at)


def verify(benefit: Benefit, *, by: str, holders: Collection[str]) -> Benefit:
    """The benefit, found realised by a controller. G3: never by one who holds the owner's role."""
    _refuse_ended(benefit)
    if benefit.state is not BenefitState.CONFIRMED:
        raise NotConfirmed
    if by in holders or by == benefit.confirmed_by:
        raise OwnerVerifies
    return replace(benefit, state=BenefitState.REALISED)


def revise_estimate(benefit: Benefit, estimate: Estimate) -> Benefit:
    """The benefit with another estimate. B2: a changed estimate waits for the owner to confirm it again."""
    return benefit if estimate == benefit.estimate else replace(_unconfirmed(benefit), estimate=estimate)


def retime(benefit: Benefit, timing: Timing) -> Benefit:
    """The benefit at another time or pace, which waits for the owner to confirm it again (B2, B9)."""
    return benefit if timing == benefit.timing else replace(_unconfirmed(benefit), timing=timing)


def change_owner(benefit: Benefit, owner: Owner) -> Benefit:
    """The benefit with another owner, who has not confirmed it.

    B10: follow-up lasts years, so a realised benefit can be handed over too, and stays realised.
    """
    if benefit.state is BenefitState.REALISED:
        return replace(benefit, owner=owner)
    return benefit if owner == benefit.owner else replace(_unconfirmed(benefit), owner=owner)


def rename(benefit: Benefit, *, name: str, mode: RealisationMode, kind: str) -> Benefit:
    """The benefit under another name, mode or kind. Another mode changes what the owner stands for (B1)."""
    described = replace(benefit, name=name, mode=mode, kind=kind)
    _refuse_ended(benefit)
    return described if mode is benefit.mode else _unconfirmed(described)


def bookable_amount(benefit: Benefit) -> Money:
    """What may be booked to a budget line per year. B1: only a confirmed budget reduction in money."""
    money = benefit.estimate.money_per_year
    if benefit.mode is not RealisationMode.BUDGET_REDUCTION or money is None:
        raise NotBookable(mode=benefit.mode.value, ledger=benefit.estimate.ledger.value)
    if benefit.state not in (BenefitState.CONFIRMED, BenefitState.REALISED):
        raise NotConfirmed
    return money


def _unconfirmed(benefit: Benefit) -> Benefit:
    _refuse_ended(benefit)
    return replace(benefit, state=BenefitState.PROPOSED, confirmed_by=None, confirmed_at=None)


def _refuse_ended(benefit: Benefit) -> None:
    if not benefit.is_open:
        raise BenefitEnded(state=benefit.state.value)
