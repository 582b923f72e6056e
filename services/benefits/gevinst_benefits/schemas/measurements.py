"""Measurements on the wire: one by one, many at once, and as series (B6)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.measuring.readings import Reading
from gevinst_benefits.schemas.quantities import Quantity, Weight
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose

Count = Annotated[int, Field(ge=0, le=10_000)]
MOST_ROWS = 10_000


class MeasurementIn(In):
    """A measurement, or a correction of one. Nothing is overwritten."""

    taken_on: Day
    value: Quantity = Field(examples=["31"])
    unit_id: Maybe[Id] = Field(None, description="For an indicator that is measured in units.")
    weight: Maybe[Weight] = Field(
        None, description="What stands behind the value, for a weighted mean.", examples=["120"]
    )
    source: Maybe[Name] = Field(None, description="Where the value comes from.", examples=["Case system"])
    corrects_id: Maybe[Id] = Field(None, description="The measurement that this one replaces.")
    reason: Maybe[Prose] = Field(None, description="Why it is corrected; needed then.")

    def reading(self) -> Reading:
        return Reading(
            self.taken_on,
            self.value,
            self.corrects_id,
            self.reason,
            self.unit_id,
            self.weight,
            self.source,
        )


class MeasurementBatchIn(In):
    """Many measurements of one indicator, in any order."""

    measurements: list[MeasurementIn] = Field(min_length=1, max_length=MOST_ROWS)

    def readings(self) -> list[Reading]:
        return [one.reading() for one in self.measurements]


class MeasurementBatchOut(Out):
    """What became of the rows. Those that were on record already, value and all, are left as they are."""

    recorded_count: Count
    corrected_count: Count = Field(description="Of those recorded.")
    unchanged_count: Count


class MeasurementOut(Out):
    """A measurement as it was recorded."""

    id: Id
    organisation: Organisation
    indicator_id: Id
    taken_on: Day
    value: Quantity
    unit_id: Maybe[Id] = None
    weight: Maybe[Quantity] = None
    source: Maybe[Name] = None
    corrects_id: Maybe[Id] = None
    reason: Maybe[Prose] = None
    is_corrected: bool
    measured_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class MeasurementPageOut(Out):
    """Measurements, a page at a time."""

    items: list[MeasurementOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
