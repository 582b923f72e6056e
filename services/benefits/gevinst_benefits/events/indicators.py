"""Facts of indicators and measurements (B5, B6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class IndicatorAdded(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-added.v1"
    indicator_id: UUID
    benefit_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class IndicatorChanged(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-changed.v1"
    indicator_id: UUID
    benefit_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class IndicatorMeasured(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-measured.v1"
    indicator_id: UUID
    benefit_id: UUID
    measurement_id: UUID
    taken_on: date
    value: Decimal
    corrects_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MeasurementsRecorded(Fact):
    """Many measurements of one indicator at once."""

    type: ClassVar[str] = "gevinst.benefits.measurements-recorded.v1"
    indicator_id: UUID
    benefit_id: UUID
    count: int
    corrected_count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class BaselineSet(Fact):
    type: ClassVar[str] = "gevinst.benefits.baseline-set.v1"
    indicator_id: UUID
    benefit_id: UUID
    baseline_id: UUID
    value: Decimal
    measured_on: date | None = None
    replaces_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LightOverruled(Fact):
    """B7: a person says another colour than the figures; without a colour, what was said is taken back."""

    type: ClassVar[str] = "gevinst.benefits.light-overruled.v1"
    indicator_id: UUID
    benefit_id: UUID
    overruled_by: str
    until: date
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class MeasurementOverdue(Fact):
    """B6: a due day has passed without a measurement; told once for each due day."""

    type: ClassVar[str] = "gevinst.benefits.measurement-overdue.v1"
    project_id: UUID
    benefit_id: UUID
    indicator_id: UUID
    name: str
    due_on: date
    role: str
    unit_id: UUID
