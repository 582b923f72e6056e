"""What waits to be done, on the wire: years to verify and measurements to take (G3, B6)."""

from pydantic import Field

from gevinst_benefits.schemas.benefits import EstimateOut, Kind, OwnerShape
from gevinst_benefits.schemas.measurement_plans import UnitOfMeasure
from gevinst_benefits.schemas.quantities import Total
from gevinst_shared.web.shapes import Day, Id, Maybe, Name, Out, Prose, Year


class WaitingOut(Out):
    """A year of a confirmed benefit that has ended and that no controller has verified."""

    benefit_id: Id
    year: Year
    project_id: Id
    name: Name
    kind: Kind
    owner: OwnerShape
    estimate: EstimateOut
    planned: Maybe[Total] = Field(
        None,
        description="What the year was planned to give, in the unit of the estimate, as the dates it hangs "
        "on are now (B9); absent while nobody knows them.",
    )


class WaitingPageOut(Out):
    """Years to verify, the oldest first; a page at a time."""

    items: list[WaitingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class MeasurementDueOut(Out):
    """A due day that no measurement has met; of those that have passed, only an indicator's last one."""

    indicator_id: Id
    due_on: Day
    is_overdue: bool
    name: Name
    unit_of_measure: UnitOfMeasure
    method: Maybe[Prose] = None
    source: Maybe[Name] = None
    benefit_id: Id
    project_id: Id
    responsible: OwnerShape = Field(description="Who measures: the plan's measurer, else the owner.")


class MeasurementDuePageOut(Out):
    """Due days, the earliest first; a page at a time."""

    items: list[MeasurementDueOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
