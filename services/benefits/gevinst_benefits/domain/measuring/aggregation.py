"""How the measurements of several units, or of a period, make one value."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal


class WeightMissing(Refusal):
    code = "measurement-weight-missing"
    title = "How much does the measurement weigh?"
    detail = "The indicator is a weighted mean. Say in `weight` what stands behind the value, such as cases."


class Rule(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    LAST = "last"
    WEIGHTED_MEAN = "weighted-mean"


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`time` makes a period's value of its measurements, `units` the whole's value of its units' newest."""

    time: Rule = Rule.LAST
    units: Rule = Rule.MEAN

    @property
    def needs_weights(self) -> bool:
        return Rule.WEIGHTED_MEAN in (self.time, self.units)


def refuse_without_weight(aggregation: Aggregation, weight: Decimal | None, *, pointer: str) -> None:
    if aggregation.needs_weights and weight is None:
        raise WeightMissing(pointer=pointer)


def aggregated(rule: Rule, values: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """One value of several, each with its weight, in the order of their days; None of none.

    A mean is to six decimals. Weights are positive; a value without one keeps a weighted mean from being
    computed (None): missing is not zero (B6).   Check: 10 weighing 1 and 20 weighing 3 give 17.5.
    """
    if not values:
        return None
    with localcontext(prec=DIGITS):
        match rule:
            case Rule.LAST:
                return values[-1][0]
            case Rule.SUM:
                return sum((value for value, _ in values), Decimal(0))
            case Rule.MEAN:
                return _rounded(sum((value for value, _ in values), Decimal(0)) / len(values))
            case Rule.WEIGHTED_MEAN:
                return _weighted(values)


def _weighted(values: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    total, weights = Decimal(0), Decimal(0)
    for value, weight in values:
        if weight is None:
            return None
        total, weights = total + value * weight, weights + weight
    return _rounded(total / weights)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"))
