"""Portfolios in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import Threshold
from gevinst_portfolio.tables.projects import portfolio
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Unknown


def portfolio_document(c: Columns) -> ColumnElement[Any]:
    """`PortfolioOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        name=c.name,
        currency=c.currency,
        price_year=c.price_year,
        threshold_cost=money(c.threshold_cost_minor, c.currency, c.price_year),
        threshold_months=c.threshold_months,
        threshold_shared_resources=c.threshold_shared_resources,
        threshold_may_be_overruled=c.threshold_may_be_overruled,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    portfolio,
    portfolio_document,
    filters={},
    sorts={"id": portfolio.c.id, "name": portfolio.c.name},
)
RECORDS = Records(
    outbox,
    portfolio,
    portfolio_document,
    changeable=(
        "name",
        "threshold_cost_minor",
        "threshold_months",
        "threshold_shared_resources",
        "threshold_may_be_overruled",
    ),
)
_ROW = Query(select(portfolio).where(portfolio.c.id == bindparam("id")))
_HOLD = Query(select(portfolio.c.id).where(portfolio.c.id == bindparam("id")).with_for_update(key_share=True))


async def get_portfolio(connection: Connection, portfolio_id: UUID) -> Portfolio:
    """The portfolio, or `Unknown`."""
    row = await _ROW.find(connection, id=portfolio_id)
    if row is None:
        raise Unknown
    limit = row["threshold_cost_minor"]
    cost = None if limit is None else Money.from_minor(limit, row["currency"], row["price_year"])
    threshold = Threshold(cost, row["threshold_months"], row["threshold_shared_resources"])
    may_be_overruled = row["threshold_may_be_overruled"]
    return Portfolio(row["id"], row["name"], row["currency"], row["price_year"], threshold, may_be_overruled)


async def hold(connection: Connection, portfolio_id: UUID) -> None:
    """Until the end of the transaction nobody else holds the portfolio; `Unknown` when there is none."""
    if await _HOLD.value(connection, id=portfolio_id) is None:
        raise Unknown
