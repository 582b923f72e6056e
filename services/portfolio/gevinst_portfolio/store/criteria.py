"""Criteria of a portfolio in the database (P6)."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Float, bindparam, func, or_, select

from gevinst_portfolio.domain.scoring import Better, Criterion
from gevinst_portfolio.store.records import Records
from gevinst_portfolio.tables.criteria import criterion, score
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def criterion_document(c: Columns) -> ColumnElement[Any]:
    """`CriterionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        name=c.name,
        description=c.description,
        weight=c.weight,
        scale_min=c.scale_min,
        scale_max=c.scale_max,
        better=c.better,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(
    criterion,
    criterion_document,
    changeable=("name", "description", "weight", "scale_min", "scale_max", "better"),
)
LISTING = Listing(
    criterion,
    criterion_document,
    filters={"portfolio": criterion.c.portfolio_id},
    sorts={"id": criterion.c.id, "name": criterion.c.name},
)
_PORTFOLIO = Query(select(criterion.c.portfolio_id).where(criterion.c.id == bindparam("id")))
_MODEL = Query(
    select(criterion).where(criterion.c.portfolio_id == bindparam("portfolio_id")).order_by(criterion.c.id)
)
_OUTSIDE = Query(
    select(func.count())
    .select_from(score)
    .where(
        score.c.criterion_id == bindparam("id"),
        or_(
            score.c.value < bindparam("scale_min", type_=Float),
            score.c.value > bindparam("scale_max", type_=Float),
        ),
    )
)


async def get_portfolio_id(connection: Connection, criterion_id: UUID) -> UUID:
    """The portfolio that owns the criterion, or `Unknown`."""
    portfolio_id: UUID | None = await _PORTFOLIO.value(connection, id=criterion_id)
    if portfolio_id is None:
        raise Unknown
    return portfolio_id


async def list_model(connection: Connection, portfolio_id: UUID) -> list[Criterion]:
    """The portfolio's criteria in the order in which they were made."""
    return [_criterion(row) for row in await _MODEL.rows(connection, portfolio_id=portfolio_id)]


async def count_outside(
    connection: Connection, criterion_id: UUID, *, scale_min: float, scale_max: float
) -> int:
    """How many scores, current or past, lie outside the scale."""
    return int(await _OUTSIDE.value(connection, id=criterion_id, scale_min=scale_min, scale_max=scale_max))


def _criterion(row: asyncpg.Record) -> Criterion:
    return Criterion(
        id=row["id"],
        name=row["name"],
        weight=row["weight"],
        scale_min=row["scale_min"],
        scale_max=row["scale_max"],
        better=Better(row["better"]),
    )
