"""Grants to partners in the database, and what they can be over."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, literal_column, select, update

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.shared import outbox
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records

grant, partner = sync.grant, sync.partner


def grant_document(c: Columns) -> ColumnElement[Any]:
    """`SyncGrantOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        partner_id=c.partner_id,
        kind=c.kind,
        record_id=c.record_id,
        fields=c.fields,
        purpose=c.purpose,
        until=c.until,
        given_by=c.given_by,
        given_at=moment(c.given_at),
        ended_by=c.ended_by,
        ended_at=moment(c.ended_at),
        revision=c.revision,
    )


GRANTS = Records(outbox, grant, grant_document, changeable=("ended_by", "ended_at"))
LISTING = Listing(
    grant,
    grant_document,
    filters={
        "partner": grant.c.partner_id,
        "record": grant.c.record_id,
        "is_open": lambda value: grant.c.ended_at.is_(None) == value,
    },
    sorts={"id": grant.c.id},
)
_COUNT = Query(
    update(partner)
    .where(partner.c.id == bindparam("partner_id", type_=Uuid))
    .values(grants_number=partner.c.grants_number + 1, revision=partner.c.revision + 1)
    .returning(partner.c.grants_number)
)
_HAS = {
    kind.name: Query(
        select(literal_column("true"))
        .select_from(kind.source)
        .where(kind.record_id == bindparam("record_id", type_=Uuid))
    )
    for kind in KINDS
}


async def count_change(connection: Connection, partner_id: UUID) -> int:
    """One more change of grants to the partner, which is held; how many there were by now."""
    return int(await _COUNT.value(connection, partner_id=partner_id))


async def has_record(connection: Connection, kind: str, record_id: UUID) -> bool:
    return bool(await _HAS[kind].value(connection, record_id=record_id))
