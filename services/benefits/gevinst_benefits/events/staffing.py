"""Facts of units' staff (B12)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class StaffingRecorded(Fact):
    """How many people the unit has, by year; `years` has `year`, `fte` and `hours_per_fte`, as text."""

    type: ClassVar[str] = "gevinst.benefits.staffing-recorded.v1"
    unit_id: UUID
    years: tuple[dict[str, str | int], ...]
