"""Facts of indicators and measurements (B5, B6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfIndicator(Fact):
    """`role` in `unit_id` measures it, by `next_due_on`: the first due day that no measurement has met."""

    project_id: UUID
    indicator_id: UUID
    benefit_id: UUID
    name: str
    role: str
    unit_id: UUID
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class IndicatorAdded(OfIndicator):
    type: ClassVar[str] = "gevinst.benefits.indicator-added.v1"


@dataclass(frozen=True, slots=True)
class IndicatorChanged(OfIndicator):
    type: ClassVar[str] = "gevinst.benefits.indicator-changed.v1"


@dataclass(frozen=True, slots=True)
class IndicatorMeasured(Fact):
    type: ClassVar[str] = "gevinst.benefits.indicator-measured.v1"
    indicator_id: UUID
    benefit_id: UUID
    measurement_id: UUID
    taken_on: date
    value: Decimal
    corrects_id: UUID | None = None
    next_due_on: date | None = None


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
    next_due_on: date | None = None


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
class OfLight(Fact):
    """What a fact tells of what a person says instead of the figures, until and with a day (B7).

    `owner_unit_id` is the unit that the benefit falls in.
    """

    project_id: UUID
    indicator_id: UUID
    benefit_id: UUID
    benefit_name: str
    indicator_name: str
    owner_unit_id: UUID
    overruled_by: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LightOverruled(OfLight):
    """A person says another colour than the figures."""

    type: ClassVar[str] = "gevinst.benefits.light-overruled.v1"
    colour: str


@dataclass(frozen=True, slots=True)
class LightRestored(OfLight):
    """What a person said is taken back: the figures say it again."""

    type: ClassVar[str] = "gevinst.benefits.light-restored.v1"


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


@dataclass(frozen=True, slots=True)
class BenefitOffCurve(Fact):
    """B7: the benefit is behind its curve, or further behind, by what was measured or because time went by.

    `colour` is that of the light: yellow, red, or none when the way is over and nothing was ever measured.
    """

    type: ClassVar[str] = "gevinst.benefits.benefit-off-curve.v1"
    project_id: UUID
    benefit_id: UUID
    indicator_id: UUID
    benefit_name: str
    indicator_name: str
    owner_role: str
    owner_unit_id: UUID
    colour: str
    cause: str
