"""C5: the net present values of a case, drawn.

What does not vary is computed once: the values that each assumption is drawn from, and what each line is
worth at each of its delays. Draws are then made some at a time, so that the largest case needs little memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from uuid import UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from gevinst_benefits.domain.case.assumption_ranges import estimate_of
from gevinst_benefits.domain.case.assumptions import Assumption, assume
from gevinst_benefits.domain.case.business_case import CaseFrame
from gevinst_benefits.domain.case.case_model import CaseModel, ModelLine
from gevinst_benefits.domain.case.case_resolving import price_factor_in
from gevinst_benefits.domain.case.case_weights import counted_share, line_weights, pool_constant
from gevinst_benefits.domain.case.discounting import discount_factors
from gevinst_benefits.domain.formulas.ordering import computed_order
from gevinst_benefits.domain.formulas.vectors import Array, values_of
from gevinst_benefits.domain.simulation.random_words import BITS, RandomWords
from gevinst_benefits.domain.simulation.simulation_estimates import cell_means
from gevinst_benefits.domain.simulation.simulation_factors import Loadings, factor_draws, hanging_cells

MILLION = 1_000_000
CHUNK = 12_800
# An assumption's stream of random numbers hangs on its name, so that it is the same in every version.
_NAMES = UUID("6a1f4c3e-6a0b-5c58-9a55-0d3f4a7c2b10")
_AMOUNT_SHIFT = np.uint32(20)


def net_present_values(
    model: CaseModel, frame: CaseFrame, *, seed: int, draws: int, factor_seed: int | None = None
) -> Array:
    """Net present value in millions of each draw, not a finite number where a divisor is zero.

    Factors are drawn with `factor_seed`, or with none by the case's own: cases that are drawn with one
    `factor_seed` and seeds of their own have in common what their factors have, and nothing else. The first
    `n` draws are the same for any number of draws.
    """
    ready = _ReadyCase(model, frame)
    own, of_factors = RandomWords(seed), RandomWords(seed if factor_seed is None else factor_seed)
    found = np.empty(draws)
    with np.errstate(all="ignore"):
        for start in range(0, draws, CHUNK):
            some = slice(start, min(start + CHUNK, draws))
            found[some] = ready.drawn(own, of_factors, start, some.stop - start)
    return found


@dataclass(frozen=True, slots=True)
class _Varying:
    """An assumption with a range: its stream, its equally likely values, and what it hangs on."""

    stream_id: UUID
    values: Array
    loadings: Loadings


@dataclass(frozen=True, slots=True)
class _Counted:
    """A line that counts, so often: `weights` by delay and formula, `bounds` of a word between the delays."""

    line: ModelLine
    share: float
    weights: Array
    bounds: tuple[int, ...]


class _ReadyCase:
    """A case with all that every draw needs."""

    def __init__(self, model: CaseModel, frame: CaseFrame) -> None:
        self._assumptions = model.assumptions_by_name
        self._order = computed_order({name: one.value.names for name, one in self._assumptions.items()})
        factor = price_factor_in(frame)
        assumed = assume(model.assumptions, factor)
        self._varying, self._certain = {}, {}
        for name, one in self._assumptions.items():
            if one.spread is not None:
                scale = float(one.measure.scale) * (float(factor(one)) if one.is_money else 1)
                self._varying[name] = _varying(one, scale)
            elif one.value.is_plain:
                self._certain[name] = np.asarray(float(assumed.values[name]))
        self._factors = {name for one in self._varying.values() for name, _ in one.loadings}
        factors = discount_factors(frame.regime, frame.horizon_years)
        self._constant = float(pool_constant(model.risk_pool, frame, factors, model.recommended)) / MILLION
        self._lines = [
            _counted(line, frame, factors, float(share) / MILLION)
            for line in model.lines
            if (share := counted_share(line, model.recommended, model.risk_pool))
        ]

    def drawn(self, own: RandomWords, of_factors: RandomWords, start: int, count: int) -> Array:
        """The net present values of `count` draws, from number `start` on."""
        common = factor_draws(self._factors, of_factors, count, start=start)
        values = dict(self._certain)
        for name in self._order:
            if name in self._varying:
                values[name] = _drawn(self._varying[name], own, common, start, count)
            elif name not in values:
                values[name] = values_of(self._assumptions[name].value, values)
        total = np.full(count, self._constant)
        for one in self._lines:
            total += one.share * _worth(one, values, _late(one, own, start, count))
        return total


def _varying(one: Assumption, scale: float) -> _Varying:
    """`scale` brings the assumption's own unit and prices to base units and the case's prices."""
    loadings = tuple((hangs.factor, float(hangs.loading)) for hangs in one.loadings if hangs.loading)
    return _Varying(uuid5(_NAMES, one.name), scale * cell_means(estimate_of(one)), loadings)


def _counted(line: ModelLine, frame: CaseFrame, factors: tuple[Decimal, ...], share: float) -> _Counted:
    years = [delay.years for delay in line.delays] or [0]
    weights = [
        line_weights(replace(line, first_year=line.first_year + late), frame, factors) for late in years
    ]
    reached = accumulate(delay.probability for delay in line.delays[:-1])
    bounds = tuple(min(int(probability * 2**BITS), 2**BITS - 1) for probability in reached)
    return _Counted(line, share, np.array(weights, dtype=np.float64), bounds)


def _drawn(one: _Varying, random: RandomWords, common: Mapping[str, Array], start: int, count: int) -> Array:
    words = random.of_line(one.stream_id, start=start).words(count)
    cells = hanging_cells(one.loadings, words, common) if one.loadings else words >> _AMOUNT_SHIFT
    return one.values.take(cells)


def _late(one: _Counted, random: RandomWords, start: int, count: int) -> NDArray[np.uint8] | None:
    """The number of the line's delay in each draw, each as often as it is probable; nothing without any."""
    if not one.line.delays:
        return None
    words = random.of_line(one.line.id, start=start).words(count)
    found = np.zeros(count, np.uint8)
    for bound in one.bounds:
        found += words >= bound
    return found


def _worth(one: _Counted, values: Mapping[str, Array], late: NDArray[np.uint8] | None) -> Array:
    """What the line is worth alone in each draw."""
    worth = np.asarray(0.0)
    for formula, weights in zip(one.line.formulas, one.weights.T, strict=True):
        if not weights.any():
            continue
        amount = values_of(formula, values)
        weight = weights[0] if late is None else weights.take(late)
        # What falls behind the last year is worth nothing, also where it cannot be computed.
        worth = worth + (weight * amount if weights.all() else np.where(weight == 0, 0.0, weight * amount))
    return worth
