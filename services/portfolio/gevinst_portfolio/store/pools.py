"""Pools and their rounds in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.domain.pools import Pool
from gevinst_portfolio.tables.pools import pool, pool_round
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def pool_document(c: Columns) -> ColumnElement[Any]:
    """`PoolOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        name=c.name,
        currency=c.currency,
        price_year=c.price_year,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def in_pool_money(minor: ColumnElement[Any], c: Columns) -> ColumnElement[Any]:
    """An amount in the money of the row's pool."""
    owner = pool.alias("owner")
    return (
        select(money(minor, owner.c.currency, owner.c.price_year))
        .where(owner.c.organisation_id == c.organisation_id, owner.c.id == c.pool_id)
        .correlate_except(owner)
        .scalar_subquery()
    )


def round_document(c: Columns) -> ColumnElement[Any]:
    """`RoundOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        pool_id=c.pool_id,
        name=c.name,
        opens_on=c.opens_on,
        closes_on=c.closes_on,
        criteria=c.criteria,
        ceiling=in_pool_money(c.ceiling_minor, c),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(pool, pool_document, filters={"portfolio": pool.c.portfolio_id}, sorts={"id": pool.c.id})
ROUNDS = Listing(
    pool_round,
    round_document,
    filters={"pool": pool_round.c.pool_id},
    sorts={"id": pool_round.c.id},
)
RECORDS = Records(outbox, pool, pool_document, changeable=())
ROUND_RECORDS = Records(
    outbox,
    pool_round,
    round_document,
    changeable=("name", "opens_on", "closes_on", "criteria", "ceiling_minor"),
)
_ROW = Query(select(pool).where(pool.c.id == bindparam("id")))
# Every posting waits here for the one before it: after this statement nobody else's can come in between.
_HOLD = Query(select(pool).where(pool.c.id == bindparam("id")).with_for_update(key_share=True))
_ROUND = Query(select(pool_round).where(pool_round.c.id == bindparam("id")))


async def get_pool(connection: Connection, pool_id: UUID) -> Pool:
    """The pool, or `Unknown`."""
    return _pool(await _ROW.find(connection, id=pool_id))


async def hold_pool(connection: Connection, pool_id: UUID) -> Pool:
    """The pool, to which nobody else posts before this transaction ends; or `Unknown`."""
    return _pool(await _HOLD.find(connection, id=pool_id))


async def get_round(connection: Connection, round_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's row
    """The round's row, or `Unknown`."""
    row = await _ROUND.find(connection, id=round_id)
    if row is None:
        raise Unknown
    return row


def _pool(row: Any) -> Pool:  # noqa: ANN401 - asyncpg's row
    if row is None:
        raise Unknown
    return Pool(row["id"], row["portfolio_id"], row["name"], row["currency"], row["price_year"])
