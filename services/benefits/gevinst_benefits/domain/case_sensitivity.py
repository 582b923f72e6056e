"""C5: which assumptions matter most: the value at each one's low and high, the others as they are."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.assumptions import (
    Assumption,
    Distribution,
    assume,
    at_value,
    computable_values,
)
from gevinst_benefits.domain.business_case import CaseFrame
from gevinst_benefits.domain.case_model import CaseModel, ModelLine
from gevinst_benefits.domain.case_resolving import price_factor_in
from gevinst_benefits.domain.case_results import in_hundredths
from gevinst_benefits.domain.case_weights import CaseWeights, case_weights, line_amounts, present_value
from gevinst_benefits.domain.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal


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
        if self.npv_at_low is None or self.npv_at_high is None:
            return None
        return abs(self.npv_at_high - self.npv_at_low)


@dataclass(frozen=True, slots=True)
class Tornado:
    """`net_present_value` with every assumption at its value; those with a range, the widest swing first."""

    net_present_value: Decimal
    assumptions: tuple[AssumptionSensitivity, ...]


def tornado(model: CaseModel, frame: CaseFrame) -> Tornado:
    """The net present value at each assumption's low and high value, exactly: no line is linearised.

    Assumptions whose value cannot be computed at one end come first, for they must be looked at.
    """
    assumed = assume(model.assumptions, price_factor_in(frame))
    weights = case_weights(model, frame)
    presents = {
        line.id: present_value(weights.lines[line.id], line_amounts(line, assumed.values))
        for line in model.lines
        if line.id in weights.lines
    }
    with localcontext(prec=DIGITS):
        total = weights.constant + sum(presents.values(), Decimal(0))
        found = []
        for one in model.assumptions:
            if one.spread is None:
                continue
            lines = [line for line in model.lines if any(one.name in assumed.reads[n] for n in line.names)]
            others = total - sum((presents.get(line.id, Decimal(0)) for line in lines), Decimal(0))
            ends = [
                _at(model, frame, weights, lines, at_value(one, end))
                for end in (one.spread.low, one.spread.high)
            ]
            found.append(_sensitivity(one, lines, [end if end is None else others + end for end in ends]))
    ranked = sorted(found, key=lambda one: (one.swing is not None, -(one.swing or Decimal(0))))
    return Tornado(in_hundredths(total), tuple(ranked))


def _at(
    model: CaseModel,
    frame: CaseFrame,
    weights: CaseWeights,
    lines: list[ModelLine],
    changed: Assumption,
) -> Decimal | None:
    """What `lines` are worth with one assumption changed."""
    mixture = [changed if one.name == changed.name else one for one in model.assumptions]
    values = computable_values(mixture, price_factor_in(frame))
    worth = Decimal(0)
    for line in lines:
        if line.id not in weights.lines:
            continue
        try:
            amounts = line_amounts(line, values)
        except (Refusal, KeyError):
            return None
        worth += present_value(weights.lines[line.id], amounts)
    return worth


def _sensitivity(
    one: Assumption, lines: list[ModelLine], ends: list[Decimal | None]
) -> AssumptionSensitivity:
    assert one.spread is not None
    at_low, at_high = (None if end is None else in_hundredths(end) for end in ends)
    return AssumptionSensitivity(
        one.name,
        one.spread.low,
        one.spread.high,
        one.spread.distribution,
        at_low,
        at_high,
        tuple(line.id for line in lines),
    )
