"""Deliveries of projects in the database (B9)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select

from gevinst_benefits.domain.plan.timing import Delivery
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records

# A project has a handful; what benefits hang on must stay readable at once.
MOST_DELIVERIES = 100


def delivery_document(c: Columns) -> ColumnElement[Any]:
    """`DeliveryOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        name=c.name,
        due_on=c.due_on,
        gate=c.gate,
        delivered_on=c.delivered_on,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, delivery, delivery_document, changeable=("name", "due_on", "gate", "delivered_on"))
LISTING = Listing(
    delivery,
    delivery_document,
    filters={"project": delivery.c.project_id},
    sorts={"day": func.coalesce(delivery.c.delivered_on, delivery.c.due_on), "id": delivery.c.id},
)
_OF_PROJECT = Query(
    select(delivery).where(delivery.c.project_id == bindparam("project_id")).order_by(delivery.c.id)
)


async def rows_of_project(connection: Connection, project_id: UUID) -> list[dict[str, Any]]:
    """The project's deliveries by column."""
    return [dict(row) for row in await _OF_PROJECT.rows(connection, project_id=project_id)]


async def deliveries_of(connection: Connection, project_id: UUID) -> tuple[Delivery, ...]:
    """What the project's benefits can hang on."""
    return tuple(delivery_from(row) for row in await rows_of_project(connection, project_id))


def delivery_from(row: Mapping[str, Any]) -> Delivery:
    """The domain's delivery: on the day that it was there, or is expected."""
    return Delivery(row["id"], row["name"], row["delivered_on"] or row["due_on"])
