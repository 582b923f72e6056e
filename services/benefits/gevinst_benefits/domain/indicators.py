"""B5, B6: few indicators, each with a baseline, and states in which missing is not zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal

FEW = 3


class TargetAgainstDirection(Refusal):
    code = "target-against-direction"
    title = "The target lies on the wrong side of the baseline"
    detail = "{name} is to go {direction}, but its target {target} lies on the other side of {baseline}."


class FourthIndicatorNeedsReason(Refusal):
    code = "fourth-indicator-needs-reason"
    title = "Why one more indicator?"
    detail = "The benefit has {count} indicators. Write what the owner will do on one more."


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class IndicatorState(StrEnum):
    """B6: six ways of having no progress to show, which are not the same, and `measured`."""

    NO_INDICATOR = "no-indicator"
    NO_BASELINE = "no-baseline"
    NOT_COMPUTABLE = "not-computable"
    NOT_YET_DUE = "not-yet-due"
    OVERDUE = "overdue"
    MEASURED_ZERO = "measured-zero"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What shows that a benefit is there, in `unit_of_measure`, and what its owner does about it.

    `due_on` holds the days by which a measurement must be taken, in order. A target equal to the baseline is
    allowed: the share of the way is then not computable.
    """

    id: UUID
    benefit_id: UUID
    name: str
    unit_of_measure: str
    direction: Direction
    target: Decimal
    action: str
    baseline: Decimal | None = None
    due_on: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.baseline is None or self.target == self.baseline:
            return
        if (self.target > self.baseline) != (self.direction is Direction.UP):
            raise TargetAgainstDirection(
                name=self.name, direction=self.direction.value, target=self.target, baseline=self.baseline
            )


@dataclass(frozen=True, slots=True)
class Measurement:
    indicator_id: UUID
    taken_on: date
    value: Decimal


def indicator_state(
    indicator: Indicator | None, measurements: Sequence[Measurement], *, today: date
) -> IndicatorState:
    """Which of B6's states a benefit's indicator is in on a day; `None` is a benefit without indicator.

    A due day is met by a measurement taken after the due day before it; it is overdue from the day after.
    Measured zero is a value equal to the baseline: looked at, and nothing has happened.
    """
    if indicator is None:
        return IndicatorState.NO_INDICATOR
    if indicator.baseline is None:
        return IndicatorState.NO_BASELINE
    if indicator.target == indicator.baseline:
        return IndicatorState.NOT_COMPUTABLE
    taken = [m for m in measurements if m.indicator_id == indicator.id and m.taken_on <= today]
    if _is_overdue(indicator, taken, today):
        return IndicatorState.OVERDUE
    if not taken:
        return IndicatorState.NOT_YET_DUE
    latest = max(taken, key=lambda measurement: measurement.taken_on)
    is_zero = latest.value == indicator.baseline
    return IndicatorState.MEASURED_ZERO if is_zero else IndicatorState.MEASURED


def realised_share(indicator: Indicator, value: Decimal) -> Decimal | None:
    """How much of the way from baseline to target a value is (1 is all of it, negative is backwards).

    Nothing where it is not computable.   Check: from 200 to 100, the value 150 is 0.5.
    """
    if indicator.baseline is None or indicator.target == indicator.baseline:
        return None
    with localcontext(prec=DIGITS):
        return (value - indicator.baseline) / (indicator.target - indicator.baseline)


def refuse_too_many(existing: int, *, reason: str) -> None:
    """B5: a fourth indicator of a benefit asks for a reason; `existing` is how many it has."""
    if existing >= FEW and not reason.strip():
        raise FourthIndicatorNeedsReason(count=existing)


def _is_overdue(indicator: Indicator, taken: Sequence[Measurement], today: date) -> bool:
    passed = [day for day in indicator.due_on if day < today]
    if not passed:
        return False
    since = passed[-2] if len(passed) > 1 else date.min
    return not any(measurement.taken_on > since for measurement in taken)
