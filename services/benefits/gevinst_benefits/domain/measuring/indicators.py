"""B5, B6: few indicators, each with a baseline, and states in which missing is not zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.measuring.aggregation import Aggregation, aggregated
from gevinst_benefits.domain.measuring.measurement_plans import MeasurementPlan
from gevinst_benefits.domain.measuring.trajectories import Trajectory
from gevinst_shared.values.refusal import Refusal

FEW = 3


class TargetAgainstDirection(Refusal):
    code = "target-against-direction"
    title = "The target lies on the wrong side of the baseline"
    detail = (
        "{name}: the target {target} does not fit the direction `{direction}` from the baseline {baseline}. "
        "Change one of the three."
    )


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
    allowed: the share of the way is then not computable. With `measured_in` each of those units is measured
    by itself. `act_at` is the value from which on the owner acts (B5).
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
    act_at: Decimal | None = None
    aggregation: Aggregation = field(default_factory=Aggregation)
    measured_in: tuple[UUID, ...] = ()
    plan: MeasurementPlan = field(default_factory=MeasurementPlan)
    trajectory: Trajectory | None = None

    @property
    def places(self) -> tuple[UUID | None, ...]:
        """Where a measurement must be taken: each unit, or once for the whole (None)."""
        return self.measured_in or (None,)

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
    unit_id: UUID | None = None
    weight: Decimal | None = None


def indicator_state(
    indicator: Indicator | None, measurements: Sequence[Measurement], *, today: date
) -> IndicatorState:
    """Which of B6's states a benefit's indicator is in on a day; `None` is a benefit without indicator.

    A due day is met by a measurement taken after the due day before it, in every place; it is overdue from
    the day after. Until every place has been measured there is no value. Measured zero is a value equal to
    the baseline: looked at, and nothing has happened.
    """
    if indicator is None:
        return IndicatorState.NO_INDICATOR
    if indicator.baseline is None:
        return IndicatorState.NO_BASELINE
    if indicator.target == indicator.baseline:
        return IndicatorState.NOT_COMPUTABLE
    newest = newest_by_place(indicator, measurements, today=today)
    since = _last_window_opens(indicator, today)
    if since is not None and any(
        place not in newest or newest[place].taken_on <= since for place in indicator.places
    ):
        return IndicatorState.OVERDUE
    value = current_value(indicator, newest)
    if value is None:
        return IndicatorState.NOT_YET_DUE
    return IndicatorState.MEASURED_ZERO if value == indicator.baseline else IndicatorState.MEASURED


def newest_by_place(
    indicator: Indicator, measurements: Sequence[Measurement], *, today: date
) -> Mapping[UUID | None, Measurement]:
    """The newest measurement of each place; of two on a day the one that comes later in the sequence."""
    found: dict[UUID | None, Measurement] = {}
    for one in measurements:
        is_ours = one.indicator_id == indicator.id and one.unit_id in indicator.places
        if is_ours and one.taken_on <= today:
            known = found.get(one.unit_id)
            if known is None or known.taken_on <= one.taken_on:
                found[one.unit_id] = one
    return found


def current_value(indicator: Indicator, newest: Mapping[UUID | None, Measurement]) -> Decimal | None:
    """What the indicator says now: its only place's newest value, or its units' by the rule for units.

    Nothing while a place is missing, which is not zero (B6). For the rule `last` the unit measured latest.
    """
    if any(place not in newest for place in indicator.places):
        return None
    if not indicator.measured_in:
        return newest[None].value
    ordered = sorted((newest[place] for place in indicator.measured_in), key=lambda one: one.taken_on)
    return aggregated(indicator.aggregation.units, [(one.value, one.weight) for one in ordered])


def realised_share(indicator: Indicator, value: Decimal) -> Decimal | None:
    """How much of the way from baseline to target a value is (1 is all of it, negative is backwards).

    Nothing where it is not computable.   Check: from 200 to 100, the value 150 is 0.5.
    """
    if indicator.baseline is None or indicator.target == indicator.baseline:
        return None
    with localcontext(prec=DIGITS):
        return (value - indicator.baseline) / (indicator.target - indicator.baseline)


def calls_for_action(indicator: Indicator, value: Decimal) -> bool | None:
    """B5: whether the owner is to act at this value; nothing where no threshold was said.

    An indicator that is to go down calls at its threshold and above, one that is to go up at it and below.
    """
    if indicator.act_at is None:
        return None
    is_down = indicator.direction is Direction.DOWN
    return value >= indicator.act_at if is_down else value <= indicator.act_at


def refuse_too_many(existing: int, *, reason: str) -> None:
    """B5: a fourth indicator of a benefit asks for a reason; `existing` is how many it has."""
    if existing >= FEW and not reason.strip():
        raise FourthIndicatorNeedsReason(count=existing)


def days_missed(
    indicator: Indicator, measurements: Sequence[Measurement], *, told_until: date | None, today: date
) -> tuple[date, ...]:
    """The due days that have passed unmet, of those after `told_until`, in order.

    A measurement after the due day before meets a due day, however late it came.
    """
    newest = newest_by_place(indicator, measurements, today=today)
    found, since = [], date.min
    for day in indicator.due_on:
        if day >= today:
            break
        is_met = all(place in newest and newest[place].taken_on > since for place in indicator.places)
        if not is_met and (told_until is None or day > told_until):
            found.append(day)
        since = day
    return tuple(found)


def first_unmet(indicator: Indicator, newest: Mapping[UUID | None, date]) -> date | None:
    """The first due day that no measurement has met, passed or coming; None when there is none.

    `newest` is the last day on which each place was measured. Check: due in March, June and September and
    measured in May, the first that is not met is in September.
    """
    days = [newest.get(place) for place in indicator.places]
    last = min((day for day in days if day is not None), default=None) if None not in days else None
    before = date.min
    for day in indicator.due_on:
        if last is None or last <= before:
            return day
        before = day
    return None


def _last_window_opens(indicator: Indicator, today: date) -> date | None:
    """The day after which a measurement meets the last due day that has passed; None when none has."""
    passed = [day for day in indicator.due_on if day < today]
    if not passed:
        return None
    return passed[-2] if len(passed) > 1 else date.min
