"""Indicators and their baselines on the wire (B5, B6)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.measuring.indicators import Direction, IndicatorState
from gevinst_benefits.schemas.measurement_plans import (
    AggregationShape,
    PlanShape,
    TrajectoryShape,
    UnitOfMeasure,
)
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_benefits.usecases.indicating import BaselineDraft, IndicatorDraft
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class IndicatorIn(In):
    """What shows that the benefit is there, and what its owner will do about it."""

    name: Name = Field(examples=["Minutes per application"])
    unit_of_measure: UnitOfMeasure
    direction: Direction
    baseline: Maybe[Quantity] = Field(
        None,
        description="Measured before any effect. Absent: not known (which is not zero), or as it was.",
        examples=["42"],
    )
    target: Quantity = Field(examples=["20"])
    action: Name = Field(
        description="What the owner does when it is off.", examples=["Move cases to the self-service form"]
    )
    act_at: Maybe[Quantity] = Field(
        None, description="The value from which on the owner acts.", examples=["35"]
    )
    aggregation: AggregationShape = Field(default_factory=AggregationShape)
    measured_in: list[Id] = Field(
        default=[],
        max_length=200,
        description="Units that are measured each by itself; empty: once for the whole.",
    )
    plan: PlanShape = Field(default_factory=PlanShape, description="Regular measuring.")
    due_on: list[Day] = Field(
        default=[], max_length=200, description="Single days by which a measurement must be taken."
    )
    trajectory: Maybe[TrajectoryShape] = Field(None, description="Absent: no way is planned.")
    reason: Maybe[Prose] = Field(
        None, description="Why there is a fourth indicator, or more (B5), or another baseline."
    )

    def draft(self) -> IndicatorDraft:
        return IndicatorDraft(
            name=self.name,
            unit_of_measure=self.unit_of_measure,
            direction=self.direction,
            target=self.target,
            action=self.action,
            baseline=self.baseline,
            act_at=self.act_at,
            due_on=tuple(self.due_on),
            aggregation=self.aggregation.value(),
            measured_in=tuple(self.measured_in),
            plan=self.plan.value(),
            trajectory=None if self.trajectory is None else self.trajectory.value(),
            reason=self.reason,
        )


class LatestOut(Out):
    """The newest measurement that no other corrects."""

    id: Id
    taken_on: Day
    value: Quantity


class ReadingOut(Out):
    """The newest measurement of one unit."""

    id: Id
    taken_on: Day
    value: Quantity
    unit_id: Id
    weight: Maybe[Quantity] = None


# Means of measurements have six decimals, and sums of them may be long.
LongQuantity = Annotated[
    str, Field(max_length=44, pattern=r"^-?[0-9]{1,36}(\.[0-9]{1,6})?$", examples=["43.5"])
]


class IndicatorOut(Out):
    """An indicator with its state today. The states of having nothing to show are not the same (B6)."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    name: Name
    unit_of_measure: UnitOfMeasure
    direction: Direction
    baseline: Maybe[Quantity] = None
    target: Quantity
    action: Name
    act_at: Maybe[Quantity] = None
    aggregation: AggregationShape
    measured_in: list[Id] = Field(max_length=200)
    plan: PlanShape
    due_on: list[Day] = Field(max_length=200, description="Single days.")
    due_days: list[Day] = Field(max_length=600, description="All days, those of the plan included.")
    trajectory: Maybe[TrajectoryShape] = None
    reason: Maybe[Prose] = None
    state: IndicatorState
    latest: Maybe[LatestOut] = None
    readings: Maybe[list[ReadingOut]] = Field(
        None, max_length=200, description="Of each unit measured in, when there are units."
    )
    value: Maybe[LongQuantity] = Field(
        None, description="What it says now; absent until every unit is measured.", examples=["31"]
    )
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


class BaselineIn(In):
    """A baseline as it was measured. An earlier one stays beside it."""

    value: Quantity = Field(examples=["42"])
    measured_on: Day = Field(description="Before any effect: no later than the first measurement.")
    method: Maybe[Prose] = None
    measured_by: Maybe[Name] = Field(None, description="Who measured it.", examples=["The archive"])
    reason: Maybe[Prose] = Field(None, description="Why there is another one; needed then.")

    def draft(self) -> BaselineDraft:
        return BaselineDraft(self.value, self.measured_on, self.method, self.measured_by, self.reason)


class BaselineOut(Out):
    """A baseline as it was recorded. One is in force: the one that is not replaced."""

    id: Id
    organisation: Organisation
    indicator_id: Id
    value: Quantity
    measured_on: Maybe[Day] = Field(None, description="Absent: nobody said when.")
    method: Maybe[Prose] = None
    measured_by: Maybe[Name] = None
    replaces_id: Maybe[Id] = None
    reason: Maybe[Prose] = None
    is_replaced: bool
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class BaselinePageOut(Out):
    """Baselines in the order they were recorded, a page at a time."""

    items: list[BaselineOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
