"""Sending again what was given up."""

from uuid import UUID

from gevinst_notifications.domain.deliveries import replayed
from gevinst_notifications.events.deliveries import Replayed
from gevinst_notifications.store import deliveries
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of


async def replay_delivery(work: Work, delivery_id: UUID, *, expected: int) -> Stored | None:
    """Make a dead delivery due now; None when it is not at revision `expected` any more."""
    held = await deliveries.get_delivery(work.connection, delivery_id)
    after = replayed(held.delivery, now=work.now)
    stored = await deliveries.replay(work.connection, delivery_id, after, expected=expected)
    if stored is not None:
        key = after.key
        fact = Replayed(delivery_id, key.event_id, key.person_id, key.channel)
        record = recorded(work, fact, subject=subject_of("deliveries", delivery_id))
        was, now = ({"state": str(one.state)} for one in (held.delivery, after))
        await deliveries.announce(work.connection, record, before=was, after=now)
    return stored
