"""What a version says beside its result: each alternative, who pays, freed time and quality, each line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.case.appraisal import Appraisal, appraise
from gevinst_benefits.domain.case.business_case import (
    BusinessCase,
    CaseFrame,
    CaseLine,
    MixedPriceYears,
    Side,
    line_flows,
)
from gevinst_benefits.domain.case.case_model import ZERO, FinancingKind, FinancingSource, ModelLine
from gevinst_benefits.domain.case.case_resolving import Resolved, negated
from gevinst_benefits.domain.case.case_results import in_hundredths, present_value_of_lines
from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.plan.benefits import Ledger

Amounts = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class AlternativeResult:
    """An alternative's present values: its own, and what differs from the zero alternative.

    For the zero alternative the own figures are the base line, and the difference is nothing.
    """

    code: str
    own_present_cost: Decimal
    own_present_benefit: Decimal
    present_cost: Decimal
    present_benefit: Decimal
    net_present_value: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """What one source pays in each year, in the case's prices."""

    name: str
    kind: FinancingKind
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Cover:
    """What must be paid in each year, who pays it, and the gap that nobody covers (negative: too much).

    `need` is what the recommended alternative costs beyond the zero alternative; what a year saves on cost
    pays for no other year.
    """

    need: Amounts
    sources: tuple[Paid, ...]
    gap: Amounts

    @property
    def is_covered(self) -> bool:
        return all(amount <= 0 for amount in self.gap)


@dataclass(frozen=True, slots=True)
class FreedTime:
    """C7: hours, or FTE, by year: benefits less what the case takes. Never added to money."""

    unit_of_measure: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class LineFigures:
    """E2: what one line comes to in its own unit, and which assumptions stand behind it.

    `total` is not discounted; `net_present_value` is missing for time and quality,
    `switching_factor` also where no factor of this line alone makes the case worth nothing.
    """

    line_id: UUID
    total: Decimal
    net_present_value: Decimal | None
    switching_factor: Decimal | None
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseOverview:
    alternatives: tuple[AlternativeResult, ...]
    cover: Cover | None
    freed_time: tuple[FreedTime, ...]
    quality: tuple[tuple[UUID, str, Amounts], ...]
    lines: tuple[LineFigures, ...]
    appraisal: Appraisal


def overview(resolved: Resolved, case: BusinessCase) -> CaseOverview:
    """Everything beside the result of the version that was made of the model, each figure rounded once.

    Raises `MixedPriceYears` for the financing.
    """
    model, frame = resolved.model, resolved.frame
    appraisal = appraise(case)
    switching = {one.line_id: one.factor for one in appraisal.switching_values}
    both = tuple(zip(model.lines, resolved.lines, strict=True))
    quality = tuple(
        (line.id, str(written.measure.unit if written.measure else "1"), _flows(line, frame))
        for written, line in both
        if written.ledger is Ledger.QUALITY
    )
    return CaseOverview(
        alternatives=tuple(_alternative(resolved, one.code) for one in model.alternatives),
        cover=_cover(resolved) if model.financing else None,
        freed_time=_freed_time(resolved),
        quality=quality,
        lines=tuple(_line(written, line, resolved, switching.get(line.id)) for written, line in both),
        appraisal=appraisal,
    )


def _alternative(resolved: Resolved, code: str) -> AlternativeResult:
    frame = resolved.frame
    both = zip(resolved.model.lines, resolved.lines, strict=True)
    money = [(written, line) for written, line in both if written.ledger is Ledger.MONEY]
    own = [line for written, line in money if written.alternative == code]
    relative = resolved.of(code)
    return AlternativeResult(
        code,
        in_hundredths(-_present(own, frame, Side.COST)),
        in_hundredths(_present(own, frame, Side.BENEFIT)),
        in_hundredths(-_present(relative, frame, Side.COST)),
        in_hundredths(_present(relative, frame, Side.BENEFIT)),
        in_hundredths(present_value_of_lines(relative, frame)),
    )


def _cover(resolved: Resolved) -> Cover:
    frame, lines = resolved.frame, resolved.of(resolved.model.recommended)
    with localcontext(prec=DIGITS):
        costs = _sum_by_year((line_flows(line, frame) for line in lines if line.side is Side.COST), frame)
        need = tuple(max(cost, Decimal(0)) for cost in costs)
        paid = [_paid(source, place, frame) for place, source in enumerate(resolved.model.financing)]
        covered = _sum_by_year(paid, frame)
        gap = tuple(wanted - given for wanted, given in zip(need, covered, strict=True))
    sources = tuple(
        Paid(source.name, source.kind, _rounded(amounts))
        for source, amounts in zip(resolved.model.financing, paid, strict=True)
    )
    return Cover(_rounded(need), sources, _rounded(gap))


def _paid(source: FinancingSource, place: int, frame: CaseFrame) -> Amounts:
    factor = Decimal(1)
    if source.price_year != frame.price_year:
        found = frame.index.factor(source.price_year, frame.price_year) if frame.index else None
        if found is None:
            raise MixedPriceYears(
                line=source.name,
                line_year=source.price_year,
                case_year=frame.price_year,
                pointer=f"/body/financing/{place}/price_year",
            )
        factor = found
    by_year = dict(enumerate(source.amounts, start=source.first_year))
    return tuple(by_year.get(year, Decimal(0)) * factor for year in frame.years)


def _freed_time(resolved: Resolved) -> tuple[FreedTime, ...]:
    recommended, frame = resolved.model.recommended, resolved.frame
    flows: dict[str, list[Amounts]] = {}
    for written, line in zip(resolved.model.lines, resolved.lines, strict=True):
        is_in = written.ledger is Ledger.TIME and recommended != ZERO
        if not is_in or written.measure is None or written.alternative not in {ZERO, recommended}:
            continue
        is_against = (line.side is Side.COST) != (written.alternative == ZERO)
        shown = negated(line) if is_against else line
        flows.setdefault(str(written.measure.unit), []).append(line_flows(shown, frame))
    return tuple(
        FreedTime(unit, _rounded(_sum_by_year(found, frame))) for unit, found in sorted(flows.items())
    )


def _line(
    written: ModelLine, line: CaseLine, resolved: Resolved, switching_factor: Decimal | None
) -> LineFigures:
    is_money = written.ledger is Ledger.MONEY
    reads = frozenset[str]().union(*(resolved.assumed.reads[name] for name in written.names))
    with localcontext(prec=DIGITS):
        total = sum(line_flows(line, resolved.frame), Decimal(0))
    present = in_hundredths(present_value_of_lines([line], resolved.frame)) if is_money else None
    return LineFigures(line.id, in_hundredths(total), present, switching_factor, tuple(sorted(reads)))


def _present(lines: Iterable[CaseLine], frame: CaseFrame, side: Side) -> Decimal:
    return present_value_of_lines([line for line in lines if line.side is side], frame)


def _flows(line: CaseLine, frame: CaseFrame) -> Amounts:
    return _rounded(line_flows(line, frame))


def _sum_by_year(flows: Iterable[Amounts], frame: CaseFrame) -> Amounts:
    with localcontext(prec=DIGITS):
        years = zip([Decimal(0)] * frame.horizon_years, *flows, strict=True)
        return tuple(sum(year, Decimal(0)) for year in years)


def _rounded(amounts: Iterable[Decimal]) -> Amounts:
    return tuple(in_hundredths(amount) for amount in amounts)
