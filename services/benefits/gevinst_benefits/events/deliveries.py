"""Facts of deliveries, and of the benefits that moved with them or with their project (B9)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_benefits.events.benefits import OfBenefit
from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfDelivery(Fact):
    """What every fact of a delivery tells of it."""

    project_id: UUID
    delivery_id: UUID
    name: str
    due_on: date
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class DeliveryPlanned(OfDelivery):
    type: ClassVar[str] = "gevinst.benefits.delivery-planned.v1"


@dataclass(frozen=True, slots=True)
class DeliveryChanged(OfDelivery):
    type: ClassVar[str] = "gevinst.benefits.delivery-changed.v1"


@dataclass(frozen=True, slots=True)
class BenefitMovedInTime(OfBenefit):
    """The day that the benefit hangs on has moved, in a project that was decided.

    `years` are the planned amounts that differ, as text, in `unit`: a currency at its price year, or the
    unit of measure. Who owns the benefit and who controls it are concerned.
    """

    type: ClassVar[str] = "gevinst.benefits.benefit-moved-in-time.v1"
    project_name: str
    unit: str
    years: tuple[dict[str, str | int], ...]
    starts_before: date | None = None
    starts_after: date | None = None
