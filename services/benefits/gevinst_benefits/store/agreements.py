"""Agreements with other bodies in the database (B11)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from gevinst_benefits.domain.plan.agreements import AgreementState, Entry
from gevinst_benefits.tables.agreements import agreement_entry
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def agreement_document(c: Columns) -> ColumnElement[Any]:
    """`AgreementEntryOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        body=c.body,
        body_name=c.body_name,
        state=c.state,
        happened_on=c.happened_on,
        share_kept=cast(func.trim_scale(c.share_kept), Text),
        counted=cast(func.trim_scale(c.counted), Text),
        in_transit=cast(func.trim_scale(c.in_transit), Text),
        agreement_id=c.agreement_id,
        reference=c.reference,
        note=c.note,
        recorded_by=c.recorded_by,
        created_at=moment(c.created_at),
    )


def latest_agreement(c: Columns) -> ColumnElement[Any]:
    """The newest entry of a benefit's agreement, or null."""
    entry = agreement_entry.alias("agreed")
    mine = (entry.c.organisation_id == c.organisation_id, entry.c.benefit_id == c.id)
    newest = select(agreement_document(entry.c)).where(*mine).order_by(entry.c.id.desc()).limit(1)
    return newest.scalar_subquery()


RECORDS = Records(outbox, agreement_entry, agreement_document, changeable=())
LISTING = Listing(
    agreement_entry,
    agreement_document,
    filters={"benefit": agreement_entry.c.benefit_id},
    sorts={"id": agreement_entry.c.id},
)
_OF_BENEFIT = Query(
    select(agreement_entry)
    .where(agreement_entry.c.benefit_id == bindparam("benefit_id"))
    .order_by(agreement_entry.c.id)
)
_NEWEST = Query(
    select(agreement_entry)
    .where(agreement_entry.c.benefit_id == bindparam("benefit_id"))
    .order_by(agreement_entry.c.id.desc())
    .limit(1)
)

_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_OF_BENEFITS = Query(
    select(agreement_entry.c.benefit_id, agreement_entry.c.counted)
    .where(agreement_entry.c.benefit_id == any_(_ids))
    .ext(distinct_on(agreement_entry.c.benefit_id))
    .order_by(agreement_entry.c.benefit_id, agreement_entry.c.id.desc())
)


async def newest_row(connection: Connection, benefit_id: UUID) -> dict[str, Any] | None:
    """The newest step of the benefit's agreement by column, or None."""
    row = await _NEWEST.find(connection, benefit_id=benefit_id)
    return None if row is None else dict(row)


async def entries_of(connection: Connection, benefit_id: UUID) -> list[Entry]:
    """The steps of the benefit's agreement, oldest first."""
    return [_entry(dict(row)) for row in await _OF_BENEFIT.rows(connection, benefit_id=benefit_id)]


async def own_shares(connection: Connection, benefit_ids: Sequence[UUID]) -> Mapping[UUID, Decimal]:
    """The part of each of the benefits that this organisation counts; one statement however many. All of it
    when no agreement was begun on it."""
    shares = dict.fromkeys(benefit_ids, Decimal(1))
    for row in await _OF_BENEFITS.rows(connection, ids=list(benefit_ids)):
        shares[row["benefit_id"]] = row["counted"]
    return shares


async def own_share(connection: Connection, benefit_id: UUID) -> Decimal:
    """The part of the benefit that this organisation counts."""
    return (await own_shares(connection, [benefit_id]))[benefit_id]


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(row["body"], AgreementState(row["state"]), row["happened_on"], row["share_kept"])
