"""Forgetting what has ended, once the partner has heard of it (X2).

A tombstone is kept until its reader came back with a cursor behind it, and some days more. A cursor from
before what was forgotten leads nowhere any more: its reader reads everything, and deletes what is not named.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import BigInteger, DateTime, Text, Uuid, bindparam, delete, func, select, update

from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.query import Query
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.projection import TOO_LARGE
from gevinst_shared.values.ids import new_id

# Whoever is restored to a backup of these days goes on without reading everything.
KEPT = timedelta(days=7)
_PARTNER = bindparam("partner_id", type_=Uuid)
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "tombstones not forgotten", every=3600.0, longest=3600.0)


class Pruning:
    """Forgets one service's tombstones, those of every organisation; several workers may."""

    def __init__(self, database: Database, part: Part, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        reading, outlet, revision = part.reading, part.tables.outlet, part.tables.revision
        self._organisations = Query(select(reading.c.organisation_id).distinct())
        self._outlets = Query(
            select(outlet.c.partner_id).where(outlet.c.asked_number > 0).order_by(outlet.c.partner_id)
        )
        # Held before its revisions are, as by whoever gives a page.
        self._held = Query(
            select(outlet.c.asked_number).where(outlet.c.partner_id == _PARTNER).with_for_update()
        )
        forgotten = (
            delete(revision)
            .where(
                revision.c.partner_id == _PARTNER,
                revision.c.body.is_(None),
                # Its giver is to see that it does not leave.
                revision.c.hash != TOO_LARGE,
                revision.c.number <= bindparam("heard_number", type_=BigInteger),
                revision.c.at < bindparam("before", type_=DateTime(timezone=True)),
            )
            .returning(revision.c.number)
            .cte()
        )
        self._forget = Query(
            select(func.count().label("count"), func.max(forgotten.c.number).label("last")).select_from(
                forgotten
            )
        )
        self._note = Query(
            update(outlet)
            .values(
                pruned_number=func.greatest(outlet.c.pruned_number, bindparam("last", type_=BigInteger)),
                pruned_stamp=bindparam("new_stamp", type_=Text),
            )
            .where(outlet.c.partner_id == _PARTNER)
        )

    async def follow(self) -> None:
        """Forget for ever."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """Forget what can be forgotten now; how many tombstones."""
        async with self._database.queue() as queue:
            rows = await self._organisations.rows(queue)
        return sum([await self._of(row["organisation_id"]) for row in rows])

    async def _of(self, organisation: str) -> int:
        count = 0
        try:
            async with self._database.transaction(organisation, read_only=True) as connection:
                outlets = await self._outlets.rows(connection)
            for outlet in outlets:
                async with self._database.transaction(organisation) as connection:
                    count += await self._prune(connection, outlet["partner_id"])
        except (OSError, asyncpg.PostgresConnectionError):
            raise
        except Exception:
            _log.exception(
                "tombstones of one organisation not forgotten", extra={"organisation": organisation}
            )
        return count

    async def _prune(self, connection: Connection, partner_id: object) -> int:
        heard = await self._held.value(connection, partner_id=partner_id)
        if heard is None:
            return 0
        before = self._now() - KEPT
        found = await self._forget.find(connection, partner_id=partner_id, heard_number=heard, before=before)
        assert found is not None
        count: int = found["count"]
        if count:
            new = {"last": found["last"], "new_stamp": str(new_id())}
            await self._note.run(connection, partner_id=partner_id, **new)
        return count
