"""Reminder rules and working days on the wire."""

from typing import Self

from pydantic import Field

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.rules import (
    FURTHEST,
    MOST_REPEATS,
    MOST_STEPS,
    Count,
    Rung,
    Step,
)
from gevinst_notifications.schemas.wired import wired
from gevinst_notifications.store.duty_rules import KeptRule
from gevinst_shared.web.shapes import Day, In, Maybe, Moment, Name, Out, Whole


class StepIn(In):
    """Whom to tell, and when."""

    to: Rung = Field(examples=["owner"])
    days: Maybe[Whole] = Field(
        None,
        ge=-FURTHEST,
        le=FURTHEST,
        examples=[-14],
        description="From the due day, below zero before it. Without it at once.",
    )
    count: Maybe[Count] = Field(
        None,
        examples=["calendar"],
        description="What `days` counts; working days when it is not said. Calendar days before the due day "
        "move back to a working day, those after it forward.",
    )
    every: Maybe[Whole] = Field(
        None, ge=1, le=60, examples=[5], description="Repeated after so many working days."
    )
    times: Maybe[Whole] = Field(
        None, ge=2, le=MOST_REPEATS, examples=[4], description="How often in all, when it is repeated."
    )

    def step(self) -> Step:
        return Step(self.to, self.days, self.count or Count.WORKING, self.every, self.times or 1)


class StepOut(Out):
    """Whom to tell, and when."""

    to: Rung
    days: Maybe[Whole] = Field(None, ge=-FURTHEST, le=FURTHEST, examples=[-14])
    count: Maybe[Count] = None
    every: Maybe[Whole] = Field(None, ge=1, le=60, examples=[5])
    times: Maybe[Whole] = Field(None, ge=1, le=MOST_REPEATS, examples=[4])

    @classmethod
    def of(cls, step: Step) -> Self:
        return wired(
            cls,
            to=step.to,
            days=step.days,
            count=None if step.days is None else step.count,
            every=step.every,
            times=None if step.every is None else step.times,
        )


class ReminderRuleIn(In):
    """The ladder of one kind of duty."""

    steps: list[StepIn] = Field(max_length=MOST_STEPS, description="None: nobody is reminded.")
    within: Whole = Field(
        ge=1, le=250, examples=[10], description="Working days that people have where a fact names no day."
    )


class ReminderRuleOut(Out):
    """The ladder of one kind of duty."""

    kind: DutyKind
    steps: list[StepOut] = Field(max_length=MOST_STEPS)
    within: Whole = Field(ge=1, le=250, examples=[10])
    is_own: bool = Field(description="Whether the organisation has made it its own.")
    set_by: Maybe[str] = Field(None, max_length=500, examples=["kari"])
    set_at: Maybe[Moment] = None
    revision: Whole = Field(ge=0, le=1_000_000_000, description="0 where nobody has ever set it.")

    @classmethod
    def of(cls, kept: KeptRule) -> Self:
        rule = kept.rule
        return wired(
            cls,
            kind=rule.kind,
            steps=[StepOut.of(step) for step in rule.steps],
            within=rule.within,
            is_own=kept.is_own,
            set_by=kept.set_by,
            set_at=rule.set_at,
            revision=kept.revision,
        )

    def document(self) -> str:
        return self.model_dump_json(exclude_none=True)


class ReminderRulesOut(Out):
    """The ladder of every kind of duty."""

    items: list[ReminderRuleOut] = Field(max_length=100)


class OwnDayIn(In):
    """A day on which the organisation works although its country does not, or the other way round."""

    day: Day = Field(examples=["2027-12-24"])
    is_open: bool = Field(examples=[False])
    name: Name = Field(examples=["Christmas Eve"])


class OwnDayOut(Out):
    """A day that differs from the country's calendar."""

    day: Day
    is_open: bool
    name: str = Field(max_length=200, examples=["Christmas Eve"])


class WorkingDaysIn(In):
    """The organisation's own days of a year."""

    days: list[OwnDayIn] = Field(max_length=366)


class WorkingDaysOut(Out):
    """The working days of a year: Monday to Friday but for holidays, and the organisation's own days."""

    year: Whole = Field(ge=1990, le=2200, examples=[2027])
    country: str = Field(min_length=2, max_length=2, examples=["NO"])
    holidays: list[Day] = Field(max_length=100)
    days: list[OwnDayOut] = Field(max_length=366)
