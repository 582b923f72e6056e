"""Applications to pools in the database."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select

from gevinst_portfolio.store.pools import in_pool_money
from gevinst_portfolio.tables.pools import pool_application, pool_award
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def application_document(c: Columns) -> ColumnElement[Any]:
    """`PoolApplicationOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        pool_id=c.pool_id,
        round_id=c.round_id,
        project_id=c.project_id,
        kind=c.kind,
        amount=in_pool_money(c.amount_minor, c),
        purpose=c.purpose,
        drawdowns=c.drawdowns,
        repayments=c.repayments,
        state=c.state,
        applied_by=c.applied_by,
        applied_at=moment(c.applied_at),
        assessment=c.assessment,
        recommendation=c.recommendation,
        assessed_by=c.assessed_by,
        assessed_at=moment(c.assessed_at),
        decision_reason=c.decision_reason,
        decided_by=c.decided_by,
        decided_on=c.decided_on,
        revision=c.revision,
    )


LISTING = Listing(
    pool_application,
    application_document,
    filters={
        "pool": pool_application.c.pool_id,
        "round": pool_application.c.round_id,
        "project": pool_application.c.project_id,
        "state": pool_application.c.state,
    },
    sorts={"id": pool_application.c.id},
)
RECORDS = Records(
    outbox,
    pool_application,
    application_document,
    changeable=(
        "state",
        "assessment",
        "recommendation",
        "assessed_by",
        "assessed_at",
        "decision_reason",
        "decided_by",
        "decided_on",
    ),
)
_ROW = Query(select(pool_application).where(pool_application.c.id == bindparam("id")))
_LOCK = Query(select(pool_application).where(pool_application.c.id == bindparam("id")).with_for_update())
_AWARDED = Query(
    select(func.coalesce(func.sum(pool_award.c.amount_minor), 0).cast(BigInteger))
    .join(
        pool_application,
        (pool_application.c.organisation_id == pool_award.c.organisation_id)
        & (pool_application.c.id == pool_award.c.application_id),
    )
    .where(pool_application.c.round_id == bindparam("round_id"))
)


async def get_row(connection: Connection, application_id: UUID) -> asyncpg.Record:
    """The application's row, or `Unknown`."""
    row = await _ROW.find(connection, id=application_id)
    if row is None:
        raise Unknown
    return row


async def lock(connection: Connection, application_id: UUID) -> asyncpg.Record:
    """The application, which nobody else changes before this transaction ends."""
    row = await _LOCK.find(connection, id=application_id)
    if row is None:
        raise Unknown
    return row


async def sum_awarded(connection: Connection, round_id: UUID) -> int:
    """What the round has given so far, in whole hundredths."""
    return int(await _AWARDED.value(connection, round_id=round_id))
