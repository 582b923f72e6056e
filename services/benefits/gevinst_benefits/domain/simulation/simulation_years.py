"""C5: how far a case's flow of each year may come from its mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gevinst_benefits.domain.simulation.random_words import RandomWords
from gevinst_benefits.domain.simulation.simulation import (
    CHUNK,
    UncertainLine,
    common_draws,
    delay_cells,
    delay_index,
    line_cells,
)
from gevinst_benefits.domain.simulation.simulation_estimates import Floats, cell_means


@dataclass(frozen=True, slots=True)
class YearSpread:
    """The net flow of one year after the base year, in millions and not discounted."""

    year: int
    p10: float
    p50: float
    p90: float


def year_spreads(lines: Sequence[UncertainLine], *, seed: int, draws: int) -> tuple[YearSpread, ...]:
    """Percentiles of the net flow of each year, from the draws that `net_present_values` makes too.

    Every line needs its `flows`, all over the same years; no lines have no years.
    """
    if not lines:
        return ()
    drawn = yearly_flows(lines, seed=seed, draws=draws)
    found = np.quantile(drawn, (0.1, 0.5, 0.9), axis=0)
    return tuple(
        YearSpread(year, *(float(value) for value in of_year)) for year, of_year in enumerate(found.T)
    )


def yearly_flows(lines: Sequence[UncertainLine], *, seed: int, draws: int) -> Floats:
    """The net flow of each draw (a row) in each year (a column), in millions and not discounted."""
    ordered = sorted(lines, key=lambda line: line.id)
    random = RandomWords(seed)
    common = common_draws(ordered, random, draws)
    found = np.zeros((draws, len(ordered[0].flows[0])))
    for line in ordered:
        factors, flows = cell_means(line.factor), np.array(line.flows)
        # How much of each delay is in each step of probability: 1 for one of them, but across bounds.
        parts = np.array([delay_cells(row, line.shares) for row in np.eye(len(line.shares)).tolist()])
        stream = random.of_line(line.id)
        for start in range(0, draws, CHUNK):
            some = slice(start, min(start + CHUNK, draws))
            words = stream.words(some.stop - start)
            here = {name: common[name][some] for name, _ in line.loadings}
            amounts = factors.take(line_cells(line, words, here))
            found[some] += (parts.take(delay_index(words), axis=1) * amounts).T @ flows
    return found
