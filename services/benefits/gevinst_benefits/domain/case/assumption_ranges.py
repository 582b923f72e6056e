"""C5: an assumption's range as a distribution, in the assumption's own unit and prices."""

from decimal import Decimal

from gevinst_benefits.domain.case.assumptions import Assumption, Distribution
from gevinst_benefits.domain.formulas.meaning import value_of
from gevinst_benefits.domain.simulation.simulation_estimates import (
    Estimate,
    pert,
    quantile,
    triangular,
    uniform,
)


def estimate_of(one: Assumption) -> Estimate:
    """The distribution of an assumption that has a range."""
    assert one.spread is not None
    low, high, likely = one.spread.low, one.spread.high, value_of(one.value, {})
    match one.spread.distribution:
        case Distribution.PERT:
            return pert(low, likely, high)
        case Distribution.TRIANGULAR:
            return triangular(low, likely, high)
        case Distribution.UNIFORM:
            # The estimate is told by its tenth and ninetieth percentile.
            tenth = (high - low) / 10
            return uniform(low + tenth, high - tenth)


def value_at(one: Assumption, share: float) -> Decimal:
    """The value that it stays below with that probability, to twelve digits."""
    return Decimal(f"{quantile(estimate_of(one), share):.12g}")
