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
