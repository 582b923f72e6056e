"""How many people a unit has: what freed time is held against (B12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gevinst_shared.values.refusal import Refusal


class YearTwice(Refusal):
    code = "staffing-year-twice"
    title = "A year is named twice"
    detail = "{year} stands more than once. Keep one."


@dataclass(frozen=True, slots=True)
class StaffingYear:
    """Full-time equivalents of a unit in a year, and the hours that one of them works in it."""

    year: int
    fte: Decimal
    hours_per_fte: Decimal


def refuse_year_twice(years: Iterable[int]) -> None:
    seen: set[int] = set()
    for year in years:
        if year in seen:
            raise YearTwice(year=year, pointer="/body/years")
        seen.add(year)
