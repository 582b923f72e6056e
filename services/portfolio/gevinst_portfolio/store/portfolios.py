"""Portfolios in the database."""

from uuid import UUID

from sqlalchemy import bindparam, select

from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import Threshold
from gevinst_portfolio.tables import portfolio
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Unknown

_ROW = Query(select(portfolio).where(portfolio.c.id == bindparam("id")))


async def get_portfolio(connection: Connection, portfolio_id: UUID) -> Portfolio:
    """The portfolio, or `Unknown`."""
    row = await _ROW.find(connection, id=portfolio_id)
    if row is None:
        raise Unknown
    limit = row["threshold_cost_minor"]
    cost = None if limit is None else Money.from_minor(limit, row["currency"], row["price_year"])
    threshold = Threshold(cost, row["threshold_months"], row["threshold_shared_resources"])
    return Portfolio(row["id"], row["name"], row["currency"], row["price_year"], threshold)
