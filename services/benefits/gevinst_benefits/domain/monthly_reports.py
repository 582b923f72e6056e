"""B13: the monthly report of whoever answers for execution: short, seen when late, never wiped out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.working_days import nth_working_day, working_days_between
from gevinst_shared.values.refusal import Refusal


class OddMonth(Refusal):
    code = "odd-month"
    title = "Not a month"
    detail = "{month} is not a month such as 2026-10."


class NotBegun(Refusal):
    code = "report-before-start"
    title = "The project had not begun"
    detail = "The project had not begun in {month}. Reports begin with the month in which the project begins."


class MonthAhead(Refusal):
    code = "report-month-ahead"
    title = "The month has not begun"
    detail = "{month} has not begun. Report on it when it is under way or over."


class ReportSubmitted(Refusal):
    code = "report-submitted"
    title = "The report is submitted"
    detail = "What was submitted does not change. Open a correction and say why; it becomes a new version."


class NotSubmitted(Refusal):
    code = "report-not-submitted"
    title = "The report is a draft"
    detail = "The report is still a draft: change it, and submit it."


class NotJudged(Refusal):
    code = "area-not-judged"
    title = "An area has no light"
    detail = "{area} is neither green, yellow nor red. Judge it before you submit."


class Unexplained(Refusal):
    code = "deviation-unexplained"
    title = "A deviation without a word"
    detail = "{area} is {light}. Write what deviates and why."


class NotTheReporter(Refusal):
    code = "not-the-reporter"
    title = "Another reports"
    detail = (
        "A running project is reported on by its manager, and a closed one by those who own its benefits."
    )


class MeasureSettled(Refusal):
    code = "measure-settled"
    title = "The measure is decided already"
    detail = "The measure is {state}. Propose another one."


class MeasureNotDecided(Refusal):
    code = "measure-not-decided"
    title = "The measure is not decided"
    detail = "Only a decided measure is followed up; this one is {state}."


class ProposerDecidesMeasure(Refusal):
    """G3."""

    code = "proposer-decides-measure"
    title = "Whoever proposed it does not decide"
    detail = "You proposed this measure. Somebody else decides."


class FollowUpMissing(Refusal):
    code = "follow-up-missing"
    title = "Who does it, and until when?"
    detail = "A decided measure has an owner and a deadline; a declined one has neither."


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Area(StrEnum):
    """What a report judges, each by a light and words."""

    BENEFITS = "benefits"
    COST = "cost"
    PROGRESS = "progress"
    QUALITY = "quality"
    RISK = "risk"


class DutyState(StrEnum):
    """Where a project's report of a month is. What is not there is never shown as green."""

    NOT_DUE = "not-due"
    LATE = "late"
    SUBMITTED = "submitted"
    SUBMITTED_LATE = "submitted-late"


class MeasureState(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    DECLINED = "declined"
    DONE = "done"
    DROPPED = "dropped"


# A report is owed while the portfolio counts the project as work; afterwards its dates say whether it ran.
NEVER_RAN = frozenset({"proposed", "rejected", "merged"})
ENDED = frozenset({"stopped", "closed"})
LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED)
_MONTH = re.compile(r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """`first` is its first day."""

    first: date

    @classmethod
    def read(cls, text: str) -> "Month":
        """From its text, such as 2026-10, or `OddMonth`."""
        if not _MONTH.match(text):
            raise OddMonth(month=text[:20])
        return cls(date(int(text[:4]), int(text[5:]), 1))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.replace(day=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def next(self) -> "Month":
        return Month.of(self.first + timedelta(days=31))

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def last_day(self) -> date:
        return self.next.first - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """A project's report of a month: when it was due, whether it is there, and how late it is."""

    state: DutyState
    due_on: date
    working_days_late: int


@dataclass(frozen=True, slots=True)
class Running:
    """What the portfolio service says of when a project runs."""

    status: str | None
    start: date | None
    end: date | None


def had_begun(month: Month, running: Running) -> bool:
    """Whether the project had begun by the month's end; one without a start has not begun.

    Whoever works on a proposal already may report on it, and owes nothing.
    """
    return running.start is not None and running.start <= month.last_day


def ran_in(month: Month, running: Running, *, today: date) -> bool:
    """Whether a project was running in the month, so that a report is owed.

    It was decided on, had begun and had not ended; one without an end goes on. A project that was stopped or
    closed before its end came owes nothing more.
    """
    if running.status is None or running.status in NEVER_RAN or not had_begun(month, running):
        return False
    if running.status in ENDED and (running.end is None or running.end > today):
        return False
    return running.end is None or running.end >= month.first


def due_on(month: Month, working_day: int, country: str) -> date:
    """The last day in time: the working day with this number after the month's end.

    Check: in Norway the fifth after December 2026 is 8 January 2027.
    """
    return nth_working_day(month.next.first, working_day, country)


def duty(due: date, submitted_on: date | None, *, today: date, country: str) -> Duty:
    """Where the report is on a day; lateness is counted in working days."""
    until = today if submitted_on is None else submitted_on
    late = working_days_between(due, until, country)
    if submitted_on is not None:
        return Duty(DutyState.SUBMITTED_LATE if late or until > due else DutyState.SUBMITTED, due, late)
    return Duty(DutyState.LATE if today > due else DutyState.NOT_DUE, due, late)


def refuse_unjudged(areas: Mapping[Area, tuple[Light | None, str]]) -> None:
    """Every area has a light, and yellow and red have words; green needs none."""
    for area in Area:
        light, words = areas.get(area, (None, ""))
        if light is None:
            raise NotJudged(area=area.value)
        if light is not Light.GREEN and not words.strip():
            raise Unexplained(area=area.value, light=light.value)


def worst(lights: Iterable[Light | None]) -> Light | None:
    """The worst of what is there; None when anything is missing, which is never green (B6)."""
    found = list(lights)
    if not found or None in found:
        return None
    return max((light for light in found if light is not None), key=LIGHTS.index)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure or text of the report that is another than a month ago; None where there was none."""

    member: str
    before: str | None
    after: str | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two reports' contents, member by member, by the path of each."""
    old, new = _flat(before), _flat(after)
    return tuple(
        Change(member, old.get(member), new.get(member))
        for member in sorted({*old, *new})
        if old.get(member) != new.get(member)
    )


def _flat(content: Any, path: str = "") -> dict[str, str]:  # noqa: ANN401 - any JSON value
    if isinstance(content, Mapping):
        found: dict[str, str] = {}
        for name, value in content.items():
            found |= _flat(value, f"{path}/{name}")
        return found
    return {} if content is None or content == "" else {path: str(content)}


@dataclass(frozen=True, slots=True)
class ReportOf:
    """What a roll-up knows of one project: its lights, or none when there is no report."""

    project_id: UUID
    state: DutyState
    lights: Mapping[Area, Light] | None


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """How many projects have which light in an area; `missing` have no report."""

    area: Area
    missing: int
    green: int
    yellow: int
    red: int


def counted(reports: Sequence[ReportOf]) -> tuple[AreaCounts, ...]:
    """Each area's lights over all projects."""
    found = []
    for area in Area:
        lights = [None if one.lights is None else one.lights[area] for one in reports]
        found.append(AreaCounts(area, lights.count(None), *(lights.count(light) for light in LIGHTS)))
    return tuple(found)
