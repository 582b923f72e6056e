"""Uncertain lines for the tests of the simulation, and the distribution of their sum by convolution."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from gevinst_benefits.domain.simulation.simulation import UncertainLine
from gevinst_benefits.domain.simulation.simulation_estimates import (
    CELLS,
    Estimate,
    Floats,
    cell_means,
    fixed,
    lognormal,
    pert,
    triangular,
    uniform,
)

DELAYED = ((0.5, 0.3, 0.2), (1.0, 0.96, 0.92))


def line(
    number: int, factor: Estimate, worth: float = 1.0, *, is_delayed: bool = False, **loadings: float
) -> UncertainLine:
    """A line that adds `worth` times its factor, a year or two later with 30 and 20 %."""
    shares, values = DELAYED if is_delayed else ((1.0,), (1.0,))
    return UncertainLine(
        id=UUID(int=number),
        factor=factor,
        values=tuple(worth * value for value in values),
        shares=shares,
        loadings=tuple(loadings.items()),
    )


def mixed_lines(count: int, **loadings: float) -> list[UncertainLine]:
    """Costs and benefits of every shape; every second one is delayed, two of three hang on the factors."""
    shapes = [pert(0.7, 1, 1.9), triangular(0.5, 1, 2), uniform(0.6, 1.4), lognormal(0.6, 1.7), fixed(1)]
    return [
        line(
            n,
            shapes[n % len(shapes)],
            (-1) ** (n % 3) * (5 + n % 7),
            is_delayed=bool(n % 2),
            **(loadings if n % 3 else {}),
        )
        for n in range(1, count + 1)
    ]


def analytic_cases() -> dict[str, list[UncertainLine]]:
    """Ten cases whose mean and variance are known in closed form."""
    return {
        "one uniform line": [line(1, uniform(1, 9))],
        "one triangular line": [line(1, triangular(0, 0, 3), -4)],
        "one PERT line": [line(1, pert(0, 1, 6), 2)],
        "one lognormal line": [line(1, lognormal(1, 3), 5)],
        "a delay alone": [line(1, fixed(2), 10, is_delayed=True)],
        "a factor and a delay": [line(1, pert(0.8, 1, 1.5), 10, is_delayed=True)],
        "a gain less a cost": [line(1, pert(0.8, 1, 2), -10), line(2, triangular(0.2, 1, 1.1), 12)],
        "thirty lines": mixed_lines(30),
        "lines on one factor": mixed_lines(12, wages=0.7),
        "lines on four factors": mixed_lines(12, wages=0.4, adoption=0.3, delivery=-0.3, change=0.6),
    }


def convolved(lines: Sequence[UncertainLine], steps: int = 2**18) -> tuple[Floats, Floats]:
    """The sum of independent lines by fast Fourier transform: ascending values and their probabilities."""
    parts = [np.outer(cell_means(one.factor), one.values).ravel() for one in lines]
    weights = [np.outer(np.full(CELLS, 1 / CELLS), one.shares).ravel() for one in lines]
    low = [float(part.min()) for part in parts]
    step = (sum(float(part.max()) for part in parts) - sum(low)) / (steps - 2 * len(lines))
    spectrum = np.ones(steps // 2 + 1, dtype=np.complex128)
    for part, weight, lowest in zip(parts, weights, low, strict=True):
        place = (part - lowest) / step
        left = place.astype(np.int64)
        right_share = weight * (place - left)
        binned = np.bincount(left, weights=weight - right_share, minlength=steps)
        binned += np.bincount(left + 1, weights=right_share, minlength=steps)
        spectrum *= np.fft.rfft(binned)
    return np.linspace(sum(low), sum(low) + step * (steps - 1), steps), np.asarray(
        np.fft.irfft(spectrum, steps), dtype=np.float64
    )
