"""C2: from formulas over assumptions to amounts over years, each alternative against the zero one (P9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumed, Assumption, PriceFactor, assume
from gevinst_benefits.domain.case.business_case import (
    BusinessCase,
    CaseFrame,
    CaseLine,
    MixedPriceYears,
    OutsideHorizon,
    Recurring,
    Yearly,
    line_flows,
    price_factor,
)
from gevinst_benefits.domain.case.case_factors import refuse_odd_factors
from gevinst_benefits.domain.case.case_model import ZERO, CaseModel, ModelLine, Pattern, RiskPool, Side
from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.formulas.meaning import unit_of, value_of
from gevinst_benefits.domain.formulas.parsing import Formula
from gevinst_benefits.domain.formulas.refusals import NumberTooLarge, UnitNotExpected
from gevinst_benefits.domain.formulas.units import FTE, HOURS, NUMBER, YEAR, Unit, of_currency
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.domain.simulation.simulation import OddDelays
from gevinst_shared.values.refusal import Refusal

# A case has at most one risk pool, so its line has the same id in every version and case.
RISK_POOL = UUID("00000000-0000-7000-8000-000000000001")
RISK_POOL_NAME = "Risk pool"
LARGEST_AMOUNT = Decimal(10) ** 15


class UnknownAlternative(Refusal):
    code = "alternative-not-known"
    title = "The case has no such alternative"
    detail = "There is no alternative {alternative} in this case. It has: {known}."


class AlternativeTwice(Refusal):
    code = "alternative-twice"
    title = "Two alternatives have the same code"
    detail = "{alternative} is listed more than once. Give every alternative a code of its own."


class TimeWithoutUse(Refusal):
    code = "time-without-use"
    title = "What is the freed time used for?"
    detail = (
        "{line} turns freed time into money. State the use that does so, such as posts that are not "
        "refilled, or keep the line in hours or FTE."
    )


class OddDisbenefit(Refusal):
    code = "disbenefit-is-a-cost"
    title = "A cost is no disbenefit"
    detail = "{line} is a cost. A disbenefit stands on the benefit side and counts against it."


@dataclass(frozen=True, slots=True)
class Resolved:
    """A model computed: each line's amounts in its own unit, as they stand in `model.lines`."""

    model: CaseModel
    frame: CaseFrame
    assumed: Assumed
    lines: tuple[CaseLine, ...]

    def of(self, alternative: str) -> tuple[CaseLine, ...]:
        """What is computed for an alternative: its own money and risk pool, less the zero alternative's."""
        return relative_lines(self.model, self.lines, self.frame, alternative)


def resolve(model: CaseModel, frame: CaseFrame) -> Resolved:
    """Check every part of the model and compute its lines; refusals point into the request.

    Raises what assumptions, factors and formulas raise, `UnknownAlternative`, `AlternativeTwice`,
    `TimeWithoutUse`, `UnitNotExpected`, `MixedPriceYears`, `LineTwice`, `OutsideHorizon` and
    `NumberTooLarge`.
    """
    _refuse_odd_alternatives(model)
    refuse_odd_factors(model.factors, model.assumptions)
    assumed = assume(model.assumptions, price_factor_in(frame))
    for place, line in enumerate(model.lines):
        _refuse_odd_line(line, frame, assumed, f"/body/lines/{place}")
    lines = tuple(
        resolved_line(line, frame, assumed.values, pointer=f"/body/lines/{place}/amounts")
        for place, line in enumerate(model.lines)
    )
    BusinessCase(RISK_POOL, 1, frame, lines)  # refuses what cannot be computed, in any alternative
    for place, computed in enumerate(lines):
        _refuse_too_large(computed, frame, f"/body/lines/{place}/amounts")
    _refuse_money_outside(model, frame)
    return Resolved(model, frame, assumed, lines)


def business_case(project_id: UUID, number: int, resolved: Resolved) -> BusinessCase:
    """The version: the recommended alternative against the zero alternative."""
    lines = resolved.of(resolved.model.recommended)
    return BusinessCase(project_id, number, resolved.frame, lines, resolved.model)


def price_factor_in(frame: CaseFrame) -> PriceFactor:
    """What brings an assumption in money to the frame's prices, or `MixedPriceYears`."""

    def factor(assumption: Assumption) -> Decimal:
        year = assumption.price_year or frame.price_year
        if year == frame.price_year:
            return Decimal(1)
        found = frame.index.factor(year, frame.price_year) if frame.index else None
        if found is None:
            raise MixedPriceYears(line=assumption.name, line_year=year, case_year=frame.price_year)
        return found

    return factor


def resolved_line(
    line: ModelLine, frame: CaseFrame, values: Mapping[str, Decimal], *, pointer: str | None = None
) -> CaseLine:
    """The line with its formulas computed; a disbenefit counts against the benefits.

    What is computed from assumptions is in the frame's prices, which they were brought to.
    """
    amounts = tuple(
        formula_value(line, formula, values, pointer=formula_pointer(line, place, pointer))
        for place, formula in enumerate(line.formulas)
    )
    return with_amounts(line, frame, amounts)


def formula_pointer(line: ModelLine, place: int, pointer: str | None) -> str | None:
    """Where the line's formula of that place stands, below where its amounts stand."""
    members = {
        Pattern.ONE_OFF: "amount",
        Pattern.RECURRING: "amount_per_year",
        Pattern.YEARLY: f"amounts/{place}",
    }
    return None if pointer is None else f"{pointer}/{members[line.pattern]}"


def with_amounts(line: ModelLine, frame: CaseFrame, amounts: tuple[Decimal, ...]) -> CaseLine:
    """The line with one amount for each of its formulas."""
    signed = tuple(-amount for amount in amounts) if line.is_disbenefit else amounts
    is_recurring = line.pattern is Pattern.RECURRING
    return CaseLine(
        id=line.id,
        name=line.name,
        side=line.side,
        kind=line.kind,
        unit_id=line.unit_id,
        first_year=line.first_year,
        price_year=frame.price_year if line.names or line.ledger is not Ledger.MONEY else line.price_year,
        amounts=Recurring(signed[0], line.ramp.shares if line.ramp else (), line.years)
        if is_recurring
        else Yearly(signed),
        is_public_money=line.is_public_money,
    )


def formula_value(
    line: ModelLine, formula: Formula, values: Mapping[str, Decimal], *, pointer: str | None = None
) -> Decimal:
    """One formula's amount, in base units: minutes that were written as a number become hours."""
    amount = value_of(formula, values, pointer=pointer)
    if formula.is_plain and line.measure is not None:
        with localcontext(prec=DIGITS):
            amount = amount * line.measure.scale.numerator / line.measure.scale.denominator
    if abs(amount) >= LARGEST_AMOUNT:
        raise NumberTooLarge(position=1, pointer=pointer)
    return amount


def relative_lines(
    model: CaseModel, lines: Iterable[CaseLine], frame: CaseFrame, alternative: str
) -> tuple[CaseLine, ...]:
    """P9: the alternative's own money lines, its risk pool, and what the zero alternative would have cost or
    given taken off; nothing for the zero alternative itself."""
    if alternative == ZERO:
        return ()
    money = [
        (written, line)
        for written, line in zip(model.lines, lines, strict=True)
        if written.ledger is Ledger.MONEY
    ]
    own = tuple(line for written, line in money if written.alternative == alternative)
    taken_off = tuple(negated(line) for written, line in money if written.alternative == ZERO)
    pool = () if model.risk_pool is None else (risk_pool_line(model.risk_pool, own, frame),)
    return (*own, *pool, *taken_off)


def risk_pool_line(pool: RiskPool, own: Iterable[CaseLine], frame: CaseFrame) -> CaseLine:
    """The pool as a line of its own: its share of each year's costs, and its amount in its year."""
    costs = [line_flows(line, frame) for line in own if line.side is Side.COST]
    amounts: list[Decimal] = []
    with localcontext(prec=DIGITS):
        for place, year in enumerate(frame.years):
            cost = sum((flows[place] for flows in costs), Decimal(0))
            set_aside = pool.amount if year == (pool.year or frame.base_year) else Decimal(0)
            amounts.append(pool.share * cost + set_aside)
    return CaseLine(
        id=RISK_POOL,
        name=RISK_POOL_NAME,
        side=Side.COST,
        kind="risk-pool",
        unit_id=pool.unit_id,
        first_year=frame.base_year,
        price_year=frame.price_year,
        amounts=Yearly(tuple(amounts)),
    )


def negated(line: CaseLine) -> CaseLine:
    match line.amounts:
        case Yearly(amounts):
            return replace(line, amounts=Yearly(tuple(-amount for amount in amounts)))
        case Recurring(amount, ramp, years):
            return replace(line, amounts=Recurring(-amount, ramp, years))


def _refuse_odd_alternatives(model: CaseModel) -> None:
    codes = [one.code for one in model.alternatives]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise AlternativeTwice(alternative=code, pointer=f"/body/alternatives/{place}/code")
    known = ", ".join(codes)
    if model.recommended not in codes:
        raise UnknownAlternative(alternative=model.recommended, known=known, pointer="/body/recommended")
    for place, line in enumerate(model.lines):
        if line.alternative not in codes:
            pointer = f"/body/lines/{place}/alternative"
            raise UnknownAlternative(alternative=line.alternative, known=known, pointer=pointer)


def _refuse_too_large(line: CaseLine, frame: CaseFrame, pointer: str) -> None:
    """What fits in its own prices may be more than a case can hold in the case's."""
    paid = line.amounts
    amounts = (paid.amount_per_year,) if isinstance(paid, Recurring) else paid.amounts
    factor = price_factor(line, frame)
    with localcontext(prec=DIGITS):
        if any(abs(amount * factor) >= LARGEST_AMOUNT for amount in amounts):
            raise NumberTooLarge(position=1, pointer=pointer)


def _refuse_money_outside(model: CaseModel, frame: CaseFrame) -> None:
    """Money that is set aside or paid in a year that the case does not have would be in no sum."""
    pool = model.risk_pool
    if pool is not None and pool.year is not None and pool.year not in frame.years:
        raise _outside(RISK_POOL_NAME, frame, "/body/risk_pool/year")
    for place, source in enumerate(model.financing):
        last = source.first_year + len(source.amounts) - 1
        if source.first_year not in frame.years or last not in frame.years:
            raise _outside(source.name, frame, f"/body/financing/{place}/first_year")


def _outside(name: str, frame: CaseFrame, pointer: str) -> OutsideHorizon:
    return OutsideHorizon(line=name, first_year=frame.years[0], last_year=frame.years[-1], pointer=pointer)


def _refuse_odd_line(line: ModelLine, frame: CaseFrame, assumed: Assumed, pointer: str) -> None:
    if line.is_disbenefit and line.side is Side.COST:
        raise OddDisbenefit(line=line.name, pointer=f"{pointer}/is_disbenefit")
    total = sum((delay.probability for delay in line.delays), Decimal(0))
    if line.delays and total != 1:
        raise OddDelays(total=decimal_text(total), pointer=f"{pointer}/start_delays")
    wanted = _wanted_unit(line, frame, pointer)
    for place, formula in enumerate(line.formulas):
        stands = formula_pointer(line, place, f"{pointer}/amounts")
        found = unit_of(formula, assumed.units, pointer=stands)
        # A line that runs over years may be told per year or not; a one-off is an amount.
        fits = {wanted} if line.pattern is Pattern.ONE_OFF else {wanted, wanted / YEAR}
        if found is not None and not formula.is_plain and found not in fits:
            raise UnitNotExpected(subject=line.name, found=found, wanted=wanted, pointer=stands)
    if line.ledger is Ledger.MONEY and line.names and line.price_year != frame.price_year:
        raise MixedPriceYears(
            line=line.name,
            line_year=line.price_year,
            case_year=frame.price_year,
            pointer=f"{pointer}/price_year",
        )
    if _turns_time_into_money(line, assumed) and not (line.use or "").strip():
        raise TimeWithoutUse(line=line.name, pointer=f"{pointer}/use")


def _wanted_unit(line: ModelLine, frame: CaseFrame, pointer: str) -> Unit:
    """C7: money in the case's currency, time in hours or FTE, quality in its own measure."""
    unit = line.measure.unit if line.measure else NUMBER
    match line.ledger:
        case Ledger.MONEY:
            if line.measure is None:
                return of_currency(frame.currency)
            wanted = frame.currency
        case Ledger.TIME:
            if unit in {HOURS, FTE}:
                return unit
            wanted = f"{HOURS}, {FTE}"
        case Ledger.QUALITY:
            if unit.currency is None:
                return unit
            wanted = str(NUMBER)
    raise UnitNotExpected(subject=line.name, found=unit, wanted=wanted, pointer=f"{pointer}/unit_of_measure")


def _turns_time_into_money(line: ModelLine, assumed: Assumed) -> bool:
    if line.ledger is not Ledger.MONEY or line.side is not Side.BENEFIT:
        return False
    behind = frozenset[str]().union(*(assumed.reads[name] for name in line.names))
    return any({"hours", "FTE"} & assumed.units[name].bases for name in behind)
