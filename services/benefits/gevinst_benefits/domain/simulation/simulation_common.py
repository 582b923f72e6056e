"""C5: what lines have in common when they hang on the same factors: covariances and cumulants.

Each line's factor is a function of a standard normal number that is part its own and part a weighted sum of
the common factors. That function is expanded in Hermite polynomials.
"""

from collections.abc import Sequence
from functools import cache
from math import factorial, sqrt

import numpy as np
from numpy.polynomial.hermite_e import hermegauss, hermeval
from numpy.typing import NDArray

from gevinst_benefits.domain.simulation.simulation import UncertainLine
from gevinst_benefits.domain.simulation.simulation_estimates import (
    CELLS,
    Floats,
    cell_means,
    moments,
    normal_bounds,
)

# Terms of the covariance, and of what is integrated over the factors at so many nodes for each.
_TERMS = 24
_FEW_TERMS = 10
_NODES = 9


def covariances(lines: Sequence[UncertainLine]) -> Floats:
    """The covariance of each two lines' parts; the diagonal is 0.

    Source: Mehler's formula: two functions of normal numbers with correlation r have the covariance that is
    the sum over k of r**k times the product of their k-th normalised Hermite coefficients.
    Check: two uniform numbers from 0 to 1 with r = 0.5 have arcsin(0.25) / (2 pi), 0.0402.
    """
    found = np.zeros((len(lines), len(lines)))
    chosen = [number for number, line in enumerate(lines) if line.loadings and not line.factor.is_certain]
    if not chosen:
        return found
    loaded = [lines[number] for number in chosen]
    weights = _loadings(loaded)
    correlation = weights @ weights.T
    power = np.ones_like(correlation)
    shared = np.zeros_like(correlation)
    for coefficients in _hermite(np.array([cell_means(line.factor) for line in loaded]), _TERMS)[:, 1:].T:
        power *= correlation
        shared += power * np.outer(coefficients, coefficients)
    worth = np.array([np.dot(line.values, line.shares) for line in loaded])
    shared *= np.outer(worth, worth)
    np.fill_diagonal(shared, 0.0)
    found[np.ix_(chosen, chosen)] = shared
    return found


def higher_cumulants(lines: Sequence[UncertainLine]) -> tuple[float, float]:
    """The third and fourth cumulant of a case whose lines hang on common factors.

    Given the factors the lines are independent, so their cumulants add up; the law of total cumulance brings
    them together over a grid of nodes (Gauss and Hermite).
    """
    names = sorted({name for line in lines for name, _ in line.loadings})
    nodes, weights = _grid(len(names))
    first, second, third, fourth = np.zeros((4, len(weights)))
    for line, along, expanded in zip(lines, _loadings(lines) @ nodes.T, _expanded(lines), strict=True):
        k = _cumulants_given(line, along, expanded)
        first, second, third, fourth = first + k[0], second + k[1], third + k[2], fourth + k[3]
    away = first - weights @ first
    square = second + away**2
    cube = third + 3 * second * away + away**3
    quartic = fourth + 4 * third * away + 3 * second**2 + 6 * second * away**2 + away**4
    variance = float(weights @ square)
    return float(weights @ cube), float(weights @ quartic) - 3 * variance**2


def _expanded(lines: Sequence[UncertainLine]) -> Floats:
    """The Hermite coefficients of each line's factor less its mean, and of its powers up to the fourth."""
    away = np.array([cell_means(line.factor) for line in lines])
    away -= away.mean(axis=1, keepdims=True)
    square = away * away
    return np.stack([_hermite(p, _FEW_TERMS) for p in (away, square, square * away, square * square)], axis=1)


def _cumulants_given(line: UncertainLine, along: Floats, expanded: Floats) -> tuple[Floats, ...]:
    """The cumulants of the line's part where its common normal part is `along`."""
    load = sqrt(sum(b * b for _, b in line.loadings))
    scale = np.array([load**k / sqrt(factorial(k)) for k in range(_FEW_TERMS)])
    a1, a2, a3, a4 = hermeval(along / load if load else along, (expanded * scale).T)
    centre = float(moments([line.factor]).mean[0])
    powers = (
        np.ones_like(a1),
        centre + a1,
        centre**2 + 2 * centre * a1 + a2,
        centre**3 + 3 * centre**2 * a1 + 3 * centre * a2 + a3,
        centre**4 + 4 * centre**3 * a1 + 6 * centre**2 * a2 + 4 * centre * a3 + a4,
    )
    m1, m2, m3, m4 = (
        powers[n] * sum(p * v**n for p, v in zip(line.shares, line.values, strict=True)) for n in (1, 2, 3, 4)
    )
    second = m2 - m1**2
    third = m3 - 3 * m1 * m2 + 2 * m1**3
    return m1, second, third, m4 - 4 * m1 * m3 - 3 * m2**2 + 12 * m1**2 * m2 - 6 * m1**4


def _hermite(tables: Floats, terms: int) -> Floats:
    """The normalised Hermite coefficients of functions that are constant over equally likely cells."""
    # No matrix product: its threads wait for each other where other work takes the processors.
    return np.asarray(np.einsum("nc,kc->nk", tables, _polynomials_by_cell()[:terms]))


@cache
def _polynomials_by_cell() -> Floats:
    """The integral of each normalised polynomial over each cell, weighted with the normal density.

    That of the k-th polynomial up to a point is minus the one before there, times the density.
    """
    bounds = normal_bounds(CELLS)
    density = np.exp(-(bounds**2) / 2) / sqrt(2 * np.pi)
    parts = [np.full(CELLS, 1 / CELLS)]
    for k in range(1, _TERMS):
        edge = np.concatenate([[0.0], hermeval(bounds, [0.0] * (k - 1) + [1.0]) * density, [0.0]])
        parts.append((edge[:-1] - edge[1:]) / sqrt(factorial(k)))
    return np.array(parts)


def _loadings(lines: Sequence[UncertainLine]) -> Floats:
    names = sorted({name for line in lines for name, _ in line.loadings})
    rows = [[dict(line.loadings).get(name, 0.0) for name in names] for line in lines]
    return np.array(rows, dtype=np.float64)


@cache
def _grid(factors: int) -> tuple[NDArray[np.float64], Floats]:
    """Nodes for so many standard normal numbers, a row for each, and their weights."""
    nodes, weights = hermegauss(_NODES)
    weights = weights / weights.sum()
    grid = np.stack(np.meshgrid(*[nodes] * factors, indexing="ij"), axis=-1).reshape(-1, factors)
    products = np.ones(1)
    for _ in range(factors):
        products = np.outer(products, weights).ravel()
    return grid, products
