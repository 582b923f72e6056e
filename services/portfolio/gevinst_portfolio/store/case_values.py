"""What business cases came to, in the database: a read model of the benefits service's feed (C5, E2)."""

import json
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

import asyncpg
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from gevinst_portfolio.domain.case_values import CaseValue, percentiles_of
from gevinst_portfolio.tables.criteria import case_value
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_KNOWS = Query(select(project.c.id).where(project.c.id == bindparam("id")))
_ADD = Query(
    insert(case_value)
    .values({column.name: bindparam(column.name) for column in case_value.columns})
    .on_conflict_do_nothing()
)
_LAST = Query(
    select(case_value)
    .ext(distinct_on(case_value.c.project_id))
    .join(
        project,
        (project.c.organisation_id == case_value.c.organisation_id)
        & (project.c.id == case_value.c.project_id),
    )
    .where(project.c.portfolio_id == bindparam("portfolio_id"))
    .order_by(
        case_value.c.project_id,
        case_value.c.number.desc(),
        case_value.c.evaluated_at.desc(),
        case_value.c.id.desc(),
    )
)


async def knows_project(connection: Connection, project_id: UUID) -> bool:
    """Whether the project is in the organisation's register."""
    return await _KNOWS.value(connection, id=project_id) is not None


async def add_value(connection: Connection, organisation: str, event_id: UUID, value: CaseValue) -> None:
    """Keep what an event told; an event that is read again changes nothing."""
    await _ADD.run(
        connection,
        organisation_id=organisation,
        id=event_id,
        project_id=value.project_id,
        business_case_id=value.business_case_id,
        number=value.number,
        currency=value.currency,
        price_year=value.price_year,
        regime=value.regime,
        net_present_value=str(value.net_present_value),
        percentiles={str(percent): str(amount) for percent, amount in value.percentiles.items()},
        evaluated_at=value.evaluated_at,
    )


async def list_values(connection: Connection, portfolio_id: UUID) -> Mapping[UUID, CaseValue]:
    """By project of the portfolio: the last version of its business case."""
    rows = await _LAST.rows(connection, portfolio_id=portfolio_id)
    return {row["project_id"]: _value(row) for row in rows}


def _value(row: asyncpg.Record) -> CaseValue:
    return CaseValue(
        project_id=row["project_id"],
        business_case_id=row["business_case_id"],
        number=row["number"],
        currency=row["currency"],
        price_year=row["price_year"],
        regime=row["regime"],
        net_present_value=Decimal(row["net_present_value"]),
        percentiles=percentiles_of(json.loads(row["percentiles"])),
        evaluated_at=row["evaluated_at"],
    )
