"""C5: what a case may come to: net present value as a sum of lines, drawn with random numbers of their own.

One draw is the sum over lines of a factor on the line's amounts times what the line is worth when it starts
with a certain delay. What it is worth is computed once for each delay, so that years, ramps, discounting and
prices cost nothing in a draw. A line's random numbers depend on the seed and the line's id alone: a line
that is added, removed or changed leaves the others' draws as they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import fsum, isclose
from uuid import UUID

import numpy as np

from gevinst_benefits.domain.simulation.random_words import RandomWords, Stream, Words
from gevinst_benefits.domain.simulation.simulation_estimates import CELLS, Estimate, Floats, cell_means
from gevinst_benefits.domain.simulation.simulation_factors import (
    MOST_FACTORS,
    Cells,
    Loadings,
    OddLoadings,
    factor_draws,
    hanging_cells,
)
from gevinst_shared.values.refusal import Refusal

CHUNK = 12_500

# Of a word's 32 bits the highest 12 choose the factor (16 where it hangs on others), the lowest 12 the delay.
_AMOUNT_SHIFT = np.uint32(20)
_DELAY_MASK = np.uint32(CELLS - 1)


class OddDelays(Refusal):
    code = "odd-delays"
    title = "The delays do not add up"
    detail = "The probabilities of a line's delays must be zero or more and together 1, not {total}."


@dataclass(frozen=True, slots=True)
class UncertainLine:
    """A line as the simulation takes it.

    `values[s]` is what the line adds to net present value with its delay number `s` and a factor of 1, in
    millions, costs negative; `shares[s]` is that delay's probability. `factor` multiplies all amounts.
    `loadings` are its correlations, on the scale of the normal distribution, with common factors such as
    wages. `flows[s][t]` are the amounts behind `values[s]`, not discounted; only figures by year need them.
    Raises `OddDelays` and `OddLoadings`.
    """

    id: UUID
    factor: Estimate
    values: tuple[float, ...]
    shares: tuple[float, ...] = (1.0,)
    loadings: Loadings = ()
    flows: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        total = fsum(self.shares)
        is_sure = isclose(total, 1, abs_tol=1e-9) and min(self.shares) >= 0
        if not is_sure or len(self.shares) != len(self.values):
            raise OddDelays(total=round(total, 6))
        names = {name for name, _ in self.loadings}
        is_within_one = fsum(b * b for _, b in self.loadings) <= 1 + 1e-9
        if not is_within_one or not len(names) == len(self.loadings) <= MOST_FACTORS:
            raise OddLoadings(subject=self.id, most=MOST_FACTORS)


def seed_of(version_id: UUID) -> int:
    """The seed of a version: the first 8 bytes, big-endian, of SHA-256 of its id in text form.

    To compare two versions, draw both with one seed: then only what changed differs.
    """
    return int.from_bytes(sha256(str(version_id).encode()).digest()[:8], "big")


def net_present_values(
    lines: Iterable[UncertainLine], *, seed: int, draws: int, chunk: int = CHUNK
) -> Floats:
    """Net present value in millions of each draw; `seed` is from 0 to 2**64 - 1.

    The same for any order of the lines and any `chunk`, and the first `n` draws are the same for any number
    of draws. Lines are summed in the order of their ids.
    """
    ordered = sorted(lines, key=lambda line: line.id.int)
    chunk += chunk % 2  # two words at a time
    random = RandomWords(seed)
    common = common_draws(ordered, random, draws)
    total = np.zeros(draws)
    certain = []
    for line in ordered:
        if line.factor.is_certain and len(line.values) == 1:
            certain.append(line.factor.likely * line.values[0])
        else:
            _add_line(total, line, random.of_line(line.id), common, chunk)
    total += fsum(certain)
    return total


def line_cells(line: UncertainLine, words: Words, common: Mapping[str, Floats]) -> Cells:
    """Which of the line's equally likely factors is taken in each draw."""
    return hanging_cells(line.loadings, words, common) if line.loadings else words >> _AMOUNT_SHIFT


def common_draws(lines: Iterable[UncertainLine], random: RandomWords, draws: int) -> dict[str, Floats]:
    """Standard normal draws of the factors that the lines name; cases drawn with one seed share them."""
    return factor_draws((name for line in lines for name, _ in line.loadings), random, draws)


def delay_cells(values: Sequence[float], shares: Sequence[float]) -> Floats:
    """`values` over `CELLS` equal steps of probability, a step that holds two weighted: the mean is exact."""
    cells = np.zeros(CELLS)
    end = 0.0
    for value, share in zip(values, shares, strict=True):
        begin, end = end, min(end + share * CELLS, CELLS)
        first, last = int(begin), int(end)
        if first == last:
            cells[first % CELLS] += value * (end - begin)
            continue
        cells[first] += value * (first + 1 - begin)
        cells[first + 1 : last] = value
        cells[last % CELLS] += value * (end - last)
    return cells


def _add_line(
    total: Floats, line: UncertainLine, stream: Stream, common: Mapping[str, Floats], chunk: int
) -> None:
    factors, delayed = _tables(line)
    for start in range(0, len(total), chunk):
        drawn = slice(start, min(start + chunk, len(total)))
        words = stream.words(drawn.stop - start)
        if factors is not None:
            here = {name: common[name][drawn] for name, _ in line.loadings}
            part = factors.take(line_cells(line, words, here))
            if delayed is not None:
                part *= delayed.take(delay_index(words))
            total[drawn] += part
        elif delayed is not None:
            total[drawn] += delayed.take(delay_index(words))


def _tables(line: UncertainLine) -> tuple[Floats | None, Floats | None]:
    """The factors with what does not vary multiplied in, and what the line is worth by delay."""
    if line.factor.is_certain:
        return None, line.factor.likely * delay_cells(line.values, line.shares)
    factors = cell_means(line.factor)
    if len(line.values) == 1:
        return factors * line.values[0], None
    return factors, delay_cells(line.values, line.shares)


def delay_index(words: Words) -> Cells:
    """The step of probability of the delay in each draw."""
    return words & _DELAY_MASK
