"""Registering shared roles and units' capacity for change (P4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.capacity import (
    ResourceKind,
    refuse_odd_resource,
)
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.events.capacity import ResourceChanged
from gevinst_portfolio.store import resources
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is of a resource."""

    name: str
    kind: ResourceKind
    unit_id: UUID | None
    measure: str
    capacity: Sequence[tuple[Quarter, float]]


async def offer_resource(work: Work, offer: Offer) -> tuple[UUID, Stored]:
    """Register a resource with its capacity; its id and record."""
    resource_id = new_id()
    values, record = _written(work, resource_id, offer)
    return resource_id, await resources.RECORDS.add(
        work.connection, {**values, "created_at": work.now}, record
    )


async def change_resource(work: Work, resource_id: UUID, offer: Offer, *, expected: int) -> Stored | None:
    """Replace what there is of the resource; None when it changed meanwhile."""
    values, record = _written(work, resource_id, offer)
    return await resources.RECORDS.change(work.connection, values, record, expected=expected)


def _written(work: Work, resource_id: UUID, offer: Offer) -> tuple[dict[str, Any], dict[str, Any]]:
    work.require(ARRANGE, Place())
    refuse_odd_resource(offer.kind, offer.unit_id, [quarter for quarter, _ in offer.capacity])
    fact = ResourceChanged(resource_id=resource_id, name=offer.name, kind=offer.kind, unit_id=offer.unit_id)
    capacity = [
        {"year": quarter.year, "quarter": quarter.number, "amount": amount}
        for quarter, amount in sorted(offer.capacity)
    ]
    values = {
        "id": resource_id,
        "name": offer.name,
        "kind": offer.kind,
        "unit_id": offer.unit_id,
        "measure": offer.measure,
        "capacity": capacity,
    }
    return values, recorded(work, fact, subject=subject_of("resources", resource_id))
