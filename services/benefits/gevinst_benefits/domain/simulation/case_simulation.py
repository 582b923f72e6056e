"""C5: what a case may come to when its assumptions vary within their ranges and its lines may start late.

Assumptions are drawn, not lines: two lines that read the same assumption rise and fall together, and a case
that is not linear in its assumptions is computed as it is. Assumptions that hang on a factor rise and fall
with it, each within its own range. The exact value of a case knows nothing of factors. Nor does the mean of a
sum; the mean of a product does, and every variance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import numpy as np

from gevinst_benefits.domain.case.business_case import CaseFrame
from gevinst_benefits.domain.case.case_model import CaseModel
from gevinst_benefits.domain.case.case_results import in_hundredths
from gevinst_benefits.domain.formulas.vectors import Array
from gevinst_benefits.domain.simulation.case_draws import MILLION, net_present_values
from gevinst_benefits.domain.simulation.simulation_runs import Drawn, percentile_of_sorted
from gevinst_shared.values.refusal import Refusal

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


def _percentile(values: Array, share: float) -> Drawn:
    around = sqrt(share * (1 - share) / len(values))
    low, high = (min(max(share + side * around, 0.0), 1.0) for side in (-1, 1))
    error = (percentile_of_sorted(values, high) - percentile_of_sorted(values, low)) / 2
    return Drawn(_amount(percentile_of_sorted(values, share)), _amount(error))


def _amount(millions: float) -> Decimal:
    return in_hundredths(Decimal(millions) * MILLION)
