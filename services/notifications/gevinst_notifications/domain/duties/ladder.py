"""Which steps of a duty's ladder fall on which moment, and which of them tell now (N2, N3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from gevinst_notifications.domain.duties.arrivals import Arrival, Arrivals, below
from gevinst_notifications.domain.duties.rules import Count, DutyRule, Rung, Step
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_shared.values.organisation import day_there, moment_there

# People find it when they come to work; what is told at once may come at any hour.
MORNING = 8
# Nobody is reminded of a day that is further away than anybody plans.
YEARS = range(1990, 2201)
# So many working days a step up the line waits for a reminder that is still under way.
PATIENCE = 3
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
    """A step on its moment. Until `latest` it waits for what was said to those below it to arrive."""

    code: str
    rung: Rung
    at: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a duty, when those that were dealt with were, and what became of what was told."""

    steps: Sequence[Planned]
    settled: Mapping[str, datetime] = field(default_factory=dict)
    arrivals: Arrivals = field(default_factory=dict)


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
                latest = _latest(set_at, due_on, place)
                found[step.to, place.day_of(set_at)] = Planned(step.code(), step.to, set_at, latest)
            continue
        for number, day in enumerate(_days(step, step.days, due_on, place.calendar), start=1):
            at = place.morning(day)
            is_told_that_day = (step.to, day) in found and found[step.to, day].at == set_at
            if at > since and not is_told_that_day:
                latest = _latest(at, due_on, place)
                found[step.to, day] = Planned(step.code(number), step.to, at, latest)
    return tuple(sorted(found.values(), key=lambda one: (one.at, _RUNGS.index(one.rung))))


def hastened(ladder: Ladder, *, place: Workplace) -> tuple[Planned, ...]:
    """The steps, with the next rung's first one on the morning after a rung was told that nothing reached.

    Until its usual day only time would be lost, as nobody knows of it. Later steps stay where they are.
    """
    steps, settled = ladder.steps, ladder.settled
    rungs = [rung for rung in _RUNGS if any(one.rung is rung for one in steps)]
    sooner: dict[str, datetime] = {}
    for lower, upper in pairwise(rungs):
        told = [settled[one.code] for one in steps if one.rung is lower and one.code in settled]
        theirs = [one for one in steps if one.rung is upper]
        is_new = not any(one.code in settled for one in theirs)
        if told and is_new and ladder.arrivals.get(lower) is Arrival.FAILED:
            sooner[theirs[0].code] = place.next_morning(min(told))
    moved = (replace(one, at=min(one.at, sooner.get(one.code, one.at))) for one in steps)
    return tuple(sorted(moved, key=lambda one: (one.at, _RUNGS.index(one.rung))))


def settling(ladder: Ladder, *, now: datetime, place: Workplace) -> Settling:
    """What to do now with the steps whose moment has come.

    Of each rung only the latest step tells, however many were missed. A rung waits until the morning after
    the rungs below it were first told, and for a few days for what they were told to arrive: nobody's leader
    hears of what its owner has not. Where it cannot arrive the leader hears sooner.
    """
    steps, settled = hastened(ladder, place=place), ladder.settled
    due = [one for one in steps if one.at <= now and one.code not in settled]
    looks = [one.at for one in steps if one.at > now]
    tell: list[Planned] = []
    overtaken: list[Planned] = []
    for rung in sorted({one.rung for one in due}, key=_RUNGS.index):
        *earlier, last = (one for one in due if one.rung is rung)
        waits_until = _waits_until(last, steps, settled, now=now, place=place)
        if waits_until is None or waits_until <= now:
            waits_until = _held_until(last, ladder.arrivals, now=now, place=place)
        if waits_until is not None and waits_until > now:
            looks.append(waits_until)
        else:
            tell.append(last)
            overtaken += earlier
    return Settling(tuple(tell), tuple(overtaken), min(looks, default=None))


def foreseen(
    ladder: Ladder, *, now: datetime, until: datetime, place: Workplace
) -> list[tuple[datetime, Planned]]:
    """What would be told from `now` on until a moment, when nothing changes meanwhile (N4)."""
    steps = hastened(ladder, place=place)
    known, found = dict(ladder.settled), []
    at: datetime | None = now
    while at is not None and at <= until:
        what = settling(Ladder(steps, known), now=at, place=place)
        found += [(at, one) for one in what.tell]
        known |= {one.code: at for one in (*what.tell, *what.overtaken)}
        at = what.next_at
    return found


def _latest(at: datetime, due_on: date, place: Workplace) -> datetime:
    """How long a step may wait; one that goes up before the due day does so by then."""
    patience = place.morning(place.calendar.shift(place.day_of(at), PATIENCE))
    due = place.morning(due_on)
    return min(patience, due) if at < due else patience


def _held_until(step: Planned, arrivals: Arrivals, *, now: datetime, place: Workplace) -> datetime | None:
    """When to look again whether what those below were told has arrived; None when nothing is waited for."""
    if below(step.rung, arrivals) is not Arrival.WAITING:
        return None
    return min(place.next_morning(now), step.latest)


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
