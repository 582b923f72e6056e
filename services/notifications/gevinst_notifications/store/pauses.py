"""What administrators have stopped from going out."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete

from gevinst_notifications.tables.destinations import pause
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def pause_document(c: Columns) -> ColumnElement[Any]:
    """`PauseOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        channel=c.channel,
        destination=c.destination,
        reason=c.reason,
        paused_by=c.paused_by,
        paused_at=moment(c.paused_at),
        revision=c.revision,
    )


PAUSES = Records(outbox, pause, pause_document, changeable=())
LISTING = Listing(pause, pause_document, filters={"channel": pause.c.channel}, sorts={"id": pause.c.id})
_DROP = Query(delete(pause).where(pause.c.id == bindparam("id"), pause.c.revision == bindparam("expected")))


async def drop(connection: Connection, pause_id: UUID, *, expected: int) -> bool:
    """End it; False when it is not at revision `expected` any more."""
    return bool(await _DROP.run(connection, id=pause_id, expected=expected))
