"""What the projects of a portfolio or programme come to, counted and summed by PostgreSQL."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, func, literal_column, select

from gevinst_portfolio.domain.projects import CURRENT
from gevinst_portfolio.tables.projects import portfolio, programme, project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.refusal import Unknown

_IS_CURRENT = project.c.status.in_([literal_column(f"'{status}'") for status in sorted(CURRENT)])


def _current(column: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What is known of the current projects together, and of how many of them it is not known."""
    unknown = func.count().filter(_IS_CURRENT, column.is_(None))
    return func.sum(column).filter(_IS_CURRENT), unknown


_COST, _COST_UNKNOWN = _current(project.c.cost_minor)
_BENEFIT, _BENEFIT_UNKNOWN = _current(project.c.benefit_minor)
_FIGURES = (
    func.count().filter(_IS_CURRENT).label("current"),
    _COST.label("cost_minor"),
    _COST_UNKNOWN.label("cost_unknown"),
    _BENEFIT.label("benefit_minor"),
    _BENEFIT_UNKNOWN.label("benefit_unknown"),
    func.min(project.c.start).filter(_IS_CURRENT).label("first_start"),
    func.max(project.c.end).filter(_IS_CURRENT).label("last_end"),
    func.count().filter(_IS_CURRENT, project.c.end.is_(None)).label("end_unknown"),
)
_PORTFOLIO = Query(
    select(portfolio.c.name, portfolio.c.currency, portfolio.c.price_year).where(
        portfolio.c.id == bindparam("id")
    )
)
_PROGRAMME = Query(
    select(programme.c.name, portfolio.c.currency, portfolio.c.price_year)
    .join(
        portfolio,
        (portfolio.c.organisation_id == programme.c.organisation_id)
        & (portfolio.c.id == programme.c.portfolio_id),
    )
    .where(programme.c.id == bindparam("id"))
)
_STATUSES = {
    place: Query(
        select(project.c.status, func.count().label("count"))
        .where(column == bindparam("id"))
        .group_by(project.c.status)
    )
    for place, column in (("portfolio", project.c.portfolio_id), ("programme", project.c.programme_id))
}
_SUMS = {
    place: Query(select(*_FIGURES).where(column == bindparam("id")))
    for place, column in (("portfolio", project.c.portfolio_id), ("programme", project.c.programme_id))
}
Rows = tuple[asyncpg.Record, list[asyncpg.Record], asyncpg.Record]


async def of_portfolio(connection: Connection, portfolio_id: UUID) -> Rows:
    """Its name and money, its projects by status, and what the current ones come to; or `Unknown`."""
    return await _found(connection, _PORTFOLIO, "portfolio", portfolio_id)


async def of_programme(connection: Connection, programme_id: UUID) -> Rows:
    """The same of a programme, in its portfolio's money."""
    return await _found(connection, _PROGRAMME, "programme", programme_id)


async def _found(connection: Connection, named: Query, place: str, place_id: UUID) -> Rows:
    name = await named.find(connection, id=place_id)
    if name is None:
        raise Unknown
    statuses = await _STATUSES[place].rows(connection, id=place_id)
    sums = await _SUMS[place].find(connection, id=place_id)
    assert sums is not None  # a sum over nothing is a row
    return name, statuses, sums
