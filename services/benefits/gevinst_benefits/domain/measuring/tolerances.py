"""B7: traffic lights from stated tolerances, which are dated data."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class OddTolerance(Refusal):
    code = "odd-tolerance"
    title = "The tolerance does not hold together"
    detail = (
        "Time is counted in months, cost in a share or an amount, a benefit in a share; "
        "and red begins no earlier than yellow."
    )


class Measure(StrEnum):
    COST = "cost"
    TIME = "time"
    BENEFIT = "benefit"


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Because(StrEnum):
    """Why a light is what it is; the last two have no light."""

    WITHIN = "within-tolerance"
    SHARE = "share-exceeded"
    AMOUNT = "amount-exceeded"
    MONTHS = "months-exceeded"
    NO_BASELINE = "no-baseline"
    NO_TOLERANCE = "no-tolerance"


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a colour begins: past any one of the limits that are stated; `is_inclusive` also at it.

    `share` is of the baseline (0.1 is 10 %), `amount` in whole units of `currency`, `months` whole months.
    """

    share: Decimal | None = None
    amount: Decimal | None = None
    currency: str | None = None
    months: int | None = None
    is_inclusive: bool = False


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a measure may deviate by, from a day until (not including) another."""

    code: str
    measure: Measure
    yellow: Bound
    red: Bound
    source: str
    valid_from: date
    valid_until: date | None = None
    country: str | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Reading:
    """A light with its reason: the tolerance and the bound that decided, and how far it deviates.

    `share` is of the baseline, positive when it is worse. No light: there is nothing to compare with.
    """

    light: Light | None
    because: Because
    tolerance: str | None = None
    bound: Bound | None = None
    share: Decimal | None = None


def tolerance_in_force(
    measure: Measure, *, country: str, on: date, shipped: Sequence[Tolerance], own: Sequence[Tolerance]
) -> Tolerance | None:
    """The tolerance of a day: the organisation's own that began last, or the country's, or everybody's.

    `own` is in the order of its entry: of two that begin the same day the later entry holds.
    """
    mine = [one for one in own if one.measure is measure and one.is_valid_on(on)]
    if mine:
        latest = max(one.valid_from for one in mine)
        return [one for one in mine if one.valid_from == latest][-1]
    known = [one for one in shipped if one.measure is measure and one.is_valid_on(on)]
    there = [one for one in known if one.country == country] or [one for one in known if not one.country]
    return max(there, key=lambda one: one.valid_from, default=None)


def cost_light(tolerance: Tolerance | None, *, baseline: Money, expected: Money) -> Reading:
    """The light of a cost: expected above its baseline is worse. Raises `MixedMoney`.

    A limit in another currency than the cost's does not count.
    Check: DK, 100 M DKK: 106 M is yellow, 106.1 M is red (by 6 M); 10 M: 11 M is yellow, 11.1 M red (10 %).
    """
    worse = (expected - baseline).amount
    return _light(tolerance, worse=worse, baseline=baseline.amount, currency=baseline.currency)


def benefit_light(tolerance: Tolerance | None, *, planned: Decimal, expected: Decimal) -> Reading:
    """The light of a benefit in its own ledger: expected below what was planned is worse.

    Check: 5 % yellow, 20 % red; of 100 planned, 95 is green, 80 is yellow, 79 is red.
    """
    return _light(tolerance, worse=planned - expected, baseline=planned, currency=None)


def time_light(tolerance: Tolerance | None, *, baseline: date, expected: date) -> Reading:
    """The light of a date: later than its baseline is worse, in calendar months.

    Check: DK, 31 January: 27 February is green, 28 February (a month) to 30 April is yellow, 1 May red.
    """
    if tolerance is None:
        return Reading(None, Because.NO_TOLERANCE)
    for light, bound in ((Light.RED, tolerance.red), (Light.YELLOW, tolerance.yellow)):
        if bound.months is not None and _passed(
            expected.toordinal(), months_after(baseline, bound.months).toordinal(), bound
        ):
            return Reading(light, Because.MONTHS, tolerance.code, bound)
    return Reading(Light.GREEN, Because.WITHIN, tolerance.code)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day; never after the last day there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def refuse_odd_tolerance(tolerance: Tolerance) -> None:
    """Refuse limits of the wrong kind, a colour without any limit, and red before yellow."""
    bounds = (tolerance.yellow, tolerance.red)
    if any(_is_odd(bound, _LIMITS[tolerance.measure]) for bound in bounds):
        raise OddTolerance
    for name in ("share", "amount", "months"):
        yellow, red = (getattr(bound, name) for bound in bounds)
        if yellow is not None and red is not None and red < yellow:
            raise OddTolerance
    if len({bound.currency for bound in bounds if bound.currency}) > 1:
        raise OddTolerance


def parse_tolerance(document: Mapping[str, Any]) -> Tolerance:
    """The tolerance of one shipped document."""
    until = document.get("valid_until")
    return Tolerance(
        code=document["code"],
        measure=Measure(document["measure"]),
        yellow=_bound(document["yellow"]),
        red=_bound(document["red"]),
        source=document["source"],
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_until=None if until is None else date.fromisoformat(until),
        country=document.get("country"),
    )


_LIMITS = {
    Measure.COST: {"share", "amount"},
    Measure.TIME: {"months"},
    Measure.BENEFIT: {"share"},
}


def _light(
    tolerance: Tolerance | None, *, worse: Decimal, baseline: Decimal, currency: str | None
) -> Reading:
    share = worse / abs(baseline) if baseline else None
    if tolerance is None:
        return Reading(None, Because.NO_TOLERANCE, share=share)
    for light, bound in ((Light.RED, tolerance.red), (Light.YELLOW, tolerance.yellow)):
        if bound.amount is not None and bound.currency == currency and _passed(worse, bound.amount, bound):
            return Reading(light, Because.AMOUNT, tolerance.code, bound, share)
        if bound.share is not None and share is not None and _passed(share, bound.share, bound):
            return Reading(light, Because.SHARE, tolerance.code, bound, share)
    # B6: a share of nothing is not computable, and not green.
    if share is None and worse > 0:
        return Reading(None, Because.NO_BASELINE, tolerance.code)
    return Reading(Light.GREEN, Because.WITHIN, tolerance.code, share=share)


def _is_odd(bound: Bound, limits: set[str]) -> bool:
    stated = {name for name in ("share", "amount", "months") if getattr(bound, name) is not None}
    return not stated or not stated <= limits or (bound.amount is None) != (bound.currency is None)


def _passed(value: Decimal | int, limit: Decimal | int, bound: Bound) -> bool:
    return value >= limit if bound.is_inclusive else value > limit


def _bound(document: Mapping[str, Any]) -> Bound:
    share, amount = document.get("share"), document.get("amount")
    return Bound(
        share=None if share is None else Decimal(share),
        amount=None if amount is None else Decimal(amount),
        currency=document.get("currency"),
        months=document.get("months"),
        is_inclusive=document["is_inclusive"],
    )
