"""B5, B6: when an indicator is measured, by whom and how; the due days follow from it."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gevinst_benefits.domain.plan.benefits import Owner
from gevinst_shared.values.refusal import Refusal

MOST_DUE_DAYS = 600


class PlanEndsBeforeItBegins(Refusal):
    code = "measurement-plan-ends-early"
    title = "The measurement plan ends before it begins"
    detail = "The plan runs from {first_on} until {until}. Let it end on the first day or later."


class PlanNotWhole(Refusal):
    code = "measurement-plan-not-whole"
    title = "How often, from when, until when?"
    detail = "Regular measuring needs `frequency`, `first_on` and `until`. Give all three, or none."


class TooManyDueDays(Refusal):
    code = "too-many-due-days"
    title = "Too many days to measure on"
    detail = "The plan comes to {count} due days; {most} is the most. Measure less often, or end it earlier."


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"

    @property
    def months(self) -> int:
        return {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}[self.value]


@dataclass(frozen=True, slots=True)
class MeasurementPlan:
    """Regular due days from `first_on` to `until`, both of them in it; `measurer` is a role in a unit.

    Without a measurer the benefit's owner measures.
    """

    frequency: Frequency | None = None
    first_on: date | None = None
    until: date | None = None
    measurer: Owner | None = None
    method: str | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        regular = (self.frequency, self.first_on, self.until)
        if any(part is None for part in regular) and any(part is not None for part in regular):
            raise PlanNotWhole(pointer="/body/plan")
        if self.first_on is not None and self.until is not None and self.until < self.first_on:
            raise PlanEndsBeforeItBegins(first_on=self.first_on, until=self.until, pointer="/body/plan/until")


def due_days(plan: MeasurementPlan, single: Iterable[date]) -> tuple[date, ...]:
    """The days by which a measurement must be taken, in order: the regular ones and the `single` ones.

    A day that a month does not have is its last day; the months after go back to the day itself.
    Raises `TooManyDueDays`.   Check: monthly from 31 January until 31 March gives 31 January, 28 February
    (in 2027) and 31 March.
    """
    days = set(single)
    if plan.frequency is not None and plan.first_on is not None and plan.until is not None:
        months = (plan.until.year - plan.first_on.year) * 12 + plan.until.month - plan.first_on.month
        steps = range(0, months + 1, plan.frequency.months)
        if len(steps) > MOST_DUE_DAYS:
            raise TooManyDueDays(count=len(steps), most=MOST_DUE_DAYS, pointer="/body/plan")
        days |= {day for step in steps if (day := _months_later(plan.first_on, step)) <= plan.until}
    if len(days) > MOST_DUE_DAYS:
        raise TooManyDueDays(count=len(days), most=MOST_DUE_DAYS, pointer="/body/plan")
    return tuple(sorted(days))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
