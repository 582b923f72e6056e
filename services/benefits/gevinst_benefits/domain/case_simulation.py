"""C5: what a case may come to when its assumptions vary within their ranges and its lines may start late.

Assumptions are drawn, not lines: two lines that read the same assumption rise and fall together, and a case
that is not linear in its assumptions is computed as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import sqrt
from uuid import UUID, uuid5

import numpy as np

from gevinst_benefits.domain.assumptions import Assumed, Assumption, Distribution, assume
from gevinst_benefits.domain.business_case import CaseFrame
from gevinst_benefits.domain.case_model import CaseModel, ModelLine
from gevinst_benefits.domain.case_resolving import price_factor_in
from gevinst_benefits.domain.case_results import in_hundredths
from gevinst_benefits.domain.case_weights import counted_share, line_weights, pool_constant
from gevinst_benefits.domain.discounting import discount_factors
from gevinst_benefits.domain.formulas.ordering import computed_order
from gevinst_benefits.domain.formulas.vectors import Array, values_of
from gevinst_benefits.domain.simulation import RandomWords
from gevinst_benefits.domain.simulation_estimates import Estimate, cell_means, pert, triangular, uniform
from gevinst_benefits.domain.simulation_runs import MILLION, Drawn, percentile_of_sorted
from gevinst_shared.values.refusal import Refusal

# An assumption's stream of random numbers hangs on its name, so that it is the same in every version.
_NAMES = UUID("6a1f4c3e-6a0b-5c58-9a55-0d3f4a7c2b10")
_AMOUNT_SHIFT = np.uint64(52)
_WHOLE_WORD = 2.0**64
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
    name has the same random numbers in both. Raises `NothingToDraw`.
    """
    values = net_present_values(model, frame, seed=seed, draws=draws)
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


def net_present_values(model: CaseModel, frame: CaseFrame, *, seed: int, draws: int) -> Array:
    """Net present value in millions of each draw, not a finite number where a divisor is zero."""
    with np.errstate(all="ignore"):
        return _net_present_values(model, frame, seed=seed, draws=draws)


def _net_present_values(model: CaseModel, frame: CaseFrame, *, seed: int, draws: int) -> Array:
    random = RandomWords(seed)
    assumed = assume(model.assumptions, price_factor_in(frame))
    drawn = _drawn_assumptions(model, frame, assumed, random, draws)
    factors = discount_factors(frame.regime, frame.horizon_years)
    constant = pool_constant(model.risk_pool, frame, factors, model.recommended)
    total = np.full(draws, float(constant) / MILLION)
    for line in model.lines:
        share = float(counted_share(line, model.recommended, model.risk_pool)) / MILLION
        if share:
            worths = _worths(line, frame, factors, drawn)
            total += share * (worths[0] if len(worths) == 1 else _late(line, worths, random, draws))
    return total


def _drawn_assumptions(
    model: CaseModel, frame: CaseFrame, assumed: Assumed, random: RandomWords, draws: int
) -> dict[str, Array]:
    by_name, price_factor = model.assumptions_by_name, price_factor_in(frame)
    found: dict[str, Array] = {}
    for name in computed_order({name: one.value.names for name, one in by_name.items()}):
        one = by_name[name]
        if one.spread is not None:
            words = random.of_line(uuid5(_NAMES, name)).random_raw(draws)
            scale = float(one.measure.scale) * (float(price_factor(one)) if one.is_money else 1)
            cells = cell_means(_estimate(one, float(assumed.values[name]), scale))
            found[name] = cells.take((words >> _AMOUNT_SHIFT).view(np.int64))
        elif one.value.is_plain:
            found[name] = np.asarray(float(assumed.values[name]))
        else:
            found[name] = values_of(one.value, found)
    return found


def _estimate(one: Assumption, likely: float, scale: float) -> Estimate:
    """The assumption's range in base units and the case's prices, as its likely value is already."""
    assert one.spread is not None
    low, high = float(one.spread.low) * scale, float(one.spread.high) * scale
    # Between exact numbers and floats the value may come to lie a hair outside its range.
    likely = min(max(likely, low), high)
    match one.spread.distribution:
        case Distribution.PERT:
            return pert(low, likely, high)
        case Distribution.TRIANGULAR:
            return triangular(low, likely, high)
        case Distribution.UNIFORM:
            # The estimate is told by its tenth and ninetieth percentile.
            return uniform(low + (high - low) / 10, high - (high - low) / 10)


def _worths(
    line: ModelLine, frame: CaseFrame, factors: tuple[Decimal, ...], drawn: Mapping[str, Array]
) -> list[Array]:
    """What the line is worth alone in each draw: an array for each of its delays."""
    amounts = [values_of(formula, drawn) for formula in line.formulas]
    worths = []
    for years in [delay.years for delay in line.delays] or [0]:
        weights = line_weights(replace(line, first_year=line.first_year + years), frame, factors)
        parts = [float(weight) * amount for weight, amount in zip(weights, amounts, strict=True) if weight]
        worths.append(np.asarray(sum(parts, np.asarray(0.0))))
    return worths


def _late(line: ModelLine, worths: list[Array], random: RandomWords, draws: int) -> Array:
    """One of the worths by draw, each as often as its delay is probable."""
    bounds = np.cumsum([float(delay.probability) for delay in line.delays])[:-1]
    place = random.of_line(line.id).random_raw(draws) / _WHOLE_WORD
    which = np.searchsorted(bounds, place, side="right")
    return np.choose(which, [np.broadcast_to(worth, (draws,)) for worth in worths])


def _percentile(values: Array, share: float) -> Drawn:
    around = sqrt(share * (1 - share) / len(values))
    low, high = (min(max(share + side * around, 0.0), 1.0) for side in (-1, 1))
    error = (percentile_of_sorted(values, high) - percentile_of_sorted(values, low)) / 2
    return Drawn(_amount(percentile_of_sorted(values, share)), _amount(error))


def _amount(millions: float) -> Decimal:
    return in_hundredths(Decimal(millions) * MILLION)
