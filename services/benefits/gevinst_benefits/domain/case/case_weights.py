"""A case's present value as a sum of weights times amounts, so that another amount costs one product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.case.business_case import (
    BusinessCase,
    CaseFrame,
    CaseLine,
    Recurring,
    price_factor,
)
from gevinst_benefits.domain.case.case_model import (
    MAIN,
    ZERO,
    CaseModel,
    ModelLine,
    Pattern,
    Ramp,
    RampShape,
    RiskPool,
    Side,
)
from gevinst_benefits.domain.case.case_resolving import formula_value, with_amounts
from gevinst_benefits.domain.case.discounting import DIGITS, discount_factors
from gevinst_benefits.domain.formulas.parsing import plain_formula
from gevinst_benefits.domain.plan.benefits import Ledger


@dataclass(frozen=True, slots=True)
class CaseWeights:
    """Net present value = `constant` + Σ over lines and their formulas of weight × amount, to 50 digits.

    A line's weights have one entry for each of its formulas: what one unit of its amount is worth in the base
    year, signed, for the recommended alternative against the zero alternative and with the risk pool's share.
    Lines that do not count are left out.
    """

    constant: Decimal
    lines: Mapping[UUID, tuple[Decimal, ...]]


def case_weights(model: CaseModel, frame: CaseFrame) -> CaseWeights:
    """The weights of a model's lines in a frame. Raises `MixedPriceYears`."""
    factors = discount_factors(frame.regime, frame.horizon_years)
    found: dict[UUID, tuple[Decimal, ...]] = {}
    with localcontext(prec=DIGITS):
        for line in model.lines:
            share = counted_share(line, model.recommended, model.risk_pool)
            if share:
                found[line.id] = tuple(share * weight for weight in line_weights(line, frame, factors))
        return CaseWeights(pool_constant(model.risk_pool, frame, factors, model.recommended), found)


def line_weights(line: ModelLine, frame: CaseFrame, factors: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """What one unit of each formula's amount is worth in the base year: negative for costs and disbenefits.

    `factors` are the frame's discount factors. Years outside the frame are worth nothing.
    """
    unit_line = with_amounts(line, frame, (Decimal(1),) * len(line.formulas))
    sign = 1 if line.side is Side.BENEFIT else -1
    with localcontext(prec=DIGITS):
        price = sign * price_factor(unit_line, frame)
        by_year = [
            factor * unit_line.amounts.amount(year - line.first_year) * price
            if 0 <= year - line.first_year < (unit_line.amounts.years or frame.horizon_years)
            else Decimal(0)
            for year, factor in zip(frame.years, factors, strict=True)
        ]
        if line.pattern is Pattern.RECURRING:
            return (sum(by_year, Decimal(0)),)
        worth = dict(zip(frame.years, by_year, strict=True))
        return tuple(worth.get(line.first_year + place, Decimal(0)) for place in range(len(line.formulas)))


def counted_share(line: ModelLine, recommended: str, pool: RiskPool | None) -> Decimal:
    """How often a line counts in the net present value: P9 takes the zero alternative's lines off."""
    if line.ledger is not Ledger.MONEY or recommended == ZERO:
        return Decimal(0)
    if line.alternative == ZERO:
        return Decimal(-1)
    if line.alternative != recommended:
        return Decimal(0)
    return 1 + pool.share if pool and line.side is Side.COST else Decimal(1)


def pool_constant(
    pool: RiskPool | None, frame: CaseFrame, factors: Sequence[Decimal], recommended: str
) -> Decimal:
    """What the risk pool's amount takes from the net present value."""
    year = frame.base_year if pool is None or pool.year is None else pool.year
    if pool is None or recommended == ZERO or year not in frame.years:
        return Decimal(0)
    return -pool.amount * factors[year - frame.base_year]


def line_amounts(line: ModelLine, values: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
    """The amount of each of the line's formulas, given the values of all assumptions."""
    return tuple(formula_value(line, formula, values) for formula in line.formulas)


def present_value(weights: Sequence[Decimal], amounts: Sequence[Decimal]) -> Decimal:
    with localcontext(prec=DIGITS):
        return sum((w * amount for w, amount in zip(weights, amounts, strict=True)), Decimal(0))


def model_of(case: BusinessCase) -> CaseModel:
    """What the case was written as; lines that were given as amounts are formulas that are numbers."""
    return case.model or CaseModel(tuple(_written(line) for line in case.lines))


def _written(line: CaseLine) -> ModelLine:
    amounts = line.amounts
    is_recurring = isinstance(amounts, Recurring)
    plain = (amounts.amount_per_year,) if isinstance(amounts, Recurring) else amounts.amounts
    shares = amounts.ramp if isinstance(amounts, Recurring) else ()
    return ModelLine(
        id=line.id,
        name=line.name,
        side=line.side,
        kind=line.kind,
        unit_id=line.unit_id,
        alternative=MAIN,
        pattern=Pattern.RECURRING if is_recurring else Pattern.YEARLY,
        formulas=tuple(plain_formula(amount) for amount in plain),
        first_year=line.first_year,
        price_year=line.price_year,
        ramp=Ramp(RampShape.TABLE, len(shares), shares) if shares else None,
        years=amounts.years if is_recurring else None,
        is_public_money=line.is_public_money,
    )
