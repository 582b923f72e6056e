"""B7: the way that an indicator is planned to go from its baseline to its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from gevinst_benefits.domain.plan.timing import RampKind, Timing, months_after
from gevinst_shared.values.refusal import Refusal


class TrajectoryEndsEarly(Refusal):
    code = "trajectory-ends-early"
    title = "The target comes before the effect begins"
    detail = "The effect begins on {starts_on} and the target is for {target_on}. Let the target come later."


class OddTrajectoryPoints(Refusal):
    code = "odd-trajectory-points"
    title = "The points make no way to the target"
    detail = (
        "Give two points or more, one a day, from {starts_on} with share 0 to {target_on} with share 1, "
        "and only for the curve `points`."
    )


class Curve(StrEnum):
    LINEAR = "linear"
    S_CURVE = "s-curve"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Point:
    """On this day, this share of the way is done (1 is all of it)."""

    day: date
    share: Decimal


@dataclass(frozen=True, slots=True)
class Trajectory:
    """From the baseline on `starts_on` to the target on `target_on`; the days are those of the effect."""

    starts_on: date
    target_on: date
    curve: Curve = Curve.LINEAR
    points: tuple[Point, ...] = ()

    def __post_init__(self) -> None:
        if self.target_on <= self.starts_on:
            raise TrajectoryEndsEarly(
                starts_on=self.starts_on, target_on=self.target_on, pointer="/body/trajectory/target_on"
            )
        if (self.curve is Curve.POINTS) != bool(self.points) or not self._points_fit():
            raise OddTrajectoryPoints(
                starts_on=self.starts_on, target_on=self.target_on, pointer="/body/trajectory/points"
            )

    @property
    def days(self) -> int:
        return (self.target_on - self.starts_on).days

    def _points_fit(self) -> bool:
        if not self.points:
            return True
        first, last = self.points[0], self.points[-1]
        return (
            len(self.points) > 1
            and all(one.day < next_.day for one, next_ in pairwise(self.points))
            and (first.day, first.share) == (self.starts_on, Decimal(0))
            and (last.day, last.share) == (self.target_on, Decimal(1))
        )


def on_benefit_dates(timing: Timing, begins: date) -> Trajectory | None:
    """B9: the way of an indicator without days of its own: from the benefit's beginning to its full size.

    As the benefit's ramp goes; without one the target is for a month after the beginning. A table's shares
    stand in the middle of their years and the last is the target. None where that is beyond the calendar, or
    the table ends with nothing.
    """
    ramp = timing.ramp
    months = max(ramp.full_after, 1)
    target_on = months_after(begins, months)
    if target_on is None:
        return None
    if ramp.kind is not RampKind.TABLE or months == 1:
        curve = Curve.S_CURVE if ramp.kind is RampKind.S_CURVE else Curve.LINEAR
        return Trajectory(begins, target_on, curve)
    *before, full = ramp.shares
    middles = [months_after(begins, 12 * year + 6) for year in range(len(before))]
    on_the_way = [
        Point(day, share / full) for day, share in zip(middles, before, strict=True) if day and full
    ]
    if not on_the_way:
        return None
    points = (Point(begins, Decimal(0)), *on_the_way, Point(target_on, Decimal(1)))
    return Trajectory(begins, target_on, Curve.POINTS, points)


def planned_shares(trajectory: Trajectory, days: Sequence[float]) -> list[float]:
    """The share of the way that is planned to be done, `days` after the start (negative: before); 0 to 1.

    Linear; or an S-curve, 3x² − 2x³ of the share x of the time; or straight between the given points (whose
    shares may go beyond 0 and 1 on the way).   Check: an S-curve at a quarter of the time is 0.15625.
    """
    return [_share(trajectory, day) for day in days]


def planned_value(trajectory: Trajectory, *, baseline: Decimal, target: Decimal, on: date) -> Decimal:
    """The value that is planned for a day, to six decimals."""
    share = planned_shares(trajectory, [(on - trajectory.starts_on).days])[0]
    way = (target - baseline) * Decimal(str(round(share, 12)))
    return (baseline + way).quantize(Decimal("0.000001"))


def _share(trajectory: Trajectory, day: float) -> float:
    if day <= 0:
        return 0.0
    if day >= trajectory.days:
        return 1.0
    if trajectory.curve is Curve.POINTS:
        return _between(trajectory, day)
    x = day / trajectory.days
    return x if trajectory.curve is Curve.LINEAR else x * x * (3 - 2 * x)


def _between(trajectory: Trajectory, day: float) -> float:
    for one, next_ in pairwise(trajectory.points):
        start, end = (one.day - trajectory.starts_on).days, (next_.day - trajectory.starts_on).days
        if day <= end:
            part = (day - start) / (end - start)
            return float(one.share) + part * float(next_.share - one.share)
    return 1.0
