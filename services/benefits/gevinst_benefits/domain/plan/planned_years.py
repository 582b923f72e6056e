"""B9: what a benefit is planned to give in each calendar year, moved by the dates it hangs on.

Computed on every read and stored nowhere, so that a project that slips takes its benefits' curves along.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from gevinst_benefits.domain.plan.benefits import Benefit, BenefitState
from gevinst_benefits.domain.plan.curve_shapes import half_even, year_parts
from gevinst_benefits.domain.plan.timing import HangsOn, Timing, found_delivery, months_after
from gevinst_benefits.domain.projects import Project

_ENDED = (BenefitState.CLOSED, BenefitState.MOVED)
NEVER_DELIVERS = frozenset({"stopped", "rejected", "merged"})


def planned_years(benefit: Benefit, project: Project) -> Mapping[int, Decimal]:
    """The planned amount of each calendar year in the benefit's life, first year first.

    In the benefit's own ledger unit: whole currency units at its price year (rounded to hundredths), or its
    unit of measure (to millionths), each year rounded once, half-even. A disbenefit's estimate is negative,
    and so are its years. Empty when nothing is planned: the benefit was closed or moved, nobody knows the
    day it hangs on, or the project was stopped and the benefit, which hangs on it, is not realised.

    A month of the benefit's life counts a twelfth of the estimate times its ramp and erosion; the month that
    lies across New Year is parted by days.

    Check: 1200 a year from 1 July 2027 for 24 months, immediate: 600, 1200, 600.
    """
    begins = starts_on(benefit, project)
    if begins is None:
        return {}
    money = benefit.estimate.money_per_year
    amount = benefit.estimate.amount_per_year if money is None else money.amount
    assert amount is not None  # an estimate is money or an amount
    places = 6 if money is None else 2
    numerator, denominator = amount.scaleb(places).as_integer_ratio()
    parts = year_parts(benefit.timing, begins)
    return {
        year: Decimal(half_even(numerator * part, denominator * parts.whole)).scaleb(-places)
        for year, part in parts.by_year().items()
    }


def starts_on(benefit: Benefit, project: Project) -> date | None:
    """The day on which the benefit begins, or None when nothing is planned (any more)."""
    return begins_on(benefit.timing, benefit.state, project.status, anchor=_anchor(benefit.timing, project))


def begins_on(timing: Timing, state: BenefitState, status: str | None, *, anchor: date | None) -> date | None:
    """The same of a benefit in a state and a project with a status; `anchor` is the day that it hangs on."""
    if state in _ENDED:
        return None
    is_realised = state is BenefitState.REALISED
    if status in NEVER_DELIVERS and timing.hangs_on is not HangsOn.NONE and not is_realised:
        return None
    return None if anchor is None else months_after(anchor, timing.offset_months)


def anchored(timing: Timing, project: Project) -> date | None:
    """The day that the timing's start falls on, whatever became of project and benefit."""
    anchor = _anchor(timing, project)
    return None if anchor is None else months_after(anchor, timing.offset_months)


def _anchor(timing: Timing, project: Project) -> date | None:
    """The day that the timing hangs on; a fixed one hangs on itself, without an offset."""
    return {
        HangsOn.NONE: timing.starts_on,
        HangsOn.START: project.start,
        HangsOn.END: project.end,
        HangsOn.MILESTONE: found_delivery(project.deliveries, timing.delivery_id),
    }[timing.hangs_on]


def promised_for(per_year: Decimal, timing: Timing, project: Project, years: Iterable[int]) -> Decimal:
    """What a promise of so much a year at full size comes to in some years together; not rounded.

    By the curve that was promised, from the day that it hangs on as that day is now (B9). Each year counts in
    full while nobody knows the day. Check: 1200 from 1 July 2027, immediate: 600 for 2027, 1800 with 2028.
    """
    begins = anchored(timing, project)
    if begins is None:
        return per_year * len(list(years))
    parts = year_parts(timing, begins)
    by_year = parts.by_year()
    return per_year * sum(by_year.get(year, 0) for year in years) / parts.whole
