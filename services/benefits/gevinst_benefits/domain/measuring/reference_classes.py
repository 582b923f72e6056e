"""C6: what came of earlier estimates of the same kind and size, as a correction of the next one.

Realised over promised is taken as lognormal. A class with few cases of its own is filled up to ten with
those of the next wider one: kind and size, then kind, then the whole organisation, then a wide prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log, sqrt
from statistics import fmean

from gevinst_benefits.domain.measuring.forecasting import RatioPrior
from gevinst_benefits.domain.plan.benefits import Estimate, Ledger

# A class stands by itself with this many cases of its own.
ENOUGH = 10
SIZES = ("small", "medium", "large", "any")
# Realised zero, or less, has no logarithm: it counts as this share of what was promised.
LEAST_RATIO = 0.05
_Z_80 = 1.2815515655446004
# Where a size class ends, per year: money in whole units of its currency, time in hours and full-time
# equivalents (a man-year is 1,750 hours).
_BOUNDS = {"money": (1_000_000, 10_000_000), "hours": (1_750, 17_500), "fte": (1, 10)}


@dataclass(frozen=True, slots=True)
class Case:
    """A finished benefit: what was verified over what was promised, for the years verified."""

    kind: str
    size: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Level:
    """What one class gave: how many cases of its own, and their weight (in tenths) in the result."""

    name: str
    case_count: int
    weight: float


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """`factor` is what to multiply an estimate by (the median), `low` and `high` hold eight of ten cases.

    `mean` is the factor for sums of many estimates. `levels` from the narrowest class to the prior.
    """

    factor: float
    low: float
    high: float
    mean: float
    levels: tuple[Level, ...]

    @property
    def case_count(self) -> int:
        return sum(level.case_count for level in self.levels)


def size_of(estimate: Estimate) -> str:
    """small, medium or large, by what is promised per year; `any` where sizes cannot be compared (C7)."""
    money, amount = estimate.money_per_year, estimate.amount_per_year
    if money is not None:
        return _size(money.amount, *_BOUNDS["money"])
    unit = estimate.unit_of_measure.casefold()
    if estimate.ledger is Ledger.TIME and amount is not None and unit in _BOUNDS:
        return _size(amount, *_BOUNDS[unit])
    return "any"


def case_of(kind: str, size: str, *, promised: Decimal, verified: Sequence[Decimal]) -> Case | None:
    """The case of a benefit: what was verified over what was `promised` for the same years together.

    Years that nobody verified do not count: missing is not zero (B6). None without a verified year, or where
    nothing was promised for them.   Check: 200 promised, 60 and 100 verified give 0.8.
    """
    if not verified or promised == 0:
        return None
    ratio = sum(verified, Decimal(0)) / promised
    return Case(kind, size, max(float(ratio), LEAST_RATIO))


def reference_class(cases: Sequence[Case], *, kind: str, size: str, widest: RatioPrior) -> ReferenceClass:
    """The correction for estimates of a kind and size, from the organisation's own cases.

    Closed form, on logarithms, from the widest class inwards: with n cases of mean m and variance q (n − 1
    degrees of freedom, times 1 + 1/n for a next case), the class takes n of ten places (all, from ten on)
    and the wider one the rest; mean and variance are those of the mixture. A case counts in one class alone.

    Check: five cases of 0.5 on a prior of median 1 and spread 0.5 give the median 0.7071 (half of each) and
    the spread √(0.125 + 0.12011) = 0.49509.
    """
    exact = [case for case in cases if (case.kind, case.size) == (kind, size)]
    same_kind = [case for case in cases if case.kind == kind and case.size != size]
    others = [case for case in cases if case.kind != kind]
    mean, variance = widest.log_mean, widest.log_sd**2
    levels: list[Level] = []
    left = 1.0
    for members in (others, same_kind, exact):
        mean, variance = _filled_up([log(case.ratio) for case in members], mean, variance)
    for name, members in (("kind-and-size", exact), ("kind", same_kind), ("organisation", others)):
        own = left * min(len(members) / ENOUGH, 1.0)
        levels.append(Level(name, len(members), round(own, 6)))
        left -= own
    levels.append(Level("prior", 0, round(left, 6)))
    spread = sqrt(variance)
    return ReferenceClass(
        factor=exp(mean),
        low=exp(mean - _Z_80 * spread),
        high=exp(mean + _Z_80 * spread),
        mean=exp(mean + variance / 2),
        levels=tuple(levels),
    )


def prior_of(found: ReferenceClass) -> RatioPrior:
    """The class as the prior of a forecast."""
    return RatioPrior(log(found.factor), max((log(found.high) - log(found.low)) / (2 * _Z_80), 0.05))


def _filled_up(logs: Sequence[float], mean: float, variance: float) -> tuple[float, float]:
    if not logs:
        return mean, variance
    own = fmean(logs)
    # Of a next case: what its class spreads, and what its mean is unsure of.
    square = sum((one - own) ** 2 for one in logs) * (1 + 1 / len(logs)) / max(len(logs) - 1, 1)
    weight = min(len(logs) / ENOUGH, 1.0)
    both = weight * own + (1 - weight) * mean
    spread = weight * (square + (own - both) ** 2) + (1 - weight) * (variance + (mean - both) ** 2)
    return both, spread


def _size(value: Decimal, medium_from: int, large_from: int) -> str:
    size = abs(value)
    return "small" if size < medium_from else "medium" if size < large_from else "large"
