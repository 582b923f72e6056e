"""The halves of agreements in the database, and what partners' halves said last (B11)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, Uuid, and_, bindparam, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.domain.plan.agreements import AgreementState
from gevinst_benefits.tables.agreements import agreement_offer, agreement_reply
from gevinst_benefits.tables.shared import outbox
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown

OFFER, REPLY = "agreement_offer", "agreement_reply"
_ACCEPTED = (AgreementState.ACCEPTED, AgreementState.SHARED, AgreementState.CONFIRMED)


def _partner(c: Columns, name: str) -> ColumnElement[Any]:
    mine = (sync.partner.c.organisation_id == c.organisation_id, sync.partner.c.id == c.partner_id)
    return select(sync.partner.c[name]).where(*mine).scalar_subquery()


def _is_missing(c: Columns) -> ColumnElement[bool]:
    """Accepted, with no benefit of ours: a restore has forgotten it."""
    return and_(c.benefit_id.is_(None), or_(*(c.state == state.value for state in _ACCEPTED)))


def _half_document(c: Columns, *, reply_at: str) -> ColumnElement[Any]:
    """`AgreementOut`, as PostgreSQL writes it; the receiver's part of the half stands at `reply_at`."""
    reply = c.half[reply_at]
    return document(
        id=c.id,
        organisation=c.organisation_id,
        partner_id=c.partner_id,
        body=_partner(c, "owner"),
        body_name=_partner(c, "name"),
        benefit_id=c.benefit_id,
        state=c.state,
        is_open=c.is_open,
        is_missing=_is_missing(c),
        figures=c.figures,
        share_kept=func.nullif(reply["share_kept"].astext, "0"),
        reason=reply["reason"].astext,
        revision=c.revision,
        created_at=moment(c.created_at),
        changed_at=moment(c.changed_at),
    )


def offer_document(c: Columns) -> ColumnElement[Any]:
    return _half_document(c, reply_at="seen")


def reply_document(c: Columns) -> ColumnElement[Any]:
    return _half_document(c, reply_at="own")


_CHANGEABLE = ("benefit_id", "state", "is_open", "figures", "half", "changed_at")
TABLES: Mapping[str, Table] = {OFFER: agreement_offer, REPLY: agreement_reply}
RECORDS = {
    OFFER: Records(outbox, agreement_offer, offer_document, changeable=_CHANGEABLE),
    REPLY: Records(outbox, agreement_reply, reply_document, changeable=_CHANGEABLE),
}
LISTINGS = {
    name: Listing(
        table,
        offer_document if name == OFFER else reply_document,
        filters={
            "state": table.c.state,
            "partner": table.c.partner_id,
            "benefit": table.c.benefit_id,
            "missing": _is_missing(table.c),
        },
        sorts={"id": table.c.id},
    )
    for name, table in TABLES.items()
}
# What a half only learns, without anything that people see changing, is neither announced nor audited.
_LEARN = {
    name: Query(
        update(table)
        .where(table.c.id == bindparam("at_id", type_=Uuid))
        .values(half=bindparam("half", type_=JSONB))
    )
    for name, table in TABLES.items()
}
_FIND = {
    name: Query(select(table).where(table.c.id == bindparam("id")).with_for_update())
    for name, table in TABLES.items()
}
_OPEN = {
    name: Query(
        select(table).where(table.c.benefit_id == bindparam("benefit_id"), table.c.is_open).with_for_update()
    )
    for name, table in TABLES.items()
}
_of_stopped = select(sync.partner.c.id).where(
    sync.partner.c.owner == bindparam("owner"), sync.partner.c.state == "stopped"
)
_REBIND = [
    Query(
        update(table)
        .where(table.c.partner_id.in_(_of_stopped), *where)
        .values(partner_id=bindparam("new_partner_id", type_=Uuid), revision=table.c.revision + 1)
    )
    for table, *where in (
        (agreement_offer,),
        (agreement_reply,),
        (sync.grant, or_(sync.grant.c.kind == OFFER, sync.grant.c.kind == REPLY)),
    )
]
_ALL = {name: Query(select(table).order_by(table.c.id).with_for_update()) for name, table in TABLES.items()}
_PARTNER = Query(select(sync.partner).where(sync.partner.c.id == bindparam("id")))
_LETTER = Query(
    select(cast(sync.replica.c.body, Text).label("body")).where(
        sync.replica.c.partner_id == bindparam("partner_id"),
        sync.replica.c.kind == bindparam("kind"),
        sync.replica.c.record_id == bindparam("record_id"),
    )
)


async def find(connection: Connection, side: str, agreement_id: UUID) -> dict[str, Any] | None:
    """The half by column, held until the transaction ends."""
    row = await _FIND[side].find(connection, id=agreement_id)
    return None if row is None else dict(row)


async def find_open(connection: Connection, side: str, benefit_id: UUID) -> dict[str, Any] | None:
    """The only half on the benefit that has not ended, held until the transaction ends."""
    row = await _OPEN[side].find(connection, benefit_id=benefit_id)
    return None if row is None else dict(row)


async def all_of(connection: Connection, side: str) -> list[dict[str, Any]]:
    """Every half of the side, held until the transaction ends."""
    return [dict(row) for row in await _ALL[side].rows(connection)]


async def learn(connection: Connection, side: str, agreement_id: UUID, half: Any) -> None:  # noqa: ANN401
    """Keep a half of which only what it knows changed."""
    await _LEARN[side].run(connection, at_id=agreement_id, half=half)


async def get_partner(connection: Connection, partner_id: UUID) -> Mapping[str, Any]:
    """The other body, or `Unknown`."""
    row = await _PARTNER.find(connection, id=partner_id)
    if row is None:
        raise Unknown
    return dict(row)


async def rebind(connection: Connection, owner: str, partner_id: UUID) -> None:
    """Go on with the agreements of a body that was stopped, and is a partner under a new record now."""
    for query in _REBIND:
        await query.run(connection, owner=owner, new_partner_id=partner_id)


async def find_letter(connection: Connection, partner_id: UUID, kind: str, record_id: UUID) -> str | None:
    """What the partner said last of its half, as text; None when it says nothing (any more)."""
    row = await _LETTER.find(connection, partner_id=partner_id, kind=kind, record_id=record_id)
    return None if row is None else row["body"]
