"""The organisations that have something here, one after the other."""

from sqlalchemy import Text, bindparam, select

from gevinst_benefits.tables.shared import event
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_AFTER = Query(
    select(event.c.organisation_id)
    .where(event.c.organisation_id > bindparam("organisation", type_=Text))
    .order_by(event.c.organisation_id)
    .limit(1)
)


async def organisation_after(connection: Connection, organisation: str) -> str | None:
    """The next one after `organisation` in a connection of the queue role; empty text begins; None ends."""
    found: str | None = await _AFTER.value(connection, organisation=organisation)
    return found
