"""What people must do or decide (N1), and for which months a report is owed at all (B13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gevinst_benefits.domain.monthly_reports import Month, due_on

MOST_MONTHS = 24


class DutyKind(StrEnum):
    """What is to be done; each is done at the duty's path."""

    CONFIRM_BENEFIT = "confirm-benefit"
    DO_ACTION = "do-action"
    MEET_PREREQUISITE = "meet-prerequisite"
    REDUCE_RISK = "reduce-risk"
    MEASURE = "measure"
    REVIEW_GATE = "review-gate"
    DECIDE_GATE = "decide-gate"
    MEET_CONDITION = "meet-condition"
    CONFIRM_CONDITION = "confirm-condition"
    ACCEPT_HANDOVER = "accept-handover"
    HOLD_EFFECT_REVIEW = "hold-effect-review"
    SUBMIT_REPORT = "submit-report"
    DECIDE_MEASURE = "decide-measure"
    DO_MEASURE = "do-measure"
    AGREE_BUDGET = "agree-budget"


@dataclass(frozen=True, slots=True)
class DueMonth:
    """A month that is over, and the last day in time of its reports."""

    month: Month
    due_on: date


def months_owed(first: date | None, working_day: int, *, today: date, country: str) -> Sequence[DueMonth]:
    """The months that are over and reported on, the oldest first; two years back at most.

    `first` begins the month from which projects report; None where nobody has said that they do.
    """
    if first is None:
        return []
    found: list[DueMonth] = []
    month = Month.of(today).before
    while month.first >= first and len(found) < MOST_MONTHS:
        found.append(DueMonth(month, due_on(month, working_day, country)))
        month = month.before
    return found[::-1]
