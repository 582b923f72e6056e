"""Sending facts on to endpoints: what each is to get, written in the consumer's transaction (N5)."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from gevinst_notifications.domain.endpoints import Endpoint
from gevinst_notifications.domain.messages import KINDS, BrokenFactError, notice
from gevinst_notifications.store import endpoints, outgoing
from gevinst_notifications.store.outgoing import Wanted
from gevinst_notifications.usecases.forgetting import is_of_erased
from gevinst_notifications.usecases.surrounding import place_of, with_names
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event

# So long can a fact be sent, and sent again after it was given up.
KEPT_FOR = timedelta(days=30)
_log = logging.getLogger(__name__)


async def forward(connection: Connection, event: Event, *, now: datetime) -> int:
    """A delivery to each endpoint that wants the event; to how many that is, also when they have it already.

    A webhook gets the fact as it is, any other channel its notice. A fact that cannot be worded is logged
    and goes to webhooks only.
    """
    # E3: what names somebody who was erased here goes no further.
    if await is_of_erased(connection, event):
        return 0
    active = await endpoints.list_active(connection)
    webhooks = [one for one in active if one.subscription.wants_fact(event.type)]
    told, full = await _told(connection, event, active)
    wanted = [Wanted(one.id, one.channel, one.host) for one in (*webhooks, *told)]
    if wanted:
        names = {name: value for name, value in full.data.items() if name not in event.data}
        await outgoing.keep(connection, event, names, now=now)
        await outgoing.add_deliveries(connection, event, wanted, now=now)
        await outgoing.drop_older(connection, before=now - KEPT_FOR)
    return len(wanted)


async def _told(
    connection: Connection, event: Event, active: Sequence[Endpoint]
) -> tuple[list[Endpoint], Event]:
    """The endpoints that are told a notice of the event, and the event with the names that it needs."""
    kind = KINDS.get(event.type)
    listening = [one for one in active if kind in one.subscription.kinds]
    if kind is None or not listening:
        return [], event
    try:
        place, projects = await place_of(connection, event)
        full = await with_names(connection, event, projects)
        notice(full)  # refuses what could not be worded later
    except BrokenFactError as error:
        _log.error("fact not told", extra={"event_id": event.id, "type": event.type, "cause": str(error)})
        return [], event
    return [one for one in listening if one.subscription.wants_notice(kind, place)], full
