"""C5: which assumptions matter most: the value at each one's low and high, the others as they are.

A factor moves all that hang on it at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from statistics import NormalDist
from uuid import UUID

from gevinst_benefits.domain.case.assumption_ranges import value_at
from gevinst_benefits.domain.case.assumptions import (
    Assumption,
    Distribution,
    assume,
    at_value,
    computable_values,
)
from gevinst_benefits.domain.case.business_case import CaseFrame
from gevinst_benefits.domain.case.case_factors import Factor, hanging_on
from gevinst_benefits.domain.case.case_model import CaseModel, ModelLine
from gevinst_benefits.domain.case.case_resolving import price_factor_in
from gevinst_benefits.domain.case.case_results import in_hundredths
from gevinst_benefits.domain.case.case_weights import case_weights, line_amounts, present_value
from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal

_NORMAL = NormalDist()
_Z90 = _NORMAL.inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class AssumptionSensitivity:
    """One assumption's part of the tornado, in hundredths.

    A value is missing when a line cannot be computed there, such as at a divisor of zero. `swing` is the
    distance between the two; `line_ids` are the lines that the assumption stands behind.
    """

    name: str
    low: Decimal
    high: Decimal
    distribution: Distribution
    npv_at_low: Decimal | None
    npv_at_high: Decimal | None
    line_ids: tuple[UUID, ...]

    @property
    def swing(self) -> Decimal | None:
        return _swing(self.npv_at_low, self.npv_at_high)


@dataclass(frozen=True, slots=True)
class FactorSensitivity:
    """One factor's part of the tornado, in hundredths: the value at its tenth and ninetieth percentile.

    There `assumptions`, those that hang on it, are as far along their ranges as it takes them, and all else
    is at its value. With a loading of 0.6 a factor at its ninetieth percentile takes an assumption to its
    78th, with -0.6 to its 22nd.
    """

    factor: str
    name: str
    npv_at_p10: Decimal | None
    npv_at_p90: Decimal | None
    assumptions: tuple[str, ...]
    line_ids: tuple[UUID, ...]

    @property
    def swing(self) -> Decimal | None:
        return _swing(self.npv_at_p10, self.npv_at_p90)


@dataclass(frozen=True, slots=True)
class Tornado:
    """`net_present_value` with every assumption at its value; those with a range, the widest swing first, and
    the factors likewise. The bar of an assumption moves no other, also where both hang on one factor."""

    net_present_value: Decimal
    assumptions: tuple[AssumptionSensitivity, ...]
    factors: tuple[FactorSensitivity, ...] = ()


def tornado(model: CaseModel, frame: CaseFrame) -> Tornado:
    """The net present value at each assumption's low and high value, exactly: no line is linearised.

    Assumptions and factors whose value cannot be computed at one end come first, for they must be looked at.
    """
    bars = _Bars(model, frame)
    found = [bars.of_assumption(one) for one in model.assumptions if one.spread is not None]
    factors = [bars.of_factor(one) for one in model.factors if hanging_on(one.code, model.assumptions)]
    return Tornado(
        in_hundredths(bars.total), tuple(sorted(found, key=_rank)), tuple(sorted(factors, key=_rank))
    )


class _Bars:
    """A case at its values, and at others for some of its assumptions."""

    def __init__(self, model: CaseModel, frame: CaseFrame) -> None:
        self._model, self._frame = model, frame
        self._reads = assume(model.assumptions, price_factor_in(frame)).reads
        self._weights = case_weights(model, frame)
        values = computable_values(model.assumptions, price_factor_in(frame))
        worths = {line.id: self._worth([line], values) for line in model.lines}
        self._presents = {line_id: worth or Decimal(0) for line_id, worth in worths.items()}
        with localcontext(prec=DIGITS):
            self.total = self._weights.constant + sum(self._presents.values(), Decimal(0))

    def of_assumption(self, one: Assumption) -> AssumptionSensitivity:
        assert one.spread is not None
        lines = self._reading({one.name})
        at_low, at_high = (
            self._value(lines, {one.name: at_value(one, end)}) for end in (one.spread.low, one.spread.high)
        )
        ids = tuple(line.id for line in lines)
        return AssumptionSensitivity(
            one.name, one.spread.low, one.spread.high, one.spread.distribution, at_low, at_high, ids
        )

    def of_factor(self, factor: Factor) -> FactorSensitivity:
        known = self._model.assumptions_by_name
        moved = hanging_on(factor.code, self._model.assumptions)
        lines = self._reading(moved)
        at_p10, at_p90 = (
            self._value(
                lines, {name: _moved(known[name], z * float(hangs.loading)) for name, hangs in moved.items()}
            )
            for z in (-_Z90, _Z90)
        )
        ids = tuple(line.id for line in lines)
        return FactorSensitivity(factor.code, factor.name, at_p10, at_p90, tuple(moved), ids)

    def _reading(self, names: Collection[str]) -> list[ModelLine]:
        """The lines that one of the assumptions stands behind."""
        return [
            line
            for line in self._model.lines
            if any(not self._reads[read].isdisjoint(names) for read in line.names)
        ]

    def _value(self, lines: list[ModelLine], changed: Mapping[str, Assumption]) -> Decimal | None:
        """The case's net present value with some assumptions changed, which only `lines` read."""
        mixture = [changed.get(one.name, one) for one in self._model.assumptions]
        worth = self._worth(lines, computable_values(mixture, price_factor_in(self._frame)))
        if worth is None:
            return None
        with localcontext(prec=DIGITS):
            others = self.total - sum((self._presents[line.id] for line in lines), Decimal(0))
            return in_hundredths(others + worth)

    def _worth(self, lines: list[ModelLine], values: Mapping[str, Decimal]) -> Decimal | None:
        """What lines are worth together, or nothing where one of those that count cannot be computed."""
        counted = [line for line in lines if line.id in self._weights.lines]
        try:
            with localcontext(prec=DIGITS):
                return sum(
                    (
                        present_value(self._weights.lines[line.id], line_amounts(line, values))
                        for line in counted
                    ),
                    Decimal(0),
                )
        except (Refusal, KeyError):
            return None


def _moved(one: Assumption, z: float) -> Assumption:
    """The assumption as far along its range as a standard normal number is along its own."""
    return at_value(one, value_at(one, _NORMAL.cdf(z)))


def _swing(at_low: Decimal | None, at_high: Decimal | None) -> Decimal | None:
    return None if at_low is None or at_high is None else abs(at_high - at_low)


def _rank(one: AssumptionSensitivity | FactorSensitivity) -> tuple[bool, Decimal]:
    return one.swing is not None, -(one.swing or Decimal(0))
