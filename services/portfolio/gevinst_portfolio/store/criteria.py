"""The criteria models of portfolios in the database: versions that only grow in number (P6)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, DateTime, bindparam, func, insert, or_, select

from gevinst_portfolio.domain.criteria_models import EMPTY, CriteriaModel, Middle
from gevinst_portfolio.domain.scoring import Better, Criterion, Level
from gevinst_portfolio.tables.criteria import criteria_model
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def version_document(c: Columns) -> ColumnElement[Any]:
    """`CriteriaVersionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        version=c.version,
        name=c.name,
        criteria_count=func.jsonb_array_length(c.criteria),
        comparison_id=c.comparison_id,
        reason=c.reason,
        made_by=c.made_by,
        made_at=moment(c.made_at),
    )


LISTING = Listing(
    criteria_model,
    version_document,
    filters={"portfolio": criteria_model.c.portfolio_id},
    sorts={"version": criteria_model.c.version},
)
_OF_PORTFOLIO = select(criteria_model).where(criteria_model.c.portfolio_id == bindparam("portfolio_id"))
_ASOF = bindparam("asof", type_=DateTime(timezone=True))
_LAST = Query(
    _OF_PORTFOLIO.where(or_(_ASOF.is_(None), criteria_model.c.made_at < _ASOF))
    .order_by(criteria_model.c.version.desc())
    .limit(1)
)
_VERSION = Query(_OF_PORTFOLIO.where(criteria_model.c.version == bindparam("version")))
_ADD = Query(
    insert(criteria_model).values({column.name: bindparam(column.name) for column in criteria_model.columns})
)


async def get_model(
    connection: Connection, portfolio_id: UUID, asof: datetime | None = None
) -> CriteriaModel:
    """The model in force before a moment (None: now); version 0 where there is none."""
    row = await _LAST.find(connection, portfolio_id=portfolio_id, asof=asof)
    return EMPTY if row is None else _model(row)


async def get_version(connection: Connection, portfolio_id: UUID, version: int) -> CriteriaModel:
    """That version of the portfolio's model, or `Unknown`."""
    row = await _VERSION.find(connection, portfolio_id=portfolio_id, version=version)
    if row is None:
        raise Unknown
    return _model(row)


async def add_version(connection: Connection, values: Mapping[str, Any], model: CriteriaModel) -> None:
    """Write the version; `values` has the columns that the model has not."""
    await _ADD.run(
        connection,
        **values,
        version=model.version,
        name=model.name,
        middle=model.middle,
        criteria=[criterion_members(one) for one in model.criteria],
        comparison_id=model.comparison_id,
        reason=model.reason,
        made_by=model.made_by,
        made_at=model.made_at,
    )


def criterion_members(one: Criterion) -> dict[str, Any]:
    """The criterion as JSON; what it has not is absent."""
    found = {
        "id": str(one.id),
        "name": one.name,
        "description": one.description,
        "weight": one.weight,
        "scale_min": one.scale_min,
        "scale_max": one.scale_max,
        "better": one.better.value,
        "levels": [
            {"name": level.name, "value": level.value}
            | ({} if level.description is None else {"description": level.description})
            for level in one.levels
        ],
        "scale_since": one.scale_since,
    }
    return {name: value for name, value in found.items() if value is not None}


def _model(row: asyncpg.Record) -> CriteriaModel:
    return CriteriaModel(
        version=row["version"],
        name=row["name"],
        middle=Middle(row["middle"]),
        criteria=tuple(_criterion(one) for one in json.loads(row["criteria"])),
        comparison_id=row["comparison_id"],
        reason=row["reason"],
        made_by=row["made_by"],
        made_at=row["made_at"],
    )


def _criterion(said: Mapping[str, Any]) -> Criterion:
    return Criterion(
        id=UUID(said["id"]),
        name=said["name"],
        weight=said["weight"],
        scale_min=said["scale_min"],
        scale_max=said["scale_max"],
        better=Better(said["better"]),
        levels=tuple(
            Level(level["name"], level["value"], level.get("description")) for level in said["levels"]
        ),
        description=said.get("description"),
        scale_since=said["scale_since"],
    )
