"""When people should have been reminded, worked out day by day and as simply as can be.

Knows nothing of the service: holidays are listed, summer time is two dates, and every working day is asked
what falls on it. Holds for deadlines between December 2027 and November 2028.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

DAY = timedelta(1)
# No step lies further from its deadline.
LONGEST = timedelta(60)
# Weekdays that are public holidays, from the calendars of the three countries. Easter is 16 April 2028;
# nothing is asked of the years on either side but their Christmas.
_BOTH = "01-01 04-14 04-17 05-25 12-25 12-26"
HOLIDAYS = {
    "NO": f"{_BOTH} 04-13 05-01 05-17 06-05",
    "DK": f"{_BOTH} 04-13 06-05",
    "SE": f"{_BOTH} 01-06 05-01 06-06",
}
SUMMER = (datetime(2028, 3, 26, 1, tzinfo=UTC), datetime(2028, 10, 29, 1, tzinfo=UTC))
RUNGS = ("owner", "controller", "owners-leader", "office")


class Step(NamedTuple):
    """`days` from the due day; counted in working days, or in calendar days and then rolled back."""

    rung: str
    days: int
    is_working: bool


@dataclass(frozen=True)
class Term:
    """A deadline as it stood from one moment until another."""

    due_on: date
    set_at: datetime
    ends_at: datetime


def expected(
    term: Term, steps: Sequence[Step], country: str, *, at_once: bool
) -> Iterator[tuple[datetime, str]]:
    """The moments and rungs that are told. What is told at once is told at the next full hour."""
    told: dict[str, date] = {}
    said_on: date | None = None
    if at_once:
        said_on = _local(term.set_at)
        at = (term.set_at + timedelta(hours=1)).replace(minute=0)
        told["owner"] = _local(at)
        if at < term.ends_at:
            yield at, "owner"
    waiting: set[str] = set()
    begun = set(told)
    for day in _days(_local(term.set_at), term.due_on + LONGEST):
        morning = _morning(day)
        if not _is_open(day, country) or not term.set_at < morning < term.ends_at:
            continue
        today = {step.rung for step in steps if _falls_on(step, term.due_on, day, country)}
        waiting |= today - ({"owner"} if day == said_on else set())
        begun |= today
        for rung in sorted(waiting, key=RUNGS.index):
            below = [one for one in RUNGS[: RUNGS.index(rung)] if one in begun]
            if all(one in told and told[one] < day for one in below):
                told.setdefault(rung, day)
                waiting.remove(rung)
                yield morning, rung


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


def _falls_on(step: Step, due_on: date, day: date, country: str) -> bool:
    if abs(day - due_on) > LONGEST:
        return False
    if step.is_working and step.days > 0:
        return _open_days(due_on + DAY, day, country) == step.days
    if step.is_working and step.days < 0:
        return day < due_on and _open_days(day, due_on - DAY, country) == -step.days
    wanted = due_on + DAY * step.days
    return day <= wanted and _open_days(day + DAY, wanted, country) == 0


def _open_days(first: date, last: date, country: str) -> int:
    """How many working days there are from one day to another, both included."""
    return sum(_is_open(day, country) for day in _days(first, last))


def _is_open(day: date, country: str) -> bool:
    return day.weekday() < 5 and f"{day:%m-%d}" not in HOLIDAYS[country]


def _local(moment: datetime) -> date:
    return (moment + timedelta(hours=2 if SUMMER[0] <= moment < SUMMER[1] else 1)).date()


def _morning(day: date) -> datetime:
    winter = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    return winter - timedelta(hours=1) if SUMMER[0] <= winter < SUMMER[1] else winter
