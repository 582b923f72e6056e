"""Working days where an organisation is: Monday to Friday but for the public holidays of its country."""

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
# Fixed days by country, as month and day.
_FIXED = {
    "NO": ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)),
    "DK": ((1, 1), (12, 25), (12, 26)),
    "SE": ((1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)),
    "FI": ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)),
}
# Days counted from Easter Sunday.
_FROM_EASTER = {
    "NO": (-3, -2, 0, 1, 39, 49, 50),
    "DK": (-3, -2, 0, 1, 39, 49, 50),
    "SE": (-2, 0, 1, 39, 49),
    "FI": (-2, 0, 1, 39, 49),
}


def is_working_day(day: date, country: str) -> bool:
    """Whether people of the country are at work; Midsummer's and Christmas Eve count as working days."""
    return day.weekday() < 5 and day not in holidays(day.year, country)


def nth_working_day(first: date, number: int, country: str) -> date:
    """The working day with this number (from 1) on or after `first`.

    Check: in Norway the third from 1 May 2026 (a Friday and a holiday) is 6 May.
    """
    day, found = first, 0
    while True:
        found += is_working_day(day, country)
        if found == number:
            return day
        day += _DAY


def working_days_between(after: date, until: date, country: str) -> int:
    """How many working days lie after one day, up to and including another; 0 when it is not later."""
    span = max(0, (until - after).days)
    return sum(is_working_day(after + _DAY * step, country) for step in range(1, span + 1))


@lru_cache(maxsize=2000)
def holidays(year: int, country: str) -> frozenset[date]:
    """The public holidays of a year; Danish Great Prayer Day was one until 2023."""
    easter = easter_sunday(year)
    fixed = {date(year, month, day) for month, day in _FIXED[country]}
    moving = {easter + _DAY * days for days in _FROM_EASTER[country]}
    if country == "DK" and year <= 2023:
        moving.add(easter + _DAY * 26)
    return frozenset(fixed | moving)


def easter_sunday(year: int) -> date:
    """Western Easter.

    Source: the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8).
    Check: 2026-04-05, 2027-03-28.
    """
    golden = year % 19
    century, within = divmod(year, 100)
    leap, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - correction + 15) % 30
    quarter, remainder = divmod(within, 4)
    weekday = (32 + 2 * rest + 2 * quarter - moon - remainder) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
