"""The shares of savings that units keep, in the database: versions, only appended (M3)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.money.kept_shares import KeptShare
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.adjustments import kept_share
from gevinst_benefits.tables.projects import person
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def share_document(c: Columns) -> ColumnElement[Any]:
    """`KeptShareOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        unit_id=c.unit_id,
        number=c.number,
        from_year=c.from_year,
        share=decimal_text(c.share),
        amount_per_year=money(c.amount_minor, c.currency, c.price_year),
        purpose=c.purpose,
        agreed_by_id=c.agreed_by_id,
        agreed_on=c.agreed_on,
        reason=c.reason,
        recorded_by=c.recorded_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    kept_share,
    share_document,
    filters={"benefit": kept_share.c.benefit_id, "unit": kept_share.c.unit_id},
    sorts={"id": kept_share.c.id},
)
RECORDS = Records(outbox, kept_share, share_document, changeable=())
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_OF_BENEFITS = Query(
    select(kept_share).where(kept_share.c.benefit_id == any_(_ids)).order_by(kept_share.c.number)
)
_LAST_NUMBER = Query(
    select(func.max(kept_share.c.number)).where(
        kept_share.c.benefit_id == bindparam("benefit_id"), kept_share.c.unit_id == bindparam("unit_id")
    )
)
_SUBJECT = Query(select(person.c.subject).where(person.c.id == bindparam("id")))


async def last_number(connection: Connection, benefit_id: UUID, unit_id: UUID) -> int:
    """The number of the newest version; 0 for none. Exact when the benefit's row is held."""
    return int(await _LAST_NUMBER.value(connection, benefit_id=benefit_id, unit_id=unit_id) or 0)


async def subject_of_person(connection: Connection, person_id: UUID) -> str | None:
    """The person's subject, or None when nobody of the organisation has this id."""
    found: str | None = await _SUBJECT.value(connection, id=person_id)
    return found


async def of_benefits(
    connection: Connection, benefit_ids: Sequence[UUID]
) -> Mapping[tuple[UUID, UUID], list[KeptShare]]:
    """Every version by benefit and unit, the oldest first."""
    found: dict[tuple[UUID, UUID], list[KeptShare]] = {}
    for row in await _OF_BENEFITS.rows(connection, ids=list(benefit_ids)):
        version = KeptShare(row["number"], row["from_year"], row["share"], row["amount_minor"])
        found.setdefault((row["benefit_id"], row["unit_id"]), []).append(version)
    return found
