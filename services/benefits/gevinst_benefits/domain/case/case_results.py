"""C5: what a business case comes to: flows per year and unit, present values, ratio and payback."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import accumulate
from uuid import UUID

from gevinst_benefits.domain.case.business_case import BusinessCase, CaseFrame, CaseLine, Side, line_flows
from gevinst_benefits.domain.case.discounting import DIGITS, DiscountRegime, discount_rates, net_present_value

_HUNDREDTH = Decimal("0.01")
# What is left of amounts that cancel out: a third, three times, is a hair less than the whole.
NEXT_TO_NOTHING = Decimal("1E-9")


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit's part of the case: amounts per year and the present value of benefits less costs."""

    unit_id: UUID
    costs: tuple[Decimal, ...]
    benefits: tuple[Decimal, ...]
    net_present_value: Decimal


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case computed under one regime.

    Sequences have one amount for each of `years`. All money is in `currency` at `price_year` prices, in
    hundredths, each figure rounded once from the exact one. `tax_financing` is a line of its own, in no
    other figure but `net_present_value_after_tax_financing`. `benefit_cost_ratio` is missing when the present
    value of the costs is less than a hundredth. `payback_year` is the year from which
    the accumulated net stays at or above zero, and is missing when it ends below.
    """

    regime_id: str
    currency: str
    price_year: int
    years: tuple[int, ...]
    costs: tuple[Decimal, ...]
    benefits: tuple[Decimal, ...]
    net: tuple[Decimal, ...]
    accumulated: tuple[Decimal, ...]
    tax_financing: tuple[Decimal, ...]
    present_cost: Decimal
    present_benefit: Decimal
    net_present_value: Decimal
    present_tax_financing: Decimal
    net_present_value_after_tax_financing: Decimal
    benefit_cost_ratio: Decimal | None
    payback_year: int | None
    units: tuple[UnitResult, ...]


def evaluate(case: BusinessCase, regime: DiscountRegime | None = None) -> CaseResult:
    """The case's figures under its own regime, or under another one for comparison."""
    frame = case.frame
    regime = regime or frame.regime
    rates = discount_rates(regime, frame.horizon_years)
    with localcontext(prec=DIGITS):
        costs = _total(case.lines, frame, Side.COST)
        benefits = _total(case.lines, frame, Side.BENEFIT)
        net = _minus(benefits, costs)
        accumulated = tuple(accumulate(net))
        tax = _tax_financing(case, regime)
        present_cost, present_benefit = net_present_value(costs, rates), net_present_value(benefits, rates)
        present_tax = net_present_value(tax, rates)
        return CaseResult(
            regime_id=regime.id,
            currency=frame.currency,
            price_year=frame.price_year,
            years=tuple(frame.years),
            costs=_rounded(costs),
            benefits=_rounded(benefits),
            net=_rounded(net),
            accumulated=_rounded(accumulated),
            tax_financing=_rounded(tax),
            present_cost=in_hundredths(present_cost),
            present_benefit=in_hundredths(present_benefit),
            net_present_value=in_hundredths(present_benefit - present_cost),
            present_tax_financing=in_hundredths(present_tax),
            net_present_value_after_tax_financing=in_hundredths(present_benefit - present_cost - present_tax),
            benefit_cost_ratio=_ratio(present_benefit, present_cost),
            payback_year=_payback_year(frame.years, accumulated),
            units=_units(case, rates),
        )


def present_value_of_lines(lines: Iterable[CaseLine], frame: CaseFrame) -> Decimal:
    """Benefits less costs of some lines, discounted in a frame; not rounded."""
    lines = tuple(lines)
    with localcontext(prec=DIGITS):
        net = _minus(_total(lines, frame, Side.BENEFIT), _total(lines, frame, Side.COST))
        return net_present_value(net, discount_rates(frame.regime, frame.horizon_years))


def in_hundredths(amount: Decimal) -> Decimal:
    """Rounded half-even to two decimals: the last step of every figure."""
    with localcontext(prec=DIGITS):
        return amount.quantize(_HUNDREDTH, rounding=ROUND_HALF_EVEN)


def _total(lines: Iterable[CaseLine], frame: CaseFrame, side: Side) -> tuple[Decimal, ...]:
    flows = [line_flows(line, frame) for line in lines if line.side is side]
    return tuple(
        sum(year, Decimal(0)) for year in zip([Decimal(0)] * frame.horizon_years, *flows, strict=True)
    )


def _minus(left: Sequence[Decimal], right: Sequence[Decimal]) -> tuple[Decimal, ...]:
    return tuple(a - b for a, b in zip(left, right, strict=True))


def _tax_financing(case: BusinessCase, regime: DiscountRegime) -> tuple[Decimal, ...]:
    """C4: the rate times each year's net public need; a year that relieves the budget gives some back."""
    rate = regime.tax_financing_rate or Decimal(0)
    public = [line for line in case.lines if line.is_public_money]
    need = _minus(_total(public, case.frame, Side.COST), _total(public, case.frame, Side.BENEFIT))
    return tuple(rate * amount for amount in need)


def _payback_year(years: range, accumulated: Sequence[Decimal]) -> int | None:
    """The last crossing: a case that dips below zero again has not paid back before it is up for good."""
    below = [year for year, amount in zip(years, accumulated, strict=True) if amount <= -NEXT_TO_NOTHING]
    if not below:
        return years[0]
    return below[-1] + 1 if below[-1] < years[-1] else None


def _ratio(value: Decimal, by: Decimal) -> Decimal | None:
    return in_hundredths(value / by) if by > 0 and in_hundredths(by) else None


def _units(case: BusinessCase, rates: Sequence[Decimal]) -> tuple[UnitResult, ...]:
    results: list[UnitResult] = []
    for unit_id in dict.fromkeys(line.unit_id for line in case.lines):
        lines = [line for line in case.lines if line.unit_id == unit_id]
        costs, benefits = (_total(lines, case.frame, side) for side in (Side.COST, Side.BENEFIT))
        present = net_present_value(_minus(benefits, costs), rates)
        results.append(UnitResult(unit_id, _rounded(costs), _rounded(benefits), in_hundredths(present)))
    return tuple(results)


def _rounded(amounts: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(in_hundredths(amount) for amount in amounts)
