"""Which steps of a duty's ladder fall on which moment, and which of them tell now (N2, N3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gevinst_notifications.domain.duties.rules import Count, DutyRule, Rung, Step
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_shared.values.organisation import day_there, moment_there

# People find it when they come to work; what is told at once may come at any hour.
MORNING = 8
# Nobody is reminded of a day that is further away than anybody plans.
YEARS = range(1990, 2201)
_RUNGS = tuple(Rung)


@dataclass(frozen=True, slots=True)
class Workplace:
    """The days of one organisation: its working days, and when they begin."""

    organisation: str
    calendar: WorkCalendar

    def morning(self, day: date) -> datetime:
        return moment_there(self.organisation, day, MORNING)

    def day_of(self, moment: datetime) -> date:
        return day_there(self.organisation, moment)

    def next_morning(self, moment: datetime) -> datetime:
        """The morning of the first working day after the moment's day."""
        return self.morning(self.calendar.shift(self.day_of(moment), 1))


@dataclass(frozen=True, slots=True)
class Planned:
    """A step on its moment."""

    code: str
    rung: Rung
    at: datetime


@dataclass(frozen=True, slots=True)
class Settling:
    """What is to be done now: steps that tell, steps that were overtaken, and when to look again."""

    tell: tuple[Planned, ...]
    overtaken: tuple[Planned, ...]
    next_at: datetime | None


def planned(due_on: date, set_at: datetime, rule: DutyRule, place: Workplace) -> tuple[Planned, ...]:
    """The steps of a duty that has been due on `due_on` since `set_at`, in order.

    Before the day, calendar days roll back to a working day; after it they count working days. Steps that
    lie before the deadline was set, or before the organisation made the rule its own, are not taken. Of
    several for the same rung on one day the last is, and none on a day that is told at once.
    Check: due on Tuesday 18 May 2027 in Norway, three calendar days before is Friday 14 May.
    """
    if due_on.year not in YEARS:
        return ()
    since = set_at if rule.set_at is None else max(set_at, rule.set_at)
    found: dict[tuple[Rung, date], Planned] = {}
    for step in sorted(rule.steps, key=lambda one: one.days if one.days is not None else -10_000):
        if step.days is None:
            if since == set_at:
                found[step.to, place.day_of(set_at)] = Planned(step.code(), step.to, set_at)
            continue
        for number, day in enumerate(_days(step, step.days, due_on, place.calendar), start=1):
            at = place.morning(day)
            is_told_that_day = (step.to, day) in found and found[step.to, day].at == set_at
            if at > since and not is_told_that_day:
                found[step.to, day] = Planned(step.code(number), step.to, at)
    return tuple(sorted(found.values(), key=lambda one: (one.at, _RUNGS.index(one.rung))))


def settling(
    steps: Sequence[Planned], settled: Mapping[str, datetime], *, now: datetime, place: Workplace
) -> Settling:
    """What to do now with the steps whose moment has come; `settled` are those dealt with, and when.

    Of each rung only the latest step tells, however many were missed. A rung waits until the morning after
    the rungs below it were first told: nobody's leader hears of what its owner has not.
    """
    due = [one for one in steps if one.at <= now and one.code not in settled]
    looks = [one.at for one in steps if one.at > now]
    tell: list[Planned] = []
    overtaken: list[Planned] = []
    for rung in sorted({one.rung for one in due}, key=_RUNGS.index):
        *earlier, last = (one for one in due if one.rung is rung)
        waits_until = _waits_until(last, steps, settled, now=now, place=place)
        if waits_until is not None and waits_until > now:
            looks.append(waits_until)
        else:
            tell.append(last)
            overtaken += earlier
    return Settling(tuple(tell), tuple(overtaken), min(looks, default=None))


def foreseen(
    steps: Sequence[Planned],
    settled: Mapping[str, datetime],
    *,
    now: datetime,
    until: datetime,
    place: Workplace,
) -> list[tuple[datetime, Planned]]:
    """What would be told from `now` on until a moment, when nothing changes meanwhile (N4)."""
    known, found = dict(settled), []
    at: datetime | None = now
    while at is not None and at <= until:
        what = settling(steps, known, now=at, place=place)
        found += [(at, one) for one in what.tell]
        known |= {one.code: at for one in (*what.tell, *what.overtaken)}
        at = what.next_at
    return found


def _days(step: Step, days: int, due_on: date, calendar: WorkCalendar) -> Iterator[date]:
    if step.count is Count.WORKING:
        first = calendar.shift(due_on, days)
    elif days > 0:
        first = calendar.roll_forward(due_on + timedelta(days))
    else:
        first = calendar.roll_back(due_on + timedelta(days))
    for number in range(step.times):
        yield calendar.shift(first, number * (step.every or 0)) if number else first


def _waits_until(
    step: Planned,
    steps: Sequence[Planned],
    settled: Mapping[str, datetime],
    *,
    now: datetime,
    place: Workplace,
) -> datetime | None:
    """The morning after the last of the rungs below was first told; None when there are none."""
    below = {
        one.rung for one in steps if _RUNGS.index(one.rung) < _RUNGS.index(step.rung) and one.at <= step.at
    }
    told = [
        min((settled[one.code] for one in steps if one.rung is rung and one.code in settled), default=now)
        for rung in below
    ]
    return max((place.next_morning(moment) for moment in told), default=None)
