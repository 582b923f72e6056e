"""The feeds of the services that we follow."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.peer import Peer

_log = logging.getLogger(__name__)


async def fetch_events(peer: Peer, cursor: str) -> tuple[Sequence[Event], str]:
    """The events after `cursor` and the cursor behind them; waits for some when there are none."""
    envelopes, following = await peer.events(cursor)
    return [event for event in map(_read, envelopes) if event is not None], following


async def find_next_event(peer: Peer, cursor: str) -> Event | None:
    """The first event after `cursor`; None when everything that is settled has been read."""
    envelopes, _ = await peer.events(cursor, limit=1, wait=0)
    return Event.read(envelopes[0]) if envelopes else None


def _read(envelope: Mapping[str, Any]) -> Event | None:
    """The event; None, with a line in the log, for what is none: the feed must go on for everybody else."""
    try:
        event = Event.read(envelope)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        _log.error("envelope not understood", extra={"cause": type(error).__name__})
        return None
    if not isinstance(event.data, Mapping) or event.time.tzinfo is None:
        _log.error("envelope not understood", extra={"cause": "no data, or a time without an offset"})
        return None
    return event
