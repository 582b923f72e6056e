"""B7: where an indicator will end, out of few measurements; numpy enters for the grid.

Measured shares of the way are y(t) = r · plan(t − d) + noise: the plan is right but for a ratio r and a delay
d. A late start then is no low benefit. What other benefits came to is the prior on r (C6). The posterior is
summed up on a grid: no iteration, no random numbers, the same answer each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from math import erf, exp, log, sqrt
from statistics import fmean

import numpy as np
import numpy.typing as npt

from gevinst_benefits.domain.measuring.trajectories import Trajectory, planned_shares

RATIOS, DELAYS = 81, 21
# An 80 % interval wider than this share of the way says too little to act on.
WIDEST = 0.6
# Noise of a month's mean: a part of what it measures, and a floor for what is about nothing yet.
NOISE, NOISE_FLOOR = 0.15, 0.03
MOST_MONTHS = 120
_LARGEST_RATIO = 2.5
# A quarter, in days: delays are gamma distributed with shape 2 and this scale, two quarters on average.
_QUARTER = 91.3125
# What is kept back for ratios that the prior thinks impossible, so that measurements can persuade it.
_DOUBT = 0.05
# Level tracking on the plateau: weight of the newest, slack and alarm of the cumulative sum in noise units.
_SMOOTHING, _SLACK, _ALARM, _LEAST_ON_PLATEAU = 0.3, 0.5, 5.0, 4
_TENTH, _HALF, _NINE_TENTHS = 0.1, 0.5, 0.9
_Z_80 = 1.2815515655446004

Floats = npt.NDArray[np.float64]


class Method(StrEnum):
    RATIO_AND_DELAY = "ratio-and-delay"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class RatioPrior:
    """Realised over planned, lognormal: `log_mean` and `log_sd` are those of its natural logarithm.

    The default is a wide one for organisations without history: median 0.8, 80 % from 0.45 to 1.42.
    """

    log_mean: float = log(0.8)
    log_sd: float = 0.45


@dataclass(frozen=True, slots=True)
class Observation:
    """The share of the way (1 is all of it) that was measured on a day."""

    day: date
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle value, and the interval that holds it in eight of ten cases."""

    low: float
    median: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Forecast:
    """`end` is the share of the way that will be done in the end, `at_target` on the target's day.

    `months` is how many months with measurements it stands on. While `is_too_early` it is hardly more than
    the prior. `is_eroding`: on the plateau the level has fallen by more than noise explains.
    """

    method: Method
    months: int
    end: Spread
    at_target: Spread
    delay_days: int
    is_too_early: bool
    is_eroding: bool


def forecast(
    trajectory: Trajectory, observations: Sequence[Observation], prior: RatioPrior | None = None
) -> Forecast:
    """The forecast from what was measured, in any order; without measurements it is the prior.

    Measurements of a month count as their mean, the last 120 months count. Method: posterior over 81 ratios
    × 21 delays (0 to 10 quarters); once four months lie behind the target's day and the delay, the level is
    tracked instead (exponential smoothing with 0.3; cumulative sum against the first three months).

    Check: half of a linear plan's share at every month of the way gives an end near 0.5, or a late start
    that comes to the same.
    """
    months = _by_month(observations)
    days = np.array([float((one.day - trajectory.starts_on).days) for one in months])
    shares = np.array([one.share for one in months])
    believed = prior or RatioPrior()
    edges = _ratio_edges(shares, believed)
    weights, planned_at_target = _posterior(trajectory, days, shares, edges, believed)
    delay = _delay_days(weights)
    ratios = (edges[:-1] + edges[1:]) / 2
    end = _spread(edges, weights.sum(axis=1))
    at_target = _spread_of_cells(np.outer(ratios, planned_at_target).ravel(), weights.ravel())
    plateau = shares[days >= trajectory.days + delay]
    if len(plateau) >= _LEAST_ON_PLATEAU:
        return _level(plateau, at_target, months=len(months), delay=delay)
    return Forecast(
        Method.RATIO_AND_DELAY, len(months), end, at_target, delay, end.width > WIDEST, is_eroding=False
    )


def _by_month(observations: Sequence[Observation]) -> list[Observation]:
    ordered = sorted(observations, key=lambda one: (one.day, one.share))
    means = []
    for _, group in groupby(ordered, key=lambda one: (one.day.year, one.day.month)):
        month = list(group)
        day = date.fromordinal(round(fmean(one.day.toordinal() for one in month)))
        means.append(Observation(day, fmean(one.share for one in month)))
    return means[-MOST_MONTHS:]


def _ratio_edges(shares: Floats, prior: RatioPrior) -> Floats:
    """The borders of the cells of r: from nothing, or from below it when things went backwards; as far up as
    what was measured and what is believed."""
    least, most = (float(shares.min()), float(shares.max())) if len(shares) else (0.0, 0.0)
    believed = exp(prior.log_mean + 2.5 * prior.log_sd)
    highest = max(_LARGEST_RATIO, 1.5 * most, believed)
    borders = np.linspace(min(0.0, 1.5 * least), highest, RATIOS + 1)
    return np.asarray(borders, dtype=np.float64)


def _posterior(
    trajectory: Trajectory, days: Floats, shares: Floats, edges: Floats, prior: RatioPrior
) -> tuple[Floats, Floats]:
    """The weight of each cell [ratio, delay], which sum to 1; and plan(target's day − d) by delay."""
    delays = np.arange(DELAYS) * _QUARTER / 2
    ratios = (edges[:-1] + edges[1:]) / 2
    log_weights = np.log(np.outer(_ratio_masses(edges, prior), _delay_masses()))
    for day, share in zip(days, shares, strict=True):
        planned = np.array(planned_shares(trajectory, (day - delays).tolist()))
        expected = np.outer(ratios, planned)
        variance = (NOISE * expected) ** 2 + NOISE_FLOOR**2
        log_weights -= 0.5 * ((share - expected) ** 2 / variance + np.log(variance))
    weights = np.exp(log_weights - log_weights.max())
    at_target = np.array(planned_shares(trajectory, (trajectory.days - delays).tolist()))
    return np.asarray(weights / weights.sum(), dtype=np.float64), at_target


def _ratio_masses(edges: Floats, prior: RatioPrior) -> Floats:
    below = np.array([_lognormal_cdf(float(edge), prior) for edge in edges])
    masses = np.diff(below)
    return np.asarray((1 - _DOUBT) * masses / masses.sum() + _DOUBT / RATIOS, dtype=np.float64)


def _lognormal_cdf(ratio: float, prior: RatioPrior) -> float:
    if ratio <= 0:
        return 0.0
    return (1 + erf((log(ratio) - prior.log_mean) / (prior.log_sd * sqrt(2)))) / 2


def _delay_masses() -> Floats:
    """How likely each delay is: the gamma distribution's mass from half a step before to half a step on."""
    borders = [0.0, *((step + 0.5) / 2 for step in range(DELAYS))]
    below = [1 - (1 + quarters) * exp(-quarters) for quarters in borders]
    masses = np.diff(np.array(below))
    return np.asarray(masses / masses.sum(), dtype=np.float64)


def _delay_days(weights: Floats) -> int:
    """The delay that is as likely too short as too long."""
    below = np.cumsum(weights.sum(axis=0))
    return round(float(np.searchsorted(below, _HALF)) * _QUARTER / 2)


def _spread(edges: Floats, masses: Floats) -> Spread:
    """Quantiles of a quantity whose cells [edge, next edge) have these masses, spread evenly within."""
    below = np.concatenate(([0.0], np.cumsum(masses)))
    low, median, high = np.interp([_TENTH, _HALF, _NINE_TENTHS], below, edges)
    return Spread(float(low), float(median), float(high))


def _spread_of_cells(values: Floats, weights: Floats) -> Spread:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    found = np.minimum(np.searchsorted(below, [_TENTH, _HALF, _NINE_TENTHS]), len(order) - 1)
    low, median, high = values[order][found]
    return Spread(float(low), float(median), float(high))


def _level(plateau: Floats, at_target: Spread, *, months: int, delay: int) -> Forecast:
    """Where the level is, once there is nothing more to come but its keeping."""
    steps = np.diff(plateau)
    noise = max(float(np.sqrt(np.mean(steps**2) / 2)), NOISE_FLOOR)
    start = float(plateau[:3].mean())
    level, fallen, is_eroding = start, 0.0, False
    for share in plateau[3:]:
        level += _SMOOTHING * (float(share) - level)
        fallen = max(0.0, fallen + (start - float(share)) / noise - _SLACK)
        is_eroding = is_eroding or fallen > _ALARM
    half = _Z_80 * noise * sqrt(_SMOOTHING / (2 - _SMOOTHING))
    end = Spread(level - half, level, level + half)
    return Forecast(Method.LEVEL, months, end, at_target, delay, end.width > WIDEST, is_eroding)
