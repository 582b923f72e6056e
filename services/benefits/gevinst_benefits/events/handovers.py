"""Facts of handovers (G9) and effect reviews (G10)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfHandover(Fact):
    """What every fact of a handover tells of it."""

    project_id: UUID
    project_name: str
    handover_id: UUID
    receiving_unit_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class HandoverOpened(OfHandover):
    type: ClassVar[str] = "gevinst.benefits.handover-opened.v1"


@dataclass(frozen=True, slots=True)
class HandoverChanged(OfHandover):
    type: ClassVar[str] = "gevinst.benefits.handover-changed.v1"


@dataclass(frozen=True, slots=True)
class HandoverOffered(OfHandover):
    type: ClassVar[str] = "gevinst.benefits.handover-offered.v1"


@dataclass(frozen=True, slots=True)
class HandoverAccepted(OfHandover):
    type: ClassVar[str] = "gevinst.benefits.handover-accepted.v1"


@dataclass(frozen=True, slots=True)
class HandoverRefused(OfHandover):
    type: ClassVar[str] = "gevinst.benefits.handover-refused.v1"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandoverCalledOff(OfHandover):
    type: ClassVar[str] = "gevinst.benefits.handover-called-off.v1"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OfEffectReview(Fact):
    """What every fact of an effect review tells of it."""

    project_id: UUID
    project_name: str
    review_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class EffectReviewScheduled(OfEffectReview):
    type: ClassVar[str] = "gevinst.benefits.effect-review-scheduled.v1"


@dataclass(frozen=True, slots=True)
class EffectReviewDue(OfEffectReview):
    type: ClassVar[str] = "gevinst.benefits.effect-review-due.v1"


@dataclass(frozen=True, slots=True)
class EffectReviewHeld(OfEffectReview):
    type: ClassVar[str] = "gevinst.benefits.effect-review-held.v1"
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EffectReviewCalledOff(OfEffectReview):
    type: ClassVar[str] = "gevinst.benefits.effect-review-called-off.v1"
