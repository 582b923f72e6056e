"""C5: how long a case takes to pay back, what it earns, and what it gives for each unit of money spent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import accumulate
from uuid import UUID

from gevinst_benefits.domain.case.business_case import BusinessCase, CaseFrame, CaseLine, Side, line_flows
from gevinst_benefits.domain.case.case_results import NEXT_TO_NOTHING, in_hundredths
from gevinst_benefits.domain.case.discounting import DIGITS, DiscountRegime, discount_factors
from gevinst_benefits.domain.case.rates_of_return import RateOfReturn, internal_rate_of_return

INVESTMENT = "investment"
_RATIO = Decimal("0.0001")
_RATE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Payback:
    """When accumulated flows are at or above zero for good.

    `year` counts from the base year, which is 0, and is the first year that ends so; `years` goes by the part
    of that year that is needed when its flow comes evenly.
    """

    year: int
    years: Decimal


@dataclass(frozen=True, slots=True)
class SwitchingValue:
    """What a line's amounts must be multiplied by for the case to be worth nothing; none: no factor does it.

    0.8 is a fifth less. A negative factor means that the line would have to change side.
    """

    line_id: UUID
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What a case earns, in ratios of four decimals and rates of six, each rounded once.

    A ratio is missing where what it divides by is less than a hundredth. `net_present_value_per_invested`
    is net present value by the present value of the investment lines, without the cost of tax financing;
    `nnk_i` and `nnk_idu` are the Swedish ratios, with it. `equivalent_annual_value` is in the case's currency
    and price year, in hundredths, and missing for a case of one year.
    """

    payback: Payback | None
    discounted_payback: Payback | None
    internal_rate_of_return: RateOfReturn
    benefit_cost_ratio: Decimal | None
    net_present_value_per_invested: Decimal | None
    nnk_i: Decimal | None
    nnk_idu: Decimal | None
    equivalent_annual_value: Decimal | None
    switching_values: tuple[SwitchingValue, ...]


def appraise(case: BusinessCase, regime: DiscountRegime | None = None) -> Appraisal:
    """The case's yields under its own regime, or under another one for comparison.

    Source of NNK: ASEK 5.1, chapter 3: net present value by investment, and by investment with operation and
    maintenance, each with the tax factor where tax pays.
    """
    frame = case.frame
    regime = regime or frame.regime
    factors = discount_factors(regime, frame.horizon_years)
    tax_rate = regime.tax_financing_rate or Decimal(0)
    with localcontext(prec=DIGITS):
        values = {line.id: _present(line, frame, factors) for line in case.lines}
        taxed = {line.id: _taxed(line, values[line.id], tax_rate) for line in case.lines}
        flows = _net_flows(case.lines, frame)
        present = sum(values.values(), Decimal(0))
        present_taxed = sum(taxed.values(), Decimal(0))
        costs = [line for line in case.lines if line.side is Side.COST]
        invested = [line for line in costs if line.kind == INVESTMENT]
        cost = _spent(costs, values)
        annual = equivalent_annual_value(present, factors)
        return Appraisal(
            payback=_rounded_payback(payback(flows)),
            discounted_payback=_rounded_payback(payback(_discounted(flows, factors))),
            internal_rate_of_return=_rounded_rate(internal_rate_of_return(_cleared(flows))),
            benefit_cost_ratio=_ratio(present + cost, cost),
            net_present_value_per_invested=_ratio(present, _spent(invested, values)),
            nnk_i=_ratio(present_taxed, _spent(invested, taxed)),
            nnk_idu=_ratio(present_taxed, _spent(costs, taxed)),
            equivalent_annual_value=None if annual is None else _rounded(annual, Decimal("0.01")),
            switching_values=tuple(
                SwitchingValue(line.id, _rounded_or_none(switching_factor(present, values[line.id])))
                for line in case.lines
            ),
        )


def payback(flows: Sequence[Decimal]) -> Payback | None:
    """When accumulated flows last come up to zero, not rounded; nothing when they end below it.

    `flows[t]` is money in year `t`, discounted or not. Flows never below zero have paid back at once; less
    than 10^-9 below it is not below.

    Check: -100, 60, 60 are paid back in year 2, after 1 + 40 / 60 years.
    """
    with localcontext(prec=DIGITS):
        accumulated = list(accumulate(flows))
        below = [year for year, amount in enumerate(accumulated) if amount <= -NEXT_TO_NOTHING]
        if not below:
            return Payback(0, Decimal(0))
        last = below[-1]
        if last == len(flows) - 1:
            return None
        return Payback(last + 1, last - accumulated[last] / flows[last + 1])


def equivalent_annual_value(present: Decimal, factors: Sequence[Decimal]) -> Decimal | None:
    """The same amount in each year after the base year that is worth as much, not rounded.

    `factors[t]` is the discount factor of year `t`. Nothing when there is no year after the base year.

    Check: 1000 over ten years at 4 % is 123.29 a year.
    """
    with localcontext(prec=DIGITS):
        annuity = sum(factors[1:], Decimal(0))
        return present / annuity if annuity else None


def switching_factor(present: Decimal, contribution: Decimal) -> Decimal | None:
    """What multiplies a line's contribution to net present value so that the whole becomes zero.

    Nothing for a line that contributes less than a hundredth.   Check: of 20 in all and 100 by the line, 0.8.
    """
    with localcontext(prec=DIGITS):
        return 1 - present / contribution if _is_something(contribution) else None


def _present(line: CaseLine, frame: CaseFrame, factors: Sequence[Decimal]) -> Decimal:
    """What the line adds to net present value: costs are negative."""
    sign = 1 if line.side is Side.BENEFIT else -1
    return sign * sum(_discounted(line_flows(line, frame), factors), Decimal(0))


def _taxed(line: CaseLine, value: Decimal, tax_rate: Decimal) -> Decimal:
    return value * (1 + tax_rate) if line.is_public_money else value


def _net_flows(lines: Iterable[CaseLine], frame: CaseFrame) -> tuple[Decimal, ...]:
    total = [Decimal(0)] * frame.horizon_years
    for line in lines:
        sign = 1 if line.side is Side.BENEFIT else -1
        total = [sofar + sign * flow for sofar, flow in zip(total, line_flows(line, frame), strict=True)]
    return tuple(total)


def _cleared(flows: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(flow if abs(flow) >= NEXT_TO_NOTHING else Decimal(0) for flow in flows)


def _discounted(flows: Sequence[Decimal], factors: Sequence[Decimal]) -> tuple[Decimal, ...]:
    return tuple(flow * factor for flow, factor in zip(flows, factors, strict=True))


def _spent(lines: Iterable[CaseLine], values: dict[UUID, Decimal]) -> Decimal:
    return -sum((values[line.id] for line in lines), Decimal(0))


def _ratio(value: Decimal, by: Decimal) -> Decimal | None:
    return _rounded(value / by, _RATIO) if by > 0 and _is_something(by) else None


def _is_something(amount: Decimal) -> bool:
    return in_hundredths(amount) != 0


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_EVEN)


def _rounded_or_none(value: Decimal | None) -> Decimal | None:
    return None if value is None else _rounded(value, _RATIO)


def _rounded_payback(found: Payback | None) -> Payback | None:
    return None if found is None else Payback(found.year, _rounded(found.years, Decimal("0.01")))


def _rounded_rate(found: RateOfReturn) -> RateOfReturn:
    if found.rate_per_year is None:
        return found
    # Less than nothing by less than is shown is nothing.
    return RateOfReturn(_rounded(found.rate_per_year, _RATE) + 0)
