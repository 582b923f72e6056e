"""C5: the internal rate of return where exactly one exists, and otherwise none with the reason.

Worth as a function of the rate is a polynomial in `x`, what one unit of money in a step (a year, a day) is
worth a step earlier. Rates above -1 are the positive `x`, and its positive zeros are counted, so that a rate
is given only when it is known to be the only one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from enum import StrEnum
from itertools import accumulate, pairwise

from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.case.polynomial_zeros import count_positive_zeros

DAYS_PER_YEAR = 365

# Digits that the search carries: a zero that is threefold is known to a third of them.
_SEARCH_DIGITS = 160
_SEARCH = Context(prec=_SEARCH_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)
_SAME = Decimal(10) ** -120
_CLOSE_ENOUGH = Decimal(10) ** -150
# Rates in per cent at which worth is tried: two changes of sign among them prove two rates.
_TRIED = (-99, -90, -75, -50, -30, -20, -10, -5, 0, 2, 5, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1000, 10_000)
# The longest flows whose zeros are counted in whole numbers: half a second where two zeros coincide.
_MOST_STEPS = 400
# The most work in looking for all zeros, about half a second: changes of sign squared, times flows.
_MOST_WORK = 100_000

Terms = Sequence[tuple[int, Decimal]]


class NoRate(StrEnum):
    """Why flows have no internal rate of return."""

    NO_FLOWS = "no-flows"
    """There is nothing but zeros: every rate is one at which they are worth nothing."""
    NO_CHANGE_OF_SIGN = "no-change-of-sign"
    """All flows are in one direction."""
    NO_ZERO = "no-zero"
    """Flows go in both directions, and yet are never worth exactly nothing."""
    SEVERAL = "several"
    """There are at least two rates, none of them better than another."""
    NOT_PROVED = "not-proved"
    """The flows change direction so often that no rate could be shown to be the only one."""


@dataclass(frozen=True, slots=True)
class RateOfReturn:
    """A rate per year (0.1 is 10 %) to 50 digits, not rounded further, or why there is none."""

    rate_per_year: Decimal | None
    reason: NoRate | None = None


def internal_rate_of_return(flows: Sequence[Decimal]) -> RateOfReturn:
    """The only rate above -1 at which yearly flows are worth nothing, or the reason why there is none.

    `flows[t]` is money in year `t`, out negative and in positive. A rate at which worth touches zero without
    crossing it counts as one rate.

    Source: Descartes' rule of signs on halved intervals, and Rolle's theorem where zeros coincide.
    Check: -100, 110 give 0.1. -100, 230, -132 have two, 0.1 and 0.2: none.
    """
    return _rate(((year, flow) for year, flow in enumerate(flows)), steps_per_year=1)


def dated_rate_of_return(flows: Iterable[tuple[date, Decimal]]) -> RateOfReturn:
    """The same for flows on days, in any order, with actual days over 365 as years.

    Several flows on one day are one.

    Source: the documentation of XIRR.   Check: -100 on a day, 110 on the day 365 days later give 0.1.
    """
    known = list(flows)
    first = min((day for day, _ in known), default=date.min)
    return _rate((((day - first).days, flow) for day, flow in known), steps_per_year=DAYS_PER_YEAR)


def modified_rate_of_return(
    flows: Sequence[Decimal], *, finance_rate: Decimal, reinvestment_rate: Decimal
) -> Decimal | None:
    """The rate per year that takes what is paid, at the first rate's present value, to what is received.

    `flows[t]` is money in year `t`; what is received earns `reinvestment_rate` per year until the last year.
    Both rates are above -1. Nothing where nothing is paid, nothing is received, or all is in one year.

    Source: the documentation of MIRR.   Check: -100, 121 at any rates give 0.21.
    """
    years = len(flows) - 1
    with localcontext(prec=DIGITS):
        paid = sum((-f / (1 + finance_rate) ** t for t, f in enumerate(flows) if f < 0), Decimal(0))
        grown = sum(
            (f * (1 + reinvestment_rate) ** (years - t) for t, f in enumerate(flows) if f > 0), Decimal(0)
        )
        if not paid or not grown or not years:
            return None
        return (grown / paid) ** (1 / Decimal(years)) - 1


def _rate(flows: Iterable[tuple[int, Decimal]], *, steps_per_year: int) -> RateOfReturn:
    with localcontext(_SEARCH):
        terms = _terms(flows)
        if not terms:
            return RateOfReturn(None, NoRate.NO_FLOWS)
        if not _sign_changes(terms):
            return RateOfReturn(None, NoRate.NO_CHANGE_OF_SIGN)
        number = _count_zeros(terms, steps_per_year)
        crosses = _sign(terms[0][1]) != _sign(terms[-1][1])
        if number is None or (number == 1 and not crosses and _is_too_much(terms)):
            return RateOfReturn(None, NoRate.NOT_PROVED)
        if number != 1:
            return RateOfReturn(None, NoRate.SEVERAL if number else NoRate.NO_ZERO)
        zero = _zero_between(terms, None, None) if crosses else _positive_zeros(terms)[0]
        rate = zero**-steps_per_year - 1
    with localcontext(prec=DIGITS):
        return RateOfReturn(+rate)


def _terms(flows: Iterable[tuple[int, Decimal]]) -> Terms:
    """Powers with their factors, none of them zero, the lowest power first and made 0."""
    total: defaultdict[int, Decimal] = defaultdict(Decimal)
    for step, flow in flows:
        total[step] += flow
    left = sorted((step, flow) for step, flow in total.items() if flow)
    return [(step - left[0][0], flow) for step, flow in left]


def _sign_changes(terms: Terms) -> int:
    return sum((a > 0) != (b > 0) for (_, a), (_, b) in pairwise(terms))


def _count_zeros(terms: Terms, steps_per_year: int) -> int | None:
    """The number of positive zeros (2 for more), or nothing when it would take too long to find out."""
    if _sign_changes(terms) == 1:
        return 1
    if terms[-1][0] <= _MOST_STEPS:
        counted = count_positive_zeros(_whole(terms))
        if counted is not None:
            return counted
    if _sums_change_once(terms):
        return 1
    if _crosses_twice(terms, steps_per_year):
        return 2
    return None if _is_too_much(terms) else len(_positive_zeros(terms))


def _is_too_much(terms: Terms) -> bool:
    return _sign_changes(terms) ** 2 * len(terms) > _MOST_WORK


def _whole(terms: Terms) -> list[int]:
    """The factors of all powers from 0, in the smallest unit of money that occurs."""
    places = max(0, *(-int(factor.as_tuple().exponent) for _, factor in terms))
    factors = [0] * (terms[-1][0] + 1)
    for power, factor in terms:
        factors[power] = int(factor.scaleb(places))
    return factors


def _sums_change_once(terms: Terms) -> bool:
    """Whether accumulated flows, from the first and from the last together, change sign once: one rate.

    The first series bounds the rates above 0, the second those below; a total of zero is the rate 0 itself.

    Source: Norstrøm (1972), A sufficient condition for a unique nonnegative internal rate of return.
    """
    forward = [(0, total) for total in accumulate(factor for _, factor in terms) if total]
    backward = [(0, total) for total in accumulate(factor for _, factor in reversed(terms)) if total]
    is_zero_in_total = not sum(factor for _, factor in terms)
    return not is_zero_in_total and _sign_changes(forward) + _sign_changes(backward) == 1


def _crosses_twice(terms: Terms, steps_per_year: int) -> bool:
    """Whether worth is seen to change sign twice, from lower to higher rates: proof of two rates."""
    signs = [_sign(terms[-1][1])]
    for per_cent in _TRIED:
        x = (1 + Decimal(per_cent) / 100) ** (Decimal(-1) / steps_per_year)
        signs.append(_sign_at(terms, x))
    signs.append(_sign(terms[0][1]))
    seen = [sign for sign in signs if sign]
    return sum(a != b for a, b in pairwise(seen)) > 1


def _positive_zeros(terms: Terms) -> list[Decimal]:
    """Every `x` above 0 at which the sum of the terms is zero, ascending, each once.

    Divided by `x**m`, with `m` between two powers whose factors have different signs, the sum has a
    derivative with one change of sign less; between the derivative's zeros it only rises or only falls.
    """
    changes = _sign_changes(terms)
    if not changes:
        return []
    turns = _positive_zeros(_turned(terms)) if changes > 1 else []
    points = [None, *turns, None]
    signs = [_sign(terms[0][1]), *(_sign_at(terms, turn) for turn in turns), _sign(terms[-1][1])]
    zeros: list[Decimal] = []
    for (low, high), (at_low, at_high) in zip(pairwise(points), pairwise(signs), strict=True):
        if at_low * at_high < 0:
            zeros.append(_zero_between(terms, low, high))
        if not at_high and high is not None:
            zeros.append(high)
    return zeros


def _turned(terms: Terms) -> Terms:
    """Twice the derivative's factors after division by the power between the first change of sign."""
    powers = next(a + b for (a, left), (b, right) in pairwise(terms) if (left > 0) != (right > 0))
    return [(power, factor * (2 * power - powers)) for power, factor in terms]


def _zero_between(terms: Terms, low: Decimal | None, high: Decimal | None) -> Decimal:
    """The one zero between two points (none: 0 and infinity) with different signs on its two sides."""
    low, high = _finite(terms, low, high)
    sign_low = _sign_at(terms, low)
    while high > 4 * low:
        middle = (low * high).sqrt()
        low, high = (middle, high) if _sign_at(terms, middle) == sign_low else (low, middle)
    x, step = (low + high) / 2, high - low
    while abs(step) > _CLOSE_ENOUGH * x:
        value, slope = _value_and_slope(terms, x)
        low, high = (x, high) if _sign(value) == sign_low else (low, x)
        last, step = step, value / slope if slope else high - low
        is_inside = low < x - step < high or abs(step) <= _CLOSE_ENOUGH * x
        # Newton's step, as long as it stays inside and at least halves the one before.
        if not is_inside or 2 * abs(step) > abs(last):
            step = x - (low + high) / 2
        x -= step
    return x


def _finite(terms: Terms, low: Decimal | None, high: Decimal | None) -> tuple[Decimal, Decimal]:
    """Points that have the signs of the two ends: the first and the last term decide in the end."""
    factor = Decimal(2)
    inner_low, inner_high = low or (high or Decimal(1)) / 2, high or (low or Decimal(1)) * 2
    while low is None and _sign_at(terms, inner_low) != _sign(terms[0][1]):
        inner_low, factor = inner_low / factor, factor * factor
    factor = Decimal(2)
    while high is None and _sign_at(terms, inner_high) != _sign(terms[-1][1]):
        inner_high, factor = inner_high * factor, factor * factor
    return inner_low, inner_high


def _value_and_slope(terms: Terms, x: Decimal) -> tuple[Decimal, Decimal]:
    """The sum of the terms at `x`, and its derivative."""
    value, slope = terms[-1][1], Decimal(0)
    for (power, factor), (above, _) in zip(reversed(terms[:-1]), reversed(terms[1:]), strict=True):
        gap = above - power
        lower = x ** (gap - 1)
        slope = (slope * x + value * gap) * lower
        value = value * lower * x + factor
    return value, slope


def _sign_at(terms: Terms, x: Decimal) -> int:
    """The sign of the sum at `x`; 0 when it is too small against its parts to be told from zero."""
    value, size = terms[-1][1], abs(terms[-1][1])
    for (power, factor), (above, _) in zip(reversed(terms[:-1]), reversed(terms[1:]), strict=True):
        grown = x ** (above - power)
        value, size = value * grown + factor, size * grown + abs(factor)
    return _sign(value) if abs(value) > _SAME * size else 0


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
