"""Keys of this service's own: made with each new key of the organisation, told to portfolio, let go (X1)."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gevinst_benefits.events.sync import SyncKeysChanged
from gevinst_benefits.store import sync_keys
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.usecases.exchanging import THEM
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.signing_keys import PURPOSE, new_key
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.key_overlap import MOST_KEYS
from gevinst_shared.values.serials import next_serial

_MOST = 100
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "signing keys not looked at", every=5.0, longest=600.0)


class Keys:
    """Looks at the keys of all organisations; several workers may."""

    def __init__(self, database: Database, exchange: Exchange, now: Callable[[], datetime]) -> None:
        self._database = database
        self._exchange = exchange
        self._now = now

    async def follow(self) -> None:
        """Look for ever."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """Make, announce and let go of what is due; how many organisations had something to announce."""
        async with self._database.queue() as connection:
            due = await sync_keys.list_due(connection, self._now(), limit=_MOST)
        return sum([await self._look(organisation) for organisation in due])

    async def _look(self, organisation: str) -> bool:
        now = self._now()
        async with self._database.transaction(organisation, at=now) as connection:
            work = Work(connection, Actor(THEM, organisation), now, new_id())
            return await look_after_keys(work, self._exchange)


async def look_after_keys(work: Work, exchange: Exchange) -> bool:
    """Make a key where the organisation has a new one or one of ours was withdrawn, and announce what is not
    known; whether it was."""
    held = await sync_keys.hold_identity(work.connection)
    if held is None or held["look_at"] is None or held["look_at"] > work.now:
        return False
    keys = await sync_keys.list_valid(work.connection, work.now)
    needs_key = held["needs_key"] or held["kid"] not in {key["made_for"] for key in keys}
    if needs_key and len(keys) < MOST_KEYS:
        await _make_key(work, exchange, held["kid"])
        needs_key = False
        keys = await sync_keys.list_valid(work.connection, work.now)
    told = [_told(key) for key in keys]
    serial = held["told_serial"]
    if told != held["told"]:
        serial = next_serial(serial, work.now)
        record = recorded(work, SyncKeysChanged(serial, told), subject="sync-keys")
        await announce(work.connection, [{**record, "before": None, "after": {}}])
    ends = [key["until"] for key in keys if key["until"] is not None]
    await sync_keys.note_look(
        work.connection, told, serial=serial, needs_key=needs_key, next_look=min(ends, default=None)
    )
    return bool(told != held["told"])


async def _make_key(work: Work, exchange: Exchange, made_for: str) -> None:
    key = new_key(work.organisation, exchange.box(PURPOSE))
    values = {
        "organisation_id": work.organisation,
        "kid": key.kid,
        "public": dict(key.public),
        "sealed": key.sealed,
        "made_for": made_for,
        "made_at": work.now,
        "stated_at": None,
        "until": None,
        "withdrawn_at": None,
    }
    await sync_keys.add(work.connection, values)


def _told(key: Mapping[str, Any]) -> dict[str, Any]:
    until = key["until"]
    return {
        "kid": key["kid"],
        "public": key["public"],
        "made_at": key["made_at"].isoformat(),
        "until": None if until is None else until.isoformat(),
    }
