"""Indicators and measurements on the wire (B5, B6)."""

from pydantic import Field

from gevinst_benefits.domain.indicators import Direction, IndicatorState
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_benefits.usecases.measuring import IndicatorDraft, Reading
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class IndicatorIn(In):
    """What shows that the benefit is there, and what its owner will do about it."""

    name: Name = Field(examples=["Minutes per application"])
    unit_of_measure: Name = Field(examples=["minutes"])
    direction: Direction
    baseline: Maybe[Quantity] = Field(
        None, description="Measured before any effect. Absent: not known, which is not zero.", examples=["42"]
    )
    target: Quantity = Field(examples=["20"])
    action: Name = Field(
        description="What the owner does when it is off.", examples=["Move cases to the self-service form"]
    )
    due_on: list[Day] = Field(
        default=[], max_length=200, description="Days by which a measurement must be taken."
    )
    reason: Maybe[Prose] = Field(None, description="Why there is a fourth indicator, or more (B5).")

    def draft(self) -> IndicatorDraft:
        return IndicatorDraft(**{**dict(self), "due_on": tuple(self.due_on)})


class LatestOut(Out):
    """The newest measurement that no other corrects."""

    id: Id
    taken_on: Day
    value: Quantity


class IndicatorOut(Out):
    """An indicator with its state today. The states of having nothing to show are not the same (B6)."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    name: Name
    unit_of_measure: Name
    direction: Direction
    baseline: Maybe[Quantity] = None
    target: Quantity
    action: Name
    due_on: list[Day] = Field(max_length=200)
    reason: Maybe[Prose] = None
    state: IndicatorState
    latest: Maybe[LatestOut] = None
    realised_share: Maybe[str] = Field(
        None,
        max_length=44,
        pattern=r"^-?[0-9]+(\.[0-9]{1,3})?$",
        description="Of the way from baseline to target; absent when it cannot be computed.",
        examples=["0.5"],
    )
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class IndicatorPageOut(Out):
    """Indicators, a page at a time."""

    items: list[IndicatorOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class MeasurementIn(In):
    """A measurement, or a correction of one. Nothing is overwritten."""

    taken_on: Day
    value: Quantity = Field(examples=["31"])
    corrects_id: Maybe[Id] = Field(None, description="The measurement that this one replaces.")
    reason: Maybe[Prose] = Field(None, description="Why it is corrected; needed then.")

    def reading(self) -> Reading:
        return Reading(self.taken_on, self.value, self.corrects_id, self.reason)


class MeasurementOut(Out):
    """A measurement as it was recorded."""

    id: Id
    organisation: Organisation
    indicator_id: Id
    taken_on: Day
    value: Quantity
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
