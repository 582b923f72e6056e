"""The breakers of an organisation's destinations."""

from datetime import datetime

from sqlalchemy import bindparam, or_, update
from sqlalchemy.dialects.postgresql import insert

from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.tables.destinations import breaker
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_new = insert(breaker).values(
    organisation_id=bindparam("organisation"),
    channel=bindparam("channel"),
    destination=bindparam("destination"),
    failures=1,
    failed_at=bindparam("now"),
)
_FAIL = Query(
    _new.on_conflict_do_update(
        index_elements=list(breaker.primary_key),
        set_={"failures": breaker.c.failures + 1, "failed_at": _new.excluded.failed_at},
        # What fails while it rests was begun before: that it is ill is known already.
        where=or_(breaker.c.open_until.is_(None), breaker.c.open_until <= _new.excluded.failed_at),
    ).returning(breaker.c.failures)
)
_HERE = (
    breaker.c.organisation_id == bindparam("organisation"),
    breaker.c.channel == bindparam("by"),
    breaker.c.destination == bindparam("to"),
)
_REST = Query(update(breaker).values(open_until=bindparam("until")).where(*_HERE))
_RECOVER = Query(update(breaker).values(failures=0, open_until=None).where(*_HERE))


async def count_failure(connection: Connection, held: Queued, *, now: datetime) -> int | None:
    """Count one more failure in a row of where `held` goes; None when that rests already."""
    found: int | None = await _FAIL.value(
        connection,
        organisation=held.organisation,
        channel=str(held.delivery.key.channel),
        destination=held.destination,
        now=now,
    )
    return found


async def rest(connection: Connection, held: Queued, *, until: datetime) -> None:
    """Leave alone where `held` goes."""
    await _REST.run(connection, **_here(held), until=until)


async def recover(connection: Connection, held: Queued) -> None:
    """Where `held` goes is well again."""
    await _RECOVER.run(connection, **_here(held))


def _here(held: Queued) -> dict[str, str]:
    return {
        "organisation": held.organisation,
        "by": str(held.delivery.key.channel),
        "to": held.destination,
    }
