"""Shared resources in the database, and what takes of them (P4)."""

import json
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.types import Uuid

from gevinst_portfolio.domain.capacity import Resource, ResourceKind, Taker
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.store.plan_inputs import needs_of
from gevinst_portfolio.tables.capacity import resource
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def resource_document(c: Columns) -> ColumnElement[Any]:
    """`ResourceOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        name=c.name,
        kind=c.kind,
        unit_id=c.unit_id,
        measure=c.measure,
        capacity=c.capacity,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(
    outbox, resource, resource_document, changeable=("name", "kind", "unit_id", "measure", "capacity")
)
LISTING = Listing(
    resource,
    resource_document,
    filters={"kind": resource.c.kind, "unit": resource.c.unit_id},
    sorts={"id": resource.c.id, "name": resource.c.name},
)
_ROW = Query(select(resource).where(resource.c.id == bindparam("id")))
_IS_TAKING = project.c.status.in_([literal_column("'approved'"), literal_column("'running'")])
_ALL = Query(select(resource).order_by(resource.c.name))
# Resources are shared: projects of other portfolios take of them too.
_TAKERS = Query(
    select(project.c.id, project.c.name, project.c.start, project.c.needs, project.c.waves, project.c.status)
    .where(
        project.c.portfolio_id != bindparam("portfolio_id", type_=Uuid),
        _IS_TAKING,
        func.jsonb_array_length(project.c.needs) + func.jsonb_array_length(project.c.waves) > 0,
    )
    .order_by(project.c.id)
)


async def get_row(connection: Connection, resource_id: UUID) -> asyncpg.Record:
    """The resource's row, or `Unknown`."""
    row = await _ROW.find(connection, id=resource_id)
    if row is None:
        raise Unknown
    return row


async def list_resources(connection: Connection) -> list[Resource]:
    """Every shared resource of the organisation, by name."""
    return [_resource(row) for row in await _ALL.rows(connection)]


async def list_takers_elsewhere(connection: Connection, portfolio_id: UUID) -> list[Taker]:
    """Approved and running projects of the other portfolios that take of shared resources."""
    return [_taker(row) for row in await _TAKERS.rows(connection, portfolio_id=portfolio_id)]


def _resource(row: asyncpg.Record) -> Resource:
    capacity = {
        Quarter.at(each["year"], each["quarter"]): each["amount"] for each in json.loads(row["capacity"])
    }
    return Resource(
        row["id"], row["name"], ResourceKind(row["kind"]), row["measure"], capacity, row["unit_id"]
    )


def _taker(row: asyncpg.Record) -> Taker:
    return Taker(row["id"], row["name"], row["start"], needs_of(row), ProjectStatus(row["status"]))
