"""Stopping what goes out on a channel or to one destination, and letting it go again."""

from uuid import UUID

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.events.destinations import DeliveriesPaused, DeliveriesResumed
from gevinst_notifications.store import deliveries, pauses
from gevinst_notifications.store.pauses import PAUSES
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


async def pause(work: Work, channel: Channel, destination: str | None, *, reason: str) -> tuple[UUID, Stored]:
    """Claim nothing more on the channel, or for the one destination; what is claimed already goes out."""
    pause_id = new_id()
    values = {
        "id": pause_id,
        "channel": str(channel),
        "destination": destination,
        "reason": reason,
        "paused_by": work.actor.subject,
        "paused_at": work.now,
    }
    fact = DeliveriesPaused(pause_id, channel, reason, destination)
    record = recorded(work, fact, subject=subject_of("pauses", pause_id), reason=reason)
    return pause_id, await PAUSES.add(work.connection, values, record)


async def resume(work: Work, pause_id: UUID, *, expected: int) -> bool:
    """Let what waits go out; False when the pause is not at revision `expected` any more."""
    row = await PAUSES.row(work.connection, pause_id, for_change=True)
    if not await pauses.drop(work.connection, pause_id, expected=expected):
        return False
    fact = DeliveriesResumed(pause_id, row["channel"], row["destination"])
    record = recorded(work, fact, subject=subject_of("pauses", pause_id))
    was = {"channel": row["channel"], "destination": row["destination"], "reason": row["reason"]}
    await deliveries.announce(work.connection, record, before=was, after={})
    return True
