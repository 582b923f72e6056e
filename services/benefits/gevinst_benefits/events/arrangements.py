"""Facts of what an organisation arranges for itself: thresholds and tolerances (G11, B7)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class ToleranceSet(Fact):
    type: ClassVar[str] = "gevinst.benefits.tolerance-set.v1"
    tolerance_id: UUID
    measure: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class ThresholdSet(Fact):
    type: ClassVar[str] = "gevinst.benefits.threshold-set.v1"
    threshold_id: UUID
    threshold: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class ThresholdExempted(Fact):
    type: ClassVar[str] = "gevinst.benefits.threshold-exempted.v1"
    exemption_id: UUID
    threshold: str
    valid_from: date
