"""When people are at work: Monday to Friday but for public holidays and the organisation's own days (N3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays, list_supported_countries

from gevinst_shared.values.refusal import Refusal

_DAY = timedelta(days=1)
# No calendar is closed for longer than this, so that every search ends.
LONGEST_CLOSED = 62


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of one organisation.

    `country` is the ISO 3166 code of its public holidays; `closed` are its own days off, `opened` days on
    which it works although the country does not. A day in both is open.
    """

    country: str
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Whether people are at work. Christmas Eve is a working day unless the organisation closes it."""
        if day in self.opened:
            return True
        return (
            day.weekday() < 5
            and day not in self.closed
            and day not in public_holidays(self.country, day.year)
        )

    def roll_back(self, day: date) -> date:
        """The day itself, or the last open one before it.   Check: NO, 28 March 2027 (Easter) is 24 March."""
        return self._next(day, -_DAY)

    def roll_forward(self, day: date) -> date:
        """The day itself, or the first open one after it.   Check: NO, 26 March 2027 is 30 March."""
        return self._next(day, _DAY)

    def shift(self, day: date, working_days: int) -> date:
        """The open day that lies so many working days after `day`, before it when below zero.

        With 0 it is `roll_back(day)`.   Check: 3 before 18 May 2027 is 12 May in Norway, 13 May in Sweden.
        """
        step = _DAY if working_days > 0 else -_DAY
        if working_days == 0:
            return self.roll_back(day)
        for _ in range(abs(working_days)):
            day = self._next(day + step, step)
        return day

    def _next(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_CLOSED):
            if self.is_open(day):
                return day
            day += step
        # Everything is closed, by what the organisation entered: better a weekend's day than none.
        return day


class OddDays(Refusal):
    code = "odd-working-days"
    title = "A day is named twice, or is not of that year"
    detail = "Name each day of {year} once."


def refuse_odd_days(days: Sequence[date], *, year: int) -> None:
    if len(set(days)) < len(days) or any(day.year != year for day in days):
        raise OddDays(year=year)


@lru_cache(maxsize=1000)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in a year."""
    return frozenset(country_holidays(country, years=year, language="en_US"))


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(list_supported_countries())


def has_holidays(country: str) -> bool:
    """Whether the public holidays of a country are known."""
    return country in _countries()
