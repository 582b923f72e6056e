"""B9: how a benefit's size goes through its life, and what of it falls in each calendar year; exact.

Time runs in whole ticks from the day that the benefit begins. A month parts into 28 to 31 days, and a tick is
a part of each; so a year is a difference of two numbers, however many months lie in it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise

from gevinst_benefits.domain.plan.timing import Ramp, RampKind, Timing, months_after

# The least number that 28, 29, 30 and 31 divide.
TICKS_A_MONTH = 377_580
_TICKS_A_YEAR = 12 * TICKS_A_MONTH
_MONTHS_OF_CALENDAR = 12 * date.max.year + 12


@dataclass(frozen=True, slots=True)
class YearParts:
    """What falls in calendar years, each a whole number of parts; `whole` parts are a year at full size.

    `full` is a run of years at full size, from a year until (not including) another; `others` has the rest.
    """

    whole: int
    full: tuple[int, int] | None
    others: tuple[tuple[int, int], ...]

    def by_year(self) -> Mapping[int, int]:
        """The parts of every year, first year first."""
        run = () if self.full is None else ((year, self.whole) for year in range(*self.full))
        return dict(sorted((*self.others, *run)))


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a benefit is from each of the ticks `starts` on; the size `full` is the full one.

    `below` is what has been given until each start, in size × ticks.
    """

    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    below: tuple[int, ...]
    full: int

    def until(self, tick: int) -> int:
        """What has been given until a tick, in size × ticks."""
        at = bisect_right(self.starts, tick) - 1
        return self.below[at] + (tick - self.starts[at]) * self.sizes[at]


@lru_cache(maxsize=1_000)
def shape_of(ramp: Ramp, duration_months: int, erosion_per_year: Decimal) -> Shape:
    """The shape of all benefits that grow, last and erode alike, whenever they begin."""
    months, sizes, full = _growing(ramp)
    if erosion_per_year:
        # From full size on, each full year loses a share of what is left.
        years = max(0, (duration_months - 1 - ramp.full_after) // 12)
        left, unit = (1 - erosion_per_year).as_integer_ratio()
        largest = sizes[-1]
        sizes = [size * unit**years for size in sizes]
        full *= unit**years
        months += [ramp.full_after + 12 * year for year in range(1, years + 1)]
        sizes += [largest * left**year * unit ** (years - year) for year in range(1, years + 1)]
    starts = tuple(month * TICKS_A_MONTH for month in months)
    given = ((after - before) * size for (before, after), size in zip(pairwise(starts), sizes, strict=False))
    return Shape(starts, tuple(sizes), (0, *accumulate(given)), full)


def parts_by_year(shape: Shape, begins: date, duration_months: int, ends_on: date | None) -> YearParts:
    """What falls in each calendar year of a benefit that begins on a day.

    It ends after its months, or on `ends_on` if that comes first, or with the calendar.
    Check: from 1 July, always at full size, for 18 months: a half and a whole year.
    """
    ends = TICKS_A_MONTH * min(duration_months, _MONTHS_OF_CALENDAR - 12 * begins.year - begins.month)
    if ends_on is not None:
        ends = min(ends, _tick_of(ends_on, begins))
    new_year = _first_new_year(begins)
    full = _full_years(shape, begins.year, new_year, ends)
    others = tuple(_others(shape, begins.year, new_year, ends, full))
    return YearParts(_TICKS_A_YEAR * shape.full, full, others)


def year_parts(timing: Timing, begins: date) -> YearParts:
    """The same of a timing."""
    shape = shape_of(timing.ramp, timing.duration_months, timing.erosion_per_year)
    return parts_by_year(shape, begins, timing.duration_months, timing.ends_on)


def half_even(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction; of two that are as near the even one.

    Check: 5/2 is 2, 7/2 is 4, -5/2 is -2.
    """
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole & 1))


def _growing(ramp: Ramp) -> tuple[list[int], list[int], int]:
    """The months from which on the size is another, the sizes, and the full size."""
    double = 2 * ramp.months
    match ramp.kind:
        case RampKind.IMMEDIATE:
            return [0], [1], 1
        case RampKind.LINEAR:
            return list(range(ramp.months + 1)), [*range(1, double, 2), double], double
        case RampKind.S_CURVE:
            sizes = [way * way * (3 * double - 2 * way) for way in range(1, double, 2)]
            return list(range(ramp.months + 1)), [*sizes, double**3], double**3
        case RampKind.TABLE:
            ratios = [share.as_integer_ratio() for share in ramp.shares]
            full = 1
            for _, unit in ratios:
                full *= unit
            return [12 * year for year in range(len(ratios))], [n * full // d for n, d in ratios], full


def _first_new_year(begins: date) -> int:
    """The tick at which the year after the first begins: New Year parts a month of 31 days."""
    return TICKS_A_MONTH * (12 - begins.month) + (32 - begins.day) * (TICKS_A_MONTH // 31)


def _tick_of(day: date, begins: date) -> int:
    """The tick of a day; not below 0."""
    if day <= begins:
        return 0
    months = 12 * (day.year - begins.year) + day.month - begins.month
    start = months_after(begins, months)
    if start is None or start > day:
        months -= 1
        start = months_after(begins, months)
    end = months_after(begins, months + 1)
    if start is None or end is None:
        return TICKS_A_MONTH * months
    return TICKS_A_MONTH * months + (day - start).days * (TICKS_A_MONTH // (end - start).days)


def _full_years(shape: Shape, first: int, new_year: int, ends: int) -> tuple[int, int] | None:
    """The run of whole years in which the last size holds, when it is the full one."""
    if shape.sizes[-1] != shape.full:
        return None
    # Counted from the year after the first: the first that begins at full size, and those that have ended.
    begun = max(0, -((new_year - shape.starts[-1]) // _TICKS_A_YEAR))
    ended = (ends - new_year) // _TICKS_A_YEAR
    return (first + 1 + begun, first + 1 + ended) if begun < ended else None


def _others(
    shape: Shape, first: int, new_year: int, ends: int, full: tuple[int, int] | None
) -> Iterator[tuple[int, int]]:
    """The parts of the years that are not in the run."""
    year, since, given = first, 0, 0
    until = new_year
    while since < ends:
        if full is not None and year == full[0]:
            until += (full[1] - full[0] - 1) * _TICKS_A_YEAR
            given, year = shape.until(until), full[1]
        else:
            so_far = shape.until(min(until, ends))
            yield year, so_far - given
            given, year = so_far, year + 1
        since, until = until, until + _TICKS_A_YEAR
