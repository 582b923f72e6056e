"""Three-point estimates as distributions: their moments, and their values at equal steps of probability."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import chain
from math import exp, isfinite, log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from gevinst_shared.values.refusal import Refusal

Floats = NDArray[np.float64]

# A distribution is drawn from so many equally likely values, each the mean of its step of probability.
CELLS = 4096
# Where the likely value lies between low and high, in so many steps; between them tables are blended.
_MODES = 128
_ANGLES = 8192
_Z90 = NormalDist().inv_cdf(0.9)


class OddEstimate(Refusal):
    code = "odd-estimate"
    title = "The estimate is out of order"
    detail = (
        "The estimate {low} – {likely} – {high} does not ascend, or is of a kind that cannot be negative. "
        "Give low, likely and high in that order."
    )


class Shape(StrEnum):
    """What lies between low and high."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    PERT = "pert"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number that is not known.

    For `TRIANGULAR` and `PERT` `low` and `high` are the least and the most, for `UNIFORM` and `LOGNORMAL` the
    tenth and the ninetieth percentile, and `likely` is then only the middle. Not ascending, or a lognormal
    number at or below zero, raises `OddEstimate`.
    """

    shape: Shape
    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        is_ordered = self.low <= self.likely <= self.high and isfinite(self.high - self.low)
        if not is_ordered or (self.shape is Shape.LOGNORMAL and self.low <= 0):
            raise OddEstimate(low=self.low, likely=self.likely, high=self.high)

    @property
    def is_certain(self) -> bool:
        return self.low == self.high


Number = Decimal | float


def fixed(value: Number) -> Estimate:
    """A number that is known."""
    return Estimate(Shape.FIXED, float(value), float(value), float(value))


def triangular(low: Number, likely: Number, high: Number) -> Estimate:
    """Density rises evenly to `likely` and falls evenly to `high`; the mean is that of the three."""
    return Estimate(Shape.TRIANGULAR, float(low), float(likely), float(high))


def pert(low: Number, likely: Number, high: Number) -> Estimate:
    """The beta distribution whose mean is `(low + 4 likely + high) / 6`."""
    return Estimate(Shape.PERT, float(low), float(likely), float(high))


def uniform(p10: Number, p90: Number) -> Estimate:
    """Every value is equally likely, an eighth of the distance beyond both percentiles included."""
    low, high = float(p10), float(p90)
    return Estimate(Shape.UNIFORM, low, low + (high - low) / 2, high)


def lognormal(p10: Number, p90: Number) -> Estimate:
    """The logarithm is normal; both percentiles are above zero, or `OddEstimate`."""
    low, high = float(p10), float(p90)
    return Estimate(Shape.LOGNORMAL, low, low + (high - low) / 2, high)


def cell_means(estimate: Estimate) -> Floats:
    """The distribution as `CELLS` equally likely values, ascending; their mean is the distribution's own.

    Each is the mean over its step of probability, so that only the spread inside a step is lost: less than
    a ten-thousandth of the variance, a thousandth for a lognormal whose high is four times its low.
    """
    low, width = estimate.low, estimate.high - estimate.low
    if estimate.is_certain:
        return np.full(CELLS, estimate.likely)
    match estimate.shape:
        case Shape.FIXED:
            return np.full(CELLS, estimate.likely)
        case Shape.UNIFORM:
            return low - width / 8 + width * 1.25 * (np.arange(CELLS) + 0.5) / CELLS
        case Shape.TRIANGULAR:
            return low + width * _triangular_cells((estimate.likely - low) / width)
        case Shape.PERT:
            return _pert_cells(low, width, (estimate.likely - low) / width)
        case Shape.LOGNORMAL:
            mean, spread = _log_parameters(estimate.low, estimate.high)
            values = np.exp(spread * normal_cells(CELLS))
            return np.asarray(values * (exp(mean + spread**2 / 2) / values.mean()))


def quantile(estimate: Estimate, share: float) -> float:
    """The value that the estimate stays below with the probability `share`, from the values it is drawn from.

    From the first to the ninety-ninth percentile within about a ten-thousandth of the distance from the tenth
    to the ninetieth.
    Check: the tenth percentile of a uniform estimate is its `low`.
    """
    place = share * CELLS - 0.5
    return float(np.interp(place, np.arange(CELLS), cell_means(estimate)))


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Mean and second to fourth central moment, an element for each distribution."""

    mean: Floats
    second: Floats
    third: Floats
    fourth: Floats


def moments(estimates: Sequence[Estimate]) -> Moments:
    """The exact moments of each estimate.

    Source: the closed forms of the beta, triangular, uniform and lognormal distributions.
    Check: triangular 0, 0, 3 has mean 1 and variance 0.5; PERT 0, 0, 6 has mean 1 and variance 5 / 7.
    """
    numbers_of = chain.from_iterable((e.low, e.likely, e.high) for e in estimates)
    columns = np.fromiter(numbers_of, dtype=np.float64).reshape(-1, 3)
    found = np.zeros((4, len(estimates)))
    found[0] = columns[:, 1]
    is_uncertain = columns[:, 0] < columns[:, 2]
    order = list(_MOMENTS)
    numbers = {shape: number for number, shape in enumerate(order)}
    shapes = np.array([numbers.get(e.shape, -1) for e in estimates])
    for shape, of_shape in _MOMENTS.items():
        chosen = is_uncertain & (shapes == numbers[shape])
        if chosen.any():
            found[:, chosen] = of_shape(*columns[chosen].T)
    return Moments(*found)


@cache
def normal_bounds(cells: int) -> Floats:
    """The standard normal's quantiles at `1/cells … 1 - 1/cells`, to double precision."""
    inverse = NormalDist().inv_cdf
    lower = np.array([inverse(number / cells) for number in range(1, cells // 2)])
    return np.concatenate([lower, [0.0], -lower[::-1]])


@cache
def normal_cells(cells: int) -> Floats:
    """The standard normal as equally likely values with mean 0 and variance 1, ascending; `cells` is even."""
    density = np.concatenate([[0.0], np.exp(-(normal_bounds(cells) ** 2) / 2), [0.0]])
    means = density[:-1] - density[1:]
    return np.asarray(means / np.sqrt(np.mean(means**2)))


@cache
def standard_pert() -> Floats:
    """The cell means of PERT between 0 and 1 for 129 likely values from 0 to 1, a row for each.

    The beta density is integrated over the angle whose squared half-sine is the value, where it is smooth
    up to both ends, by Simpson's rule; the integral of the value is then read off as a cubic of the
    probability. Values are rounded at the thirtieth binary place, so that processors that round powers
    differently still agree.
    """
    half = np.linspace(0.0, np.pi / 2, 2 * _ANGLES + 1)
    value, cosine = np.sin(half) ** 2, np.cos(half)
    cosine[-1] = 0.0
    rows = np.array(
        [_integrated_cells(value, np.sin(half), cosine, mode / _MODES) for mode in range(_MODES // 2 + 1)]
    )
    table = np.concatenate([rows, 1 - rows[-2::-1, ::-1]])
    return np.asarray(np.round(table * 2.0**30) / 2.0**30)


def _integrated_cells(value: Floats, sine: Floats, cosine: Floats, mode: float) -> Floats:
    alpha, beta = 1 + 4 * mode, 5 - 4 * mode
    density = sine ** (2 * alpha - 1) * cosine ** (2 * beta - 1)
    probability = _cumulated(density)
    mean = _cumulated(density * value) / probability[-1]
    probability /= probability[-1]
    mean *= alpha / 6 / mean[-1]
    bounds = np.arange(1, CELLS) / CELLS
    right = np.searchsorted(probability, bounds)
    at = _cubic(bounds, probability, mean, value[::2], right)
    return CELLS * np.diff(np.concatenate([[0.0], at, [alpha / 6]]))


def _cumulated(density: Floats) -> Floats:
    """Simpson's rule up to every second point, in units of a sixth of a step."""
    steps = density[:-2:2] + 4 * density[1:-1:2] + density[2::2]
    return np.concatenate([[0.0], np.cumsum(steps)])


def _cubic(at: Floats, x: Floats, y: Floats, slope: Floats, right: NDArray[np.intp]) -> Floats:
    """Between the points `right - 1` and `right`, with the slopes known at both."""
    left = right - 1
    step = x[right] - x[left]
    t = (at - x[left]) / step
    from_left = (1 + 2 * t) * (1 - t) ** 2 * y[left] + t * (1 - t) ** 2 * step * slope[left]
    from_right = t**2 * (3 - 2 * t) * y[right] + t**2 * (t - 1) * step * slope[right]
    return np.asarray(from_left + from_right)


def _pert_cells(low: float, width: float, mode: float) -> Floats:
    """Between two rows of the table: means are linear in the likely value, so they stay exact."""
    table = standard_pert()
    row = min(int(mode * _MODES), _MODES - 1)
    share = mode * _MODES - row
    cells = table[row] * (width * (1 - share))
    cells += table[row + 1] * (width * share)
    cells += low
    return np.asarray(cells)


def _triangular_cells(mode: float) -> Floats:
    """The integral of the quantile function, which is a power on each side of the likely value."""
    share = np.arange(CELLS + 1) / CELLS
    below, above = np.minimum(share, mode), np.maximum(share - mode, 0.0)
    rising = np.sqrt(mode) * below**1.5 * (2 / 3)
    falling = above + np.sqrt(1 - mode) * ((1 - mode - above) ** 1.5 - (1 - mode) ** 1.5) * (2 / 3)
    return np.asarray(CELLS * np.diff(rising + falling))


def _log_parameters(low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm, from the two percentiles."""
    return (log(low) + log(high)) / 2, (log(high) - log(low)) / (2 * _Z90)


def _uniform_moments(low: Floats, _likely: Floats, high: Floats) -> tuple[Floats, ...]:
    width = 1.25 * (high - low)
    return (low + high) / 2, width**2 / 12, np.zeros_like(low), width**4 / 80


def _triangular_moments(low: Floats, likely: Floats, high: Floats) -> tuple[Floats, ...]:
    rise, width = likely - low, high - low
    second = (width**2 - rise * width + rise**2) / 18
    third = (width - 2 * rise) * (2 * width - rise) * (width + rise) / 270
    return low + (rise + width) / 3, second, third, 2.4 * second**2


def _pert_moments(low: Floats, likely: Floats, high: Floats) -> tuple[Floats, ...]:
    width = high - low
    alpha = 1 + 4 * (likely - low) / width
    beta = 6 - alpha
    product = alpha * beta
    second = width**2 * product / 252
    third = width**3 * product * (beta - alpha) / 6048
    excess = 6 * (7 * (alpha - beta) ** 2 - 8 * product) / (72 * product)
    return low + width * alpha / 6, second, third, (3 + excess) * second**2


def _lognormal_moments(low: Floats, _likely: Floats, high: Floats) -> tuple[Floats, ...]:
    spread = np.log(high / low) / (2 * _Z90)
    grown = np.exp(spread**2)
    mean = np.sqrt(low * high) * np.sqrt(grown)
    tail = grown**4 + 2 * grown**3 + 3 * grown**2 - 3
    return (
        mean,
        mean**2 * (grown - 1),
        mean**3 * (grown - 1) ** 2 * (grown + 2),
        mean**4 * (grown - 1) ** 2 * tail,
    )


_MOMENTS: dict[Shape, Callable[[Floats, Floats, Floats], tuple[Floats, ...]]] = {
    Shape.UNIFORM: _uniform_moments,
    Shape.TRIANGULAR: _triangular_moments,
    Shape.PERT: _pert_moments,
    Shape.LOGNORMAL: _lognormal_moments,
}
