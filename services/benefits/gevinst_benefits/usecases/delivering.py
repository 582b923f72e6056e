"""Deliveries of a project: what its benefits can hang on, moved when they slip (B9)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import STEER
from gevinst_benefits.domain.plan.deliveries import DeliveredInFuture
from gevinst_benefits.domain.plan.plan_limits import refuse_too_many
from gevinst_benefits.domain.plan.timing import Delivery
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.deliveries import DeliveryChanged, DeliveryPlanned, OfDelivery
from gevinst_benefits.store import deliveries
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases.moving_in_time import announce_moves
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """What is to be delivered by when; `gate` is the gate whose go means that it is there."""

    name: str
    due_on: date
    gate: str | None = None
    delivered_on: date | None = None
    reason: str | None = None


async def add_delivery(work: Work, project_id: UUID, draft: DeliveryDraft) -> tuple[UUID, Stored]:
    """Name a delivery of the project; its id and record."""
    project = await get_project(work.connection, project_id)
    work.require(STEER, project.place())
    _refuse_early(work, draft)
    rows = await deliveries.rows_of_project(work.connection, project_id)
    refuse_too_many(len(rows), most=deliveries.MOST_DELIVERIES)
    values = _columns(new_id(), project_id, draft)
    record = _record(work, DeliveryPlanned, values, draft.reason)
    created = {"created_by": work.actor.subject, "created_at": work.now}
    return values["id"], await deliveries.RECORDS.add(work.connection, {**values, **created}, record)


async def change_delivery(
    work: Work, delivery_id: UUID, draft: DeliveryDraft, *, expected: int
) -> Stored | None:
    """Change the delivery, with the benefits that hang on it; None when it changed meanwhile."""
    row = await deliveries.RECORDS.row(work.connection, delivery_id, for_change=True)
    project = await get_project(work.connection, row["project_id"])
    work.require(STEER, project.place())
    _refuse_early(work, draft)
    before = await _with_deliveries(work, project)
    values = _columns(delivery_id, project.id, draft)
    record = _record(work, DeliveryChanged, values, draft.reason)
    stored = await deliveries.RECORDS.change(work.connection, values, record, expected=expected)
    if stored is not None:
        await announce_moves(work, before, await _with_deliveries(work, project))
    return stored


async def gate_passed(work: Work, project_id: UUID, gate: str) -> None:
    """Deliveries that wait for this gate are there as of today, unless somebody has said when they were."""
    rows = await deliveries.rows_of_project(work.connection, project_id)
    waiting = [row for row in rows if row["gate"] == gate and row["delivered_on"] is None]
    if not waiting:
        return
    before = await _with_deliveries(work, await get_project(work.connection, project_id))
    for row in waiting:
        values = {**row, "delivered_on": work.today}
        record = _record(work, DeliveryChanged, values, None)
        await deliveries.RECORDS.change(work.connection, values, record, expected=None)
    await announce_moves(work, before, await _with_deliveries(work, before))


async def _with_deliveries(work: Work, project: Project) -> Project:
    found: tuple[Delivery, ...] = await deliveries.deliveries_of(work.connection, project.id)
    return replace(project, deliveries=found)


def _refuse_early(work: Work, draft: DeliveryDraft) -> None:
    if draft.delivered_on is not None and draft.delivered_on > work.today:
        raise DeliveredInFuture(day=draft.delivered_on, pointer="/body/delivered_on")


def _record(work: Work, kind: type[OfDelivery], values: dict[str, Any], reason: str | None) -> dict[str, Any]:
    fact = kind(
        project_id=values["project_id"],
        delivery_id=values["id"],
        name=values["name"],
        due_on=values["due_on"],
        delivered_on=values["delivered_on"],
    )
    return recorded(work, fact, subject=subject_of("deliveries", values["id"]), reason=reason)


def _columns(delivery_id: UUID, project_id: UUID, draft: DeliveryDraft) -> dict[str, Any]:
    return {
        "id": delivery_id,
        "project_id": project_id,
        "name": draft.name,
        "due_on": draft.due_on,
        "gate": draft.gate,
        "delivered_on": draft.delivered_on,
    }
