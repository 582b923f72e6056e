"""When people are reminded of a duty, and when it goes up the line: plain data, checked when saved (N2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_shared.values.refusal import Refusal


class StepTwice(Refusal):
    code = "reminder-step-twice"
    title = "Two steps are the same"
    detail = "Two steps tell the {rung} on the same day. Leave one of them away."


class OddRepetition(Refusal):
    code = "odd-reminder-repetition"
    title = "A repetition says how often, and after how long"
    detail = "Give a step that is repeated a day, `times` and `every`. What is told at once is told once."


class OwnerHearsLater(Refusal):
    code = "owner-hears-later"
    title = "The owner must hear of it first"
    detail = "The {rung} would hear of it before its owner. Give the owner a step on an earlier day."


class MustRemind(Refusal):
    code = "duty-must-remind"
    title = "This duty must be reminded of"
    detail = "The owner of a duty of the kind {kind} must be told at least once on or before its day."


class Rung(StrEnum):
    """The line of a duty, from the one who must do it upwards."""

    OWNER = "owner"
    CONTROLLER = "controller"
    OWNERS_LEADER = "owners-leader"
    PORTFOLIO_OFFICE = "portfolio-office"


class Count(StrEnum):
    """What offsets count: days of the calendar, moved to a day on which people work, or working days."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whom it tells, how many days from the due day, below zero before it.

    Without `days` at once, when the duty arises or its day moves. `times` in all, `every` so many working
    days.
    """

    to: Rung
    days: int | None = None
    count: Count = Count.WORKING
    every: int | None = None
    times: int = 1

    def code(self, number: int = 1) -> str:
        """What this step, the `number`th time, is called; the same however the steps are ordered."""
        when = "once" if self.days is None else f"{self.days:+d}{self.count[0]}"
        return f"{self.to}{'@' if self.days is None else ''}{when}" + (f"x{number}" if number > 1 else "")


@dataclass(frozen=True, slots=True)
class DutyRule:
    """The ladder of one kind. `within` is how many working days there are when a fact names no day.

    `set_at` is when the organisation made it its own; None for the one that we ship.
    """

    kind: DutyKind
    steps: tuple[Step, ...]
    within: int = 10
    set_at: datetime | None = None


MOST_STEPS = 20
FURTHEST = 365
MOST_REPEATS = 30
# G7, G3: what a decision hangs on cannot be left unsaid.
MANDATORY = frozenset({DutyKind.CONDITION_LAPSING, DutyKind.GATE_COMING, DutyKind.VERIFICATION_DUE})

_ONCE = Step(Rung.OWNER)
_REPEATED = Step(Rung.OWNER, 1, every=5, times=4)
_DAY = Step(Rung.OWNER, 0, Count.CALENDAR)
_THREE = Step(Rung.OWNER, -3, Count.CALENDAR)
_FORTNIGHT = Step(Rung.OWNER, -14, Count.CALENDAR)
_CONTROLLER = Step(Rung.CONTROLLER, 7)
_LEADER = Step(Rung.OWNERS_LEADER, 21)
_LINE = (_FORTNIGHT, _THREE, _DAY, _REPEATED, _CONTROLLER, _LEADER)
_ASKED = (_ONCE, _THREE, _DAY, _REPEATED, _CONTROLLER, _LEADER)
_OFFICE = Step(Rung.PORTFOLIO_OFFICE, 5)

DEFAULTS: Mapping[DutyKind, DutyRule] = {
    rule.kind: rule
    for rule in (
        DutyRule(
            DutyKind.GATE_COMING,
            (_THREE, _DAY, _REPEATED, _OFFICE, Step(Rung.OWNERS_LEADER, 10)),
            within=15,
        ),
        DutyRule(DutyKind.GATE_REOPENED, (_ONCE, _DAY, _REPEATED, Step(Rung.OWNERS_LEADER, 5), _OFFICE)),
        DutyRule(DutyKind.GATE_REVIEW, (_ONCE, _THREE, _DAY, _REPEATED)),
        # It lapses with its day, so that it must go up before.
        DutyRule(
            DutyKind.CONDITION_LAPSING,
            (
                _ONCE,
                _FORTNIGHT,
                _THREE,
                Step(Rung.OWNER, -1),
                Step(Rung.OWNERS_LEADER, -1),
            ),
        ),
        DutyRule(DutyKind.CONDITION_CONFIRMATION, (_ONCE, _DAY, _REPEATED, _OFFICE), within=5),
        DutyRule(
            DutyKind.REPORT_DUE,
            (_THREE, _DAY, Step(Rung.OWNER, 1, every=2, times=3), Step(Rung.OWNERS_LEADER, 5), _OFFICE),
        ),
        DutyRule(DutyKind.MEASURE_DUE, _ASKED),
        DutyRule(DutyKind.MEASUREMENT_DUE, _LINE),
        DutyRule(DutyKind.ACTION_DUE, _LINE),
        DutyRule(DutyKind.DELIVERY_DUE, (_FORTNIGHT, _DAY, _REPEATED, Step(Rung.OWNERS_LEADER, 7))),
        DutyRule(DutyKind.BENEFIT_CONFIRMATION, _ASKED),
        DutyRule(DutyKind.VERIFICATION_DUE, (_ONCE, _FORTNIGHT, _DAY, _REPEATED, _LEADER), within=40),
        DutyRule(DutyKind.HANDOVER_DUE, _ASKED),
        DutyRule(
            DutyKind.EFFECT_REVIEW_DUE,
            (Step(Rung.OWNER, -30, Count.CALENDAR), _FORTNIGHT, _DAY, _REPEATED, _OFFICE, _LEADER),
        ),
        DutyRule(DutyKind.AGREEMENT_ANSWER, (_DAY, _REPEATED, _CONTROLLER, _LEADER), within=20),
        DutyRule(DutyKind.GOAL_WITHOUT_MEANS, _ASKED, within=20),
        DutyRule(DutyKind.PAUSE_ENDED, (_ONCE, _DAY, _REPEATED, _OFFICE), within=5),
        # B2: a vacant role is escalated at once.
        DutyRule(DutyKind.ROLE_VACANT, (_ONCE, _DAY, _REPEATED, Step(Rung.OWNERS_LEADER, 3)), within=5),
        DutyRule(DutyKind.REPLAN_ANSWER, (_DAY, _REPEATED), within=10),
        DutyRule(DutyKind.MEETING_COMING, (Step(Rung.OWNER, -7, Count.CALENDAR), Step(Rung.OWNER, -1))),
    )
}


def refuse_unsound(kind: DutyKind, steps: Sequence[Step]) -> None:
    """Refuse a ladder that says something twice, never ends, or goes up before its owner was told."""
    codes: set[str] = set()
    for step in steps:
        if codes & set(codes_of(step)):
            raise StepTwice(rung=step.to.value, pointer="/body/steps")
        codes |= set(codes_of(step))
        if (step.every is None) != (step.times == 1) or (step.days is None and step.times > 1):
            raise OddRepetition(pointer="/body/steps")
    told = [_order(step) for step in steps if step.to is Rung.OWNER]
    if kind in MANDATORY and not any(place <= (1, 0) for place in told):
        raise MustRemind(kind=kind.value, pointer="/body/steps")
    for step in steps:
        if step.to is not Rung.OWNER and not any(place <= _order(step) for place in told):
            raise OwnerHearsLater(rung=step.to.value, pointer="/body/steps")


def codes_of(step: Step) -> list[str]:
    """What the step is called, each time that it tells."""
    return [step.code(number) for number in range(1, step.times + 1)]


def _order(step: Step) -> tuple[int, int]:
    """At once comes first."""
    return (0, 0) if step.days is None else (1, step.days)
