"""When, where and how an indicator is measured, and the way it is planned to go, on the wire (B5, B7)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.measuring.aggregation import Aggregation, Rule
from gevinst_benefits.domain.measuring.measurement_plans import Frequency, MeasurementPlan
from gevinst_benefits.domain.measuring.trajectories import Curve, Point, Trajectory
from gevinst_benefits.schemas.benefits import OwnerShape
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_shared.web.shapes import Day, In, Maybe, Name, Prose


class AggregationShape(In):
    """How several measurements make one value: of a period, and of the units that are measured."""

    time: Rule = Field(Rule.LAST, description="A period's value of its measurements, in series.")
    units: Rule = Field(Rule.MEAN, description="The whole's value of its units' newest measurements.")

    def value(self) -> Aggregation:
        return Aggregation(self.time, self.units)


class PlanShape(In):
    """Regular due days, who measures, how, and where the figures come from."""

    frequency: Maybe[Frequency] = Field(None, description="Needs `first_on` and `until`.")
    first_on: Maybe[Day] = Field(None, description="The first due day.", examples=["2027-01-31"])
    until: Maybe[Day] = Field(None, description="No due day after this one.", examples=["2029-12-31"])
    measurer: Maybe[OwnerShape] = Field(None, description="Absent: the benefit's owner.")
    method: Maybe[Prose] = Field(None, examples=["All cases of the month, from received to decided"])
    source: Maybe[Name] = Field(None, examples=["The case system's monthly extract"])

    def value(self) -> MeasurementPlan:
        return MeasurementPlan(
            frequency=self.frequency,
            first_on=self.first_on,
            until=self.until,
            measurer=None if self.measurer is None else self.measurer.value(),
            method=self.method,
            source=self.source,
        )


class PointShape(In):
    """A share of the way (1 is all of it) that is planned to be done on a day."""

    day: Day = Field(examples=["2027-06-30"])
    share: Quantity = Field(examples=["0.4"])


class TrajectoryShape(In):
    """The planned way from the baseline, on the day that the effect begins, to the target on its day."""

    starts_on: Day = Field(examples=["2027-01-01"])
    target_on: Day = Field(examples=["2028-12-31"])
    curve: Curve = Curve.LINEAR
    points: list[PointShape] = Field(
        default=[], max_length=200, description="For the curve `points`: from share 0 to share 1."
    )

    def value(self) -> Trajectory:
        points = tuple(Point(point.day, point.share) for point in self.points)
        return Trajectory(self.starts_on, self.target_on, self.curve, points)


UnitOfMeasure = Annotated[
    Name,
    Field(
        description=(
            "count, money, percent, hours, fte, days, score, yes-no (1 is yes, 0 is no), or one of your own."
        ),
        examples=["minutes"],
    ),
]
