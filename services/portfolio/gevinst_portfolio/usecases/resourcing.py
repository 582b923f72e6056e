"""Shared roles and units' capacity for change, and who takes of them (P3, P4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.capacity import (
    Load,
    Resource,
    ResourceKind,
    Taker,
    loads,
    refuse_odd_resource,
)
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.events import ResourceChanged
from gevinst_portfolio.store import portfolios, resources
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


@dataclass(frozen=True, slots=True)
class LoadedResource:
    resource: Resource
    loads: Sequence[Load]


@dataclass(frozen=True, slots=True)
class PortfolioLoad:
    """`unplaced` are projects that take of a resource but have no start: their load falls nowhere yet."""

    resources: Sequence[LoadedResource]
    unplaced: Sequence[Taker]


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


async def get_load(work: Work, portfolio_id: UUID) -> PortfolioLoad:
    """Every resource that the portfolio takes of, quarter by quarter, with all who take of it.

    Other portfolios' projects count as well: people and units are shared (P4).
    """
    await portfolios.get_portfolio(work.connection, portfolio_id)
    needed = await resources.list_needed(work.connection, portfolio_id)
    takers = await resources.list_takers(work.connection)
    ids = {resource.id for resource in needed}
    unplaced = [
        taker for taker in takers if taker.start is None and ids & {need.resource_id for need in taker.needs}
    ]
    return PortfolioLoad([LoadedResource(each, loads(each, takers)) for each in needed], unplaced)


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
