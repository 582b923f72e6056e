"""What a whole benefit plan says: flags on each benefit, sums that never mix, low-hanging ones first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gevinst_benefits.domain.decimals import millionths
from gevinst_benefits.domain.plan.actions import ActionKind, changes_work
from gevinst_benefits.domain.plan.benefits import Benefit, BenefitState, RealisationMode
from gevinst_benefits.domain.plan.freed_value import freed_amounts

_ENDED = (BenefitState.CLOSED, BenefitState.MOVED)
_EFFORTS = ("low", "moderate", "high", None)


class Flag(StrEnum):
    """What somebody should look at."""

    NO_INDICATOR = "no-indicator"
    NO_ACTION = "no-action"
    OWNER_VACANT = "owner-vacant"
    NOT_CONFIRMED = "not-confirmed"
    UNDATED = "undated"
    ACTION_OVERDUE = "action-overdue"
    REDUCTION_WITHOUT_CHANGE = "budget-reduction-without-change"
    CHANGE_WITHOUT_GOAL = "change-without-goal"
    FALLS_ELSEWHERE = "falls-elsewhere"
    HIGH_RISK = "high-risk"
    PREREQUISITE_FAILED = "prerequisite-failed"
    INSTALLATION_DOES_NOT_PAY = "installation-does-not-pay"
    MORE_USED_THAN_FREED = "more-used-than-freed"


@dataclass(frozen=True, slots=True)
class Planned:
    """A benefit and what the plan has on it. `share` is the part that is ours (B11); `actions` are the kinds
    of those that were not dropped; `used` is what of it has a use, by year (B14), `verified` what a
    controller found, None at other prices; `goals` counts those that it is to meet and that hold (G8)."""

    benefit: Benefit
    years: Mapping[int, Decimal] = field(default_factory=dict)
    starts_on: date | None = None
    share: Decimal = Decimal(1)
    in_transit: Decimal = Decimal(0)
    indicators: int = 0
    actions: tuple[ActionKind, ...] = ()
    overdue_actions: int = 0
    high_risks: int = 0
    failed_prerequisites: int = 0
    not_carrying: int = 0
    used: Mapping[int, Decimal] = field(default_factory=dict)
    verified: Mapping[int, Decimal | None] = field(default_factory=dict)
    goals: int = 0
    is_owner_vacant: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """What benefits of one ledger and one unit give in a year: confirmed by their owners, and not (B2).

    `unit` is a currency with its price year, or a unit of measure: what stands in two is never added (C7).
    """

    ledger: str
    unit: tuple[str, int | None]
    year: int
    confirmed: Decimal
    unconfirmed: Decimal
    # Between another body and us, and counted by nobody yet; None when there is no such benefit (B11).
    in_transit: Decimal | None = None


def flags(one: Planned) -> tuple[Flag, ...]:
    """What somebody should look at; nothing on a benefit that was closed or moved."""
    if one.benefit.state in _ENDED:
        return ()
    is_reduction = one.benefit.mode is RealisationMode.BUDGET_REDUCTION
    is_changed = changes_work(one.actions)
    claimed = {
        Flag.NO_INDICATOR: one.indicators == 0,  # B6
        Flag.NO_ACTION: not one.actions,  # B8
        Flag.OWNER_VACANT: one.is_owner_vacant,  # B2
        Flag.NOT_CONFIRMED: one.benefit.confirmed_by is None,
        Flag.UNDATED: one.starts_on is None,  # B9
        Flag.ACTION_OVERDUE: one.overdue_actions > 0,
        # B4: both the money and the change in the work, or neither holds.
        Flag.REDUCTION_WITHOUT_CHANGE: is_reduction and not is_changed,
        Flag.CHANGE_WITHOUT_GOAL: is_changed and not is_reduction and one.goals == 0,
        Flag.FALLS_ELSEWHERE: one.share < 1,  # B11
        Flag.HIGH_RISK: one.high_risks > 0,
        Flag.PREREQUISITE_FAILED: one.failed_prerequisites > 0,
        Flag.INSTALLATION_DOES_NOT_PAY: one.not_carrying > 0,  # B15
        Flag.MORE_USED_THAN_FREED: _is_exceeded(one),  # B14
    }
    return tuple(flag for flag, holds in claimed.items() if holds)


def attention(one: Planned) -> tuple[bool, bool, date]:
    """B6: benefits without an indicator first, then those that come first; ended ones last."""
    return one.benefit.state in _ENDED, one.indicators > 0, _start(one)


def ease(one: Planned) -> tuple[bool, int, date]:
    """B10: low-hanging ones first: those that take least, and of these the ones that come first."""
    return one.benefit.state in _ENDED, _EFFORTS.index(one.benefit.effort), _start(one)


def earliness(one: Planned) -> tuple[bool, date, int]:
    """B10: those that come first, first; undated ones last."""
    return one.benefit.state in _ENDED, _start(one), _EFFORTS.index(one.benefit.effort)


def totals(planned: Iterable[Planned]) -> tuple[Total, ...]:
    """Our part of all benefits by ledger, unit and year; confirmed and unconfirmed apart (B2, B11, C7)."""
    sums: dict[tuple[str, tuple[str, int | None], int], list[Decimal]] = {}
    transit: dict[tuple[str, tuple[str, int | None], int], Decimal] = {}
    for one in planned:
        kind = (one.benefit.estimate.ledger.value, _unit(one.benefit))
        place = 0 if one.benefit.confirmed_by is not None else 1
        for year, amount in one.years.items():
            both = sums.setdefault((*kind, year), [Decimal(0), Decimal(0)])
            both[place] += millionths(amount * one.share)
            if one.in_transit:
                moving = transit.get((*kind, year), Decimal(0))
                transit[*kind, year] = moving + millionths(amount * one.in_transit)
    return tuple(
        Total(*key, confirmed, unconfirmed, transit.get(key))
        for key, (confirmed, unconfirmed) in sorted(sums.items(), key=lambda one: str(one[0]))
    )


def _unit(benefit: Benefit) -> tuple[str, int | None]:
    money = benefit.estimate.money_per_year
    return (benefit.estimate.unit_of_measure, None) if money is None else (money.currency, money.price_year)


def _is_exceeded(one: Planned) -> bool:
    freed = freed_amounts(one.years, one.verified)
    return any(
        used > max(freed.get(year, Decimal(0)) * one.share, Decimal(0)) for year, used in one.used.items()
    )


def _start(one: Planned) -> date:
    return one.starts_on or date.max
