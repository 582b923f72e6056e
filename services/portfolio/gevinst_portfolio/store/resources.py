"""Shared resources in the database, and what takes of them (P4)."""

import json
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Uuid

from gevinst_portfolio.domain.capacity import Resource, ResourceKind, Taker
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.waves import wave_needs
from gevinst_portfolio.store.profiles import needs_from, waves_from
from gevinst_portfolio.store.records import Records
from gevinst_portfolio.tables.capacity import resource
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
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


RECORDS = Records(resource, resource_document, changeable=("name", "kind", "unit_id", "measure", "capacity"))
LISTING = Listing(
    resource,
    resource_document,
    filters={"kind": resource.c.kind, "unit": resource.c.unit_id},
    sorts={"id": resource.c.id, "name": resource.c.name},
)
_ROW = Query(select(resource).where(resource.c.id == bindparam("id")))
_IS_TAKING = project.c.status.in_([literal_column("'approved'"), literal_column("'running'")])
_needs_of_waves = func.jsonb_path_query_array(
    project.c.waves, literal_column("'$[*].needs[*]'::jsonpath"), type_=JSONB
)
_needs = project.c.needs.concat(_needs_of_waves)
_need = func.jsonb_array_elements(_needs).table_valued(column("value", JSONB), name="need")
_NEEDED = (
    select(func.jsonb_extract_path_text(_need.c.value, "resource_id").cast(Uuid))
    .select_from(project.join(_need, literal_column("true")))
    .where(project.c.portfolio_id == bindparam("portfolio_id"), _IS_TAKING)
)
_OF_PORTFOLIO = Query(select(resource).where(resource.c.id.in_(_NEEDED)).order_by(resource.c.name))
# Resources are shared: projects of other portfolios take of them too.
_TAKERS = Query(
    select(
        project.c.id,
        project.c.name,
        project.c.portfolio_id,
        project.c.start,
        project.c.needs,
        project.c.waves,
    )
    .where(
        _IS_TAKING, func.jsonb_array_length(project.c.needs) + func.jsonb_array_length(project.c.waves) > 0
    )
    .order_by(project.c.id)
)


async def get_row(connection: Connection, resource_id: UUID) -> asyncpg.Record:
    """The resource's row, or `Unknown`."""
    row = await _ROW.find(connection, id=resource_id)
    if row is None:
        raise Unknown
    return row


async def list_needed(connection: Connection, portfolio_id: UUID) -> list[Resource]:
    """The resources that the portfolio's approved and running projects take of, by name."""
    return [_resource(row) for row in await _OF_PORTFOLIO.rows(connection, portfolio_id=portfolio_id)]


async def list_takers(connection: Connection) -> list[Taker]:
    """Every approved or running project of the organisation that takes of shared resources."""
    return [_taker(row) for row in await _TAKERS.rows(connection)]


def _resource(row: asyncpg.Record) -> Resource:
    capacity = {
        Quarter.at(each["year"], each["quarter"]): each["amount"] for each in json.loads(row["capacity"])
    }
    return Resource(row["id"], row["name"], ResourceKind(row["kind"]), row["measure"], capacity)


def _taker(row: asyncpg.Record) -> Taker:
    # P12: each wave loads its units in its own quarters.
    needs = (*needs_from(row["needs"]), *wave_needs(waves_from(row["waves"])))
    return Taker(row["id"], row["name"], row["start"], needs)
