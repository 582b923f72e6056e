"""Sending again what was given up."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_notifications.domain.deliveries import DeliveryState, replayed
from gevinst_notifications.events.deliveries import ManyReplayed, Replayed
from gevinst_notifications.store import deliveries, replays
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.refusal import Unknown


async def replay_many(work: Work, wanted: Mapping[str, Any]) -> tuple[int, int]:
    """Make dead letters that fit `wanted` due now; how many, and how many of them are left for another go."""
    receiver = wanted.get("person_id")
    if receiver is not None and not await replays.knows_receiver(work.connection, receiver):
        raise Unknown
    count, left = await replays.replay(work.connection, wanted, now=work.now)
    if count:
        record = recorded(work, ManyReplayed(count, **wanted), subject="deliveries")
        was, now = {"state": str(DeliveryState.DEAD)}, {"state": str(DeliveryState.PENDING)}
        await deliveries.announce(work.connection, record, before=was, after=now | {"count": count})
    return count, left


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
