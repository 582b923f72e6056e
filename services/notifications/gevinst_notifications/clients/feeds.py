"""The feeds of the services that we follow."""

from collections.abc import Sequence

from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.peer import Peer


async def fetch_events(peer: Peer, cursor: str) -> tuple[Sequence[Event], str]:
    """The events after `cursor` and the cursor behind them; waits for some when there are none."""
    envelopes, following = await peer.events(cursor)
    return [Event.read(envelope) for envelope in envelopes], following
