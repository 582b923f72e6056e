"""Watching the queue: depth and age of what waits, as metrics (A10)."""

from collections.abc import Callable
from datetime import datetime

from opentelemetry.metrics import get_meter

from gevinst_notifications.store.queue_totals import list_totals
from gevinst_shared.db.engine import Database

_METER = get_meter(__name__)
_WAITING = _METER.create_gauge("gevinst.deliveries.waiting", "{delivery}", "Not yet sent, due or not.")
_DUE = _METER.create_gauge("gevinst.deliveries.due", "{delivery}", "Should have been sent by now.")
_IN_FLIGHT = _METER.create_gauge("gevinst.deliveries.in_flight", "{delivery}", "In workers' hands.")
_GIVEN_UP = _METER.create_gauge("gevinst.deliveries.given_up", "{delivery}", "Dead letters.")
_OLDEST = _METER.create_gauge("gevinst.deliveries.oldest_due", "s", "Age of the oldest that is due.")


async def watch_queue(database: Database, now: Callable[[], datetime]) -> None:
    """Look at the queue once, over all organisations, and set the gauges of each channel.

    Each worker looks at the same queue: whoever reads the gauges takes the greatest, not the sum.
    """
    async with database.queue() as queue:
        totals = await list_totals(queue, now=now())
    for total in totals:
        channel = {"channel": total.channel}
        _WAITING.set(total.waiting, channel)
        _DUE.set(total.due, channel)
        _IN_FLIGHT.set(total.in_flight, channel)
        _GIVEN_UP.set(total.given_up, channel)
        _OLDEST.set(total.oldest.total_seconds(), channel)
