"""C5: what a case may come to when its assumptions vary within their ranges and its lines may start late.

Assumptions are drawn, not lines: two lines that read the same assumption rise and fall together, and a case
that is not linear in its assumptions is computed as it is. Assumptions that hang on a factor rise and fall
with it, each within its own range. The exact value of a case knows nothing of factors. Nor does the mean of a
sum; the mean of a product does, and every variance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from math import sqrt
from uuid import UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from gevinst_benefits.domain.assumption_ranges import estimate_of
from gevinst_benefits.domain.assumptions import Assumed, Assumption, assume
from gevinst_benefits.domain.business_case import CaseFrame
from gevinst_benefits.domain.case_model import CaseModel, ModelLine
from gevinst_benefits.domain.case_resolving import price_factor_in
from gevinst_benefits.domain.case_results import in_hundredths
from gevinst_benefits.domain.case_weights import counted_share, line_weights, pool_constant
from gevinst_benefits.domain.discounting import discount_factors
from gevinst_benefits.domain.formulas.ordering import computed_order
from gevinst_benefits.domain.formulas.vectors import Array, values_of
from gevinst_benefits.domain.random_words import BITS, RandomWords, Words
from gevinst_benefits.domain.simulation_estimates import cell_means
from gevinst_benefits.domain.simulation_factors import Cells, Loadings, factor_draws, hanging_cells
from gevinst_benefits.domain.simulation_runs import MILLION, Drawn, percentile_of_sorted
from gevinst_shared.values.refusal import Refusal

# An assumption's stream of random numbers hangs on its name, so that it is the same in every version.
_NAMES = UUID("6a1f4c3e-6a0b-5c58-9a55-0d3f4a7c2b10")
_AMOUNT_SHIFT = np.uint32(20)
_ROUNDING = 1e-9
# In millions: what no case can hold is not computed, and not a number is not smaller than it.
_LARGEST = 1e24


class NothingToDraw(Refusal):
    code = "no-draw-computed"
    title = "No draw can be computed"
    detail = "In each of {draws} draws a divisor is zero. Guard the division with if(…, …, …)."


@dataclass(frozen=True, slots=True)
class SimulatedCase:
    """Net present value over the draws, in the case's currency and price year, in hundredths.

    `computed` of the `draws` draws have a value; the others divide by zero, or by so little that no case
    could hold the amount, and are left out of every figure.
    Each figure comes with its standard error: digits below it say nothing.
    """

    seed: int
    draws: int
    computed: int
    mean: Drawn
    standard_deviation: Decimal
    p10: Drawn
    p50: Drawn
    p90: Drawn
    probability_above_zero: Drawn


def simulate_case(model: CaseModel, frame: CaseFrame, *, seed: int, draws: int) -> SimulatedCase:
    """The case drawn `draws` times (at least 1); the same seed gives the same figures.

    `seed` is from 0 to 2**64 - 1. To compare two versions, draw both with one seed: an assumption of the same
    name has the same random numbers in both, and so has a factor of the same code. Raises `NothingToDraw`.
    """
    return described(net_present_values(model, frame, seed=seed, draws=draws), seed=seed)


def described(values: Array, *, seed: int) -> SimulatedCase:
    """The figures of net present values in millions; those that are not finite are counted and left out."""
    draws = len(values)
    found = np.sort(values[np.abs(values) < _LARGEST])
    if not len(found):
        raise NothingToDraw(draws=draws)
    spread = float(found.std(ddof=1)) if len(found) > 1 else 0.0
    p10, p50, p90 = (_percentile(found, share) for share in (0.1, 0.5, 0.9))
    above = 1 - int(np.searchsorted(found, _ROUNDING * float(np.abs(found).max()), side="right")) / len(found)
    error = sqrt(above * (1 - above) / len(found))
    return SimulatedCase(
        seed=seed,
        draws=draws,
        computed=len(found),
        mean=Drawn(_amount(float(found.mean())), _amount(spread / sqrt(len(found)))),
        standard_deviation=_amount(spread),
        p10=p10,
        p50=p50,
        p90=p90,
        probability_above_zero=Drawn(Decimal(f"{above:.6f}"), Decimal(f"{error:.6f}")),
    )


def varies(model: CaseModel) -> bool:
    """Whether anything in the case has a range, or may start late."""
    return any(one.spread for one in model.assumptions) or any(line.delays for line in model.lines)


def net_present_value_percentiles(
    model: CaseModel, frame: CaseFrame, *, seed: int, draws: int
) -> Mapping[int, Decimal]:
    """The net present value at each whole percent from 1 to 99 (50 is P50), as `simulate_case` draws it.

    In the case's currency and price year, in hundredths. Empty when nothing in the case may vary, or no draw
    can be computed: then nothing is known but the case's own value.
    """
    if not varies(model):
        return {}
    values = net_present_values(model, frame, seed=seed, draws=draws)
    found = np.sort(values[np.abs(values) < _LARGEST])
    if not len(found):
        return {}
    return {percent: _amount(percentile_of_sorted(found, percent / 100)) for percent in range(1, 100)}


def net_present_values(
    model: CaseModel, frame: CaseFrame, *, seed: int, draws: int, factor_seed: int | None = None
) -> Array:
    """Net present value in millions of each draw, not a finite number where a divisor is zero.

    Factors are drawn with `factor_seed`, or with none by the case's own: cases that are drawn with one
    `factor_seed` and seeds of their own have in common what their factors have, and nothing else.
    """
    with np.errstate(all="ignore"):
        return _net_present_values(
            model, frame, RandomWords(seed), draws, seed if factor_seed is None else factor_seed
        )


def _net_present_values(
    model: CaseModel, frame: CaseFrame, random: RandomWords, draws: int, factor_seed: int
) -> Array:
    assumed = assume(model.assumptions, price_factor_in(frame))
    named = {name for one in model.assumptions for name, _ in _loadings(one)}
    common = factor_draws(named, RandomWords(factor_seed), draws)
    drawn = _drawn_assumptions(model, frame, assumed, random, common, draws)
    factors = discount_factors(frame.regime, frame.horizon_years)
    constant = pool_constant(model.risk_pool, frame, factors, model.recommended)
    total = np.full(draws, float(constant) / MILLION)
    for line in model.lines:
        share = float(counted_share(line, model.recommended, model.risk_pool)) / MILLION
        if share:
            total += share * _worth(line, frame, factors, drawn, _late(line, random, draws))
    return total


def _drawn_assumptions(
    model: CaseModel,
    frame: CaseFrame,
    assumed: Assumed,
    random: RandomWords,
    common: Mapping[str, Array],
    draws: int,
) -> dict[str, Array]:
    by_name, price_factor = model.assumptions_by_name, price_factor_in(frame)
    found: dict[str, Array] = {}
    for name in computed_order({name: one.value.names for name, one in by_name.items()}):
        one = by_name[name]
        if one.spread is not None:
            words = random.of_line(uuid5(_NAMES, name)).words(draws)
            scale = float(one.measure.scale) * (float(price_factor(one)) if one.is_money else 1)
            found[name] = (scale * cell_means(estimate_of(one))).take(_cells(one, words, common))
        elif one.value.is_plain:
            found[name] = np.asarray(float(assumed.values[name]))
        else:
            found[name] = values_of(one.value, found)
    return found


def _cells(one: Assumption, words: Words, common: Mapping[str, Array]) -> Cells:
    """Which of its equally likely values an assumption takes in each draw."""
    loadings = _loadings(one)
    return hanging_cells(loadings, words, common) if loadings else words >> _AMOUNT_SHIFT


def _loadings(one: Assumption) -> Loadings:
    return tuple((hangs.factor, float(hangs.loading)) for hangs in one.loadings if hangs.loading)


def _worth(
    line: ModelLine,
    frame: CaseFrame,
    factors: tuple[Decimal, ...],
    drawn: Mapping[str, Array],
    late: NDArray[np.uint8] | None,
) -> Array:
    """What the line is worth alone in each draw; `late` is the number of its delay there."""
    by_delay = np.array(
        [
            line_weights(replace(line, first_year=line.first_year + years), frame, factors)
            for years in [delay.years for delay in line.delays] or [0]
        ],
        dtype=np.float64,
    )
    worth = np.asarray(0.0)
    for formula, weights in zip(line.formulas, by_delay.T, strict=True):
        if not weights.any():
            continue
        amount = values_of(formula, drawn)
        weight = weights[0] if late is None else weights.take(late)
        # What falls behind the last year is worth nothing, also where it cannot be computed.
        worth = worth + (weight * amount if weights.all() else np.where(weight == 0, 0.0, weight * amount))
    return worth


def _late(line: ModelLine, random: RandomWords, draws: int) -> NDArray[np.uint8] | None:
    """The number of the line's delay in each draw, each as often as it is probable; nothing without any."""
    if not line.delays:
        return None
    words = random.of_line(line.id).words(draws)
    found = np.zeros(draws, np.uint8)
    for reached in accumulate(delay.probability for delay in line.delays[:-1]):
        found += words >= min(int(reached * 2**BITS), 2**BITS - 1)
    return found


def _percentile(values: Array, share: float) -> Drawn:
    around = sqrt(share * (1 - share) / len(values))
    low, high = (min(max(share + side * around, 0.0), 1.0) for side in (-1, 1))
    error = (percentile_of_sorted(values, high) - percentile_of_sorted(values, low)) / 2
    return Drawn(_amount(percentile_of_sorted(values, share)), _amount(error))


def _amount(millions: float) -> Decimal:
    return in_hundredths(Decimal(millions) * MILLION)
