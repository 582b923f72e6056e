"""Addresses that no mail is sent to."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select

from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.destinations import suppression
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def suppression_document(c: Columns) -> ColumnElement[Any]:
    """`SuppressionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        address=c.address,
        cause=c.cause,
        code=c.code,
        text=c.text,
        delivery_id=c.delivery_id,
        suppressed_at=moment(c.suppressed_at),
        revision=c.revision,
    )


SUPPRESSIONS = Records(outbox, suppression, suppression_document, changeable=())
LISTING = Listing(
    suppression,
    suppression_document,
    filters={"address": lambda value: suppression.c.address == func.lower(value)},
    sorts={"id": suppression.c.id},
)
_IS_THERE = Query(select(suppression.c.id).where(suppression.c.address == func.lower(bindparam("address"))))
_DROP = Query(
    delete(suppression).where(
        suppression.c.id == bindparam("id"), suppression.c.revision == bindparam("expected")
    )
)


def of_person(address: ColumnElement[str | None], person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Those of the person's address, and of one they had before that a mail to them came back from."""
    sent = select(delivery.c.id).where(delivery.c.person_id == person_id)
    return or_(suppression.c.address == func.lower(address), suppression.c.delivery_id.in_(sent))


async def is_suppressed(connection: Connection, address: str) -> bool:
    """Whether nothing may be sent to the address, however its letters are written."""
    return await _IS_THERE.value(connection, address=address) is not None


async def drop(connection: Connection, suppression_id: UUID, *, expected: int) -> bool:
    """Lift it; False when it is not at revision `expected` any more."""
    return bool(await _DROP.run(connection, id=suppression_id, expected=expected))
