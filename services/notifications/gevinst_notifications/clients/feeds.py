"""The feeds of the services that we follow."""

from collections.abc import Sequence

from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.peer import Peer


async def fetch_events(peer: Peer, cursor: str) -> tuple[Sequence[Event], str]:
    """The events after `cursor` and the cursor behind them; waits for some when there are none."""
    envelopes, following = await peer.events(cursor)
    return [Event.read(envelope) for envelope in envelopes], following


async def find_next_event(peer: Peer, cursor: str) -> Event | None:
    """The first event after `cursor`; None when everything that is settled has been read."""
    envelopes, _ = await peer.events(cursor, limit=1, wait=0)
    return Event.read(envelopes[0]) if envelopes else None
