"""C5: what varies together: common factors, and numbers that hang on them by their loadings.

A number that hangs on factors is told by a standard normal number z = Σ bᵢ Fᵢ + √(1 - Σ bᵢ²) e: the factors
are drawn once for all that hang on them, e is its own. Its rank is taken from z (a Gaussian copula), so that
each number keeps the distribution that it has alone, and two of them that hang on one factor by b and c have
normal numbers with the correlation b c.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from math import fsum, sqrt

import numpy as np
from numpy.typing import NDArray

from gevinst_benefits.domain.simulation.random_words import RandomWords, Words
from gevinst_benefits.domain.simulation.simulation_estimates import CELLS, Floats, normal_bounds, normal_cells
from gevinst_shared.values.refusal import Refusal

MOST_FACTORS = 4

# The highest 16 of a word's 32 bits choose the normal number.
_NORMAL_SHIFT = np.uint32(16)
_NORMAL_CELLS = 65_536
# No weighted sum of five drawn normal numbers reaches so far: each is below 4.5, and 4.5 times √5 is 10.1.
_WIDEST_Z = 12.0

Cells = NDArray[np.uint32] | NDArray[np.intp]
Loadings = tuple[tuple[str, float], ...]


class OddLoadings(Refusal):
    code = "odd-loadings"
    title = "It hangs on more than itself"
    detail = (
        "{subject} can hang on at most {most} common factors, each named once, and the squares of its "
        "loadings must not add up to more than 1."
    )


def factor_draws(
    names: Iterable[str], random: RandomWords, draws: int, *, start: int = 0
) -> dict[str, Floats]:
    """Standard normal draws of factors by name; whatever is drawn with the same streams shares them.

    `start` is the number of the first draw, a multiple of 8.
    """
    return {
        name: _own_normal(random.of_factor(name, start=start).words(draws)) for name in sorted(set(names))
    }


def hanging_draws(loadings: Loadings, words: Words, common: Mapping[str, Floats]) -> Floats:
    """Standard normal draws that hang on the factors in `common` by `loadings`, one for each of the words.

    Check: two with loadings 0.8 and 0.5 on one factor have the correlation 0.4.
    """
    own = sqrt(max(0.0, 1 - fsum(b * b for _, b in loadings)))
    z = own * _own_normal(words)
    for name, loading in loadings:
        z += loading * common[name]
    return z


def hanging_cells(loadings: Loadings, words: Words, common: Mapping[str, Floats]) -> Cells:
    """The same as ranks: which of `CELLS` equal steps of probability each draw is in."""
    z = hanging_draws(loadings, words, common)
    z += _WIDEST_Z
    z *= _NORMAL_CELLS / (2 * _WIDEST_Z)
    return _cells_of_normal().take(z.astype(np.int64))


def _own_normal(words: Words) -> Floats:
    return normal_cells(_NORMAL_CELLS).take(words >> _NORMAL_SHIFT)


@cache
def _cells_of_normal() -> NDArray[np.intp]:
    """The step of probability for each of so many equal steps of a standard normal number around zero."""
    steps = (np.arange(_NORMAL_CELLS) + 0.5) * (2 * _WIDEST_Z / _NORMAL_CELLS) - _WIDEST_Z
    return np.searchsorted(normal_bounds(CELLS), steps)
