"""C5: from a business case and its spreads to what the simulation takes: the door to floats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.case.business_case import BusinessCase, CaseFrame, CaseLine, Side, line_flows
from gevinst_benefits.domain.case.discounting import DIGITS, DiscountRegime, discount_factors
from gevinst_benefits.domain.simulation.simulation import UncertainLine
from gevinst_benefits.domain.simulation.simulation_estimates import Estimate, fixed
from gevinst_shared.values.refusal import Refusal

_MILLION = Decimal(1_000_000)
_AS_WRITTEN = fixed(1)


class StartsBeforeCase(Refusal):
    code = "starts-before-case"
    title = "The line may start before the case does"
    detail = (
        "With a shift of {years} years {line} starts before {base_year}. "
        "Shift it less, or begin the case earlier."
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a line may come from what its case says.

    `factor` multiplies all its amounts (1 is as written), `shifts` are the years by which its start may move,
    later positive, with their probabilities, and `loadings` the common factors it hangs on.
    """

    factor: Estimate = _AS_WRITTEN
    shifts: tuple[tuple[int, float], ...] = ((0, 1.0),)
    loadings: tuple[tuple[str, float], ...] = ()


def uncertain_lines(
    case: BusinessCase,
    spreads: Mapping[UUID, Spread],
    *,
    regime: DiscountRegime | None = None,
    with_tax_financing: bool = False,
) -> tuple[UncertainLine, ...]:
    """The case's lines with their spreads by line id; a line without one is certain.

    Computed exactly for each shift, under the case's own regime or another, and only then made floats in
    millions. What a shift moves beyond the case's years does not count. `with_tax_financing` adds the cost of
    tax financing to public money (C4). Raises `StartsBeforeCase`.
    """
    regime = regime or case.frame.regime
    factors = discount_factors(regime, case.frame.horizon_years)
    tax_rate = (regime.tax_financing_rate or Decimal(0)) if with_tax_financing else Decimal(0)
    return tuple(
        _uncertain_line(line, spreads.get(line.id, Spread()), case.frame, factors, tax_rate)
        for line in case.lines
    )


def _uncertain_line(
    line: CaseLine, spread: Spread, frame: CaseFrame, factors: Sequence[Decimal], tax_rate: Decimal
) -> UncertainLine:
    flows = [_flows(line, years, frame, tax_rate) for years, _ in spread.shifts]
    with localcontext(prec=DIGITS):
        values = [sum((f * d for f, d in zip(row, factors, strict=True)), Decimal(0)) for row in flows]
    return UncertainLine(
        id=line.id,
        factor=spread.factor,
        values=tuple(float(value) for value in values),
        shares=tuple(share for _, share in spread.shifts),
        loadings=spread.loadings,
        flows=tuple(tuple(float(flow) for flow in row) for row in flows),
    )


def _flows(line: CaseLine, years: int, frame: CaseFrame, tax_rate: Decimal) -> list[Decimal]:
    """The line's amounts in millions when it starts so many years later: costs negative."""
    first_year = line.first_year + years
    if first_year < frame.base_year:
        raise StartsBeforeCase(line=line.name, years=years, base_year=frame.base_year)
    sign = 1 if line.side is Side.BENEFIT else -1
    with localcontext(prec=DIGITS):
        unit = sign * (1 + (tax_rate if line.is_public_money else 0)) / _MILLION
        return [flow * unit for flow in line_flows(replace(line, first_year=first_year), frame)]
