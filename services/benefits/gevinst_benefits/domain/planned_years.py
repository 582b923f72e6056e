"""B9: what a benefit is planned to give in each calendar year, moved by the dates it hangs on.

Computed on every read and stored nowhere, so that a project that slips takes its benefits' curves along.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from types import MappingProxyType

from gevinst_benefits.domain.benefits import Benefit, BenefitState
from gevinst_benefits.domain.decimals import MILLIONTH
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.domain.timing import HangsOn, Timing, found_delivery, months_after

_HUNDREDTH = Decimal("0.01")
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
    step = MILLIONTH if money is None else _HUNDREDTH
    return {
        year: (amount * share).quantize(step, ROUND_HALF_EVEN) + 0
        for year, share in year_shares(benefit.timing, begins).items()
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
    shares = year_shares(timing, begins)
    return per_year * sum((shares.get(year, Decimal(0)) for year in years), Decimal(0))


@lru_cache(maxsize=20_000)
def year_shares(timing: Timing, begins: date) -> Mapping[int, Decimal]:
    """The share of a full year's estimate that falls in each calendar year, for a benefit from a day on.

    1 is a year at full size. Check: from 1 July, immediate, for 18 months: 0.5 and 1.
    """
    shares: dict[int, Decimal] = {}
    start: date | None = begins
    for month in range(timing.duration_months):
        end = months_after(begins, month + 1)
        if start is None or end is None or (timing.ends_on is not None and start >= timing.ends_on):
            break
        for year, part in _parted(start, end, timing.ends_on).items():
            shares[year] = shares.get(year, Decimal(0)) + part * _size(timing, month)
        start = end
    return MappingProxyType({year: share / 12 for year, share in shares.items()})


def _size(timing: Timing, month: int) -> Decimal:
    """The share of the full size in a month of the benefit's life."""
    level = timing.ramp.level(month)
    full_years = (month - timing.ramp.full_after) // 12
    if not timing.erosion_per_year or full_years < 1:
        return level
    return level * (1 - timing.erosion_per_year) ** full_years


def _parted(start: date, end: date, last: date | None) -> dict[int, Decimal]:
    """The share of the month from `start` until `end` in each calendar year, as far as `last`."""
    is_cut = last is not None and last < end
    if start.year == end.year and not is_cut:
        return {start.year: Decimal(1)}
    days = (end - start).days
    stop = last if is_cut and last is not None else end
    if start.year == stop.year:
        return {start.year: Decimal((stop - start).days) / days}
    new_year = date(stop.year, 1, 1)
    parts = {start.year: Decimal((new_year - start).days) / days}
    after = (stop - new_year).days
    return {**parts, stop.year: Decimal(after) / days} if after else parts
