"""Noting how an endpoint fares, and sending nothing there any more when it is gone or fails for too long."""

from datetime import datetime

from gevinst_notifications.domain.deliveries import Attempt, Outcome
from gevinst_notifications.domain.endpoints import DisabledBecause, EndpointState, disabled_because
from gevinst_notifications.events.endpoints import EndpointDisabled
from gevinst_notifications.store import endpoints
from gevinst_notifications.store.endpoints import ENDPOINTS, Target
from gevinst_notifications.usecases.forwarding import forward
from gevinst_notifications.usecases.telling import tell
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


async def note_attempt(
    database: Database, organisation: str, target: Target, attempt: Attempt, *, now: datetime
) -> bool:
    """Keep since when the endpoint fails, and disable it when that has been too long.

    False when there was nothing to note: it works as before.
    """
    is_well = attempt.outcome is Outcome.ACCEPTED
    if is_well and target.failing_since is None:
        return False
    async with database.transaction(organisation) as connection:
        if is_well:
            await endpoints.note_success(connection, target.id)
            return True
        await endpoints.note_failure(connection, target.id, now=now)
        because = disabled_because(attempt.outcome, failing_since=target.failing_since, now=now)
        if because is not None:
            await _disable(connection, organisation, target, because, now=now)
    return True


async def _disable(
    connection: Connection, organisation: str, target: Target, because: DisabledBecause, *, now: datetime
) -> None:
    """Disable it once, announce that, and tell the administrators by other ways."""
    try:
        row = await ENDPOINTS.row(connection, target.id, for_change=True)
    except Unknown:
        return
    if row["state"] != EndpointState.ACTIVE:
        return
    worker = Actor("gevinst-notifications", organisation, is_service=True)
    work = Work(connection, worker, now, new_id())
    fact = EndpointDisabled(target.id, row["name"], row["channel"], row["host"], because)
    record = recorded(work, fact, subject=subject_of("endpoints", target.id))
    values = {**row, "state": str(EndpointState.DISABLED), "disabled_because": str(because)}
    await ENDPOINTS.change(connection, {**values, "disabled_at": now}, record)
    event = Event(
        id=record["event_id"],
        organisation=organisation,
        type=fact.type,
        subject=record["event_subject"],
        time=now,
        data={
            "endpoint_name": row["name"],
            "channel": row["channel"],
            "host": row["host"],
            "because": str(because),
        },
    )
    await tell(connection, event, now=now)
    await forward(connection, event, now=now)
