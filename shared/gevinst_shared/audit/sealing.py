"""Sealing the audit trail in the background (E1): a worker may die at any statement, and several may run.

Writers wait for nobody: only rows are sealed that no row of a transaction still running can come before.
A seal and its event are one statement, which does nothing when somebody else has made that seal.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Text, Uuid, bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from gevinst_shared.audit.canonical import read_json
from gevinst_shared.audit.chain import NOTHING_BEFORE, Seal, next_seal
from gevinst_shared.audit.reading import audit_members
from gevinst_shared.audit.trail import Sealed, Trail
from gevinst_shared.db.documents import document
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.query import Query
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.feed.reader import SETTLED
from gevinst_shared.rounds import Rounds
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

MOST_ROWS = 100
_CURSOR = "audit"
_REFUSED = (asyncpg.IntegrityConstraintViolationError, ValueError, RecursionError)
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "trail not sealed", every=5.0, longest=60.0)


class Sealer:
    """Seals what has come to the trails of all organisations since it last looked."""

    def __init__(
        self, database: Database, trail: Trail, fact: type[Sealed], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._fact = fact
        self._now = now
        self._compile_cursor(trail)
        self._compile_chain(trail)

    async def follow(self) -> None:
        """Seal for ever; what fails is tried again, later and later."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """Seal every row that is settled now; how many rows that were."""
        async with self._database.transaction("", read_only=True) as connection:
            since = int(await self._find_cursor.value(connection, source=_CURSOR) or 0)
        # Each change has its event, in the same transaction: the outbox tells whose trail has grown.
        async with self._database.queue() as connection:
            settled = await self._settled.value(connection)
            grown = await self._grown.rows(connection, since=since, settled=settled, sealed=self._fact.type)
        if not grown:
            return 0
        count = 0
        refused: Exception | None = None
        for row in grown:
            try:
                count += await self._seal(row["organisation_id"])
            except _REFUSED as error:
                # A trail that was tampered with may take no seal, and must not hold up everybody else's.
                refused = error
                _log.error("trail takes no seal", extra={"organisation": row["organisation_id"]})
        if refused is not None:
            raise refused
        async with self._database.transaction("") as connection:
            await self._move_cursor.run(connection, source=_CURSOR, cursor=str(settled))
        return count

    async def _seal(self, organisation: str) -> int:
        """Seal all settled rows of one organisation; how many that were."""
        count = 0
        while True:
            async with self._database.transaction(organisation) as connection:
                rows = await self._seal_next(connection, organisation)
            count += rows
            if rows < MOST_ROWS:
                return count

    async def _seal_next(self, connection: Connection, organisation: str) -> int:
        head = await self._head.find(connection)
        last = {"xid": -1, "id": UUID(int=0)}
        if head is not None:
            last = {"xid": head["last_xid"], "id": head["last_id"]}
        found = await self._rows.rows(connection, **last, limit=MOST_ROWS)
        if not found:
            return 0
        now = self._now()
        seal = next_seal(
            [read_json(row["document"]) for row in found],
            organisation=organisation,
            number=1 if head is None else head["number"] + 1,
            previous_hash=NOTHING_BEFORE if head is None else head["hash"],
            sealed_at=f"{now:%Y-%m-%dT%H:%M:%S.%f}Z",
        )
        fact = self._fact(
            number=seal.number, row_count=len(found), hash=seal.hash, previous_hash=seal.previous_hash
        )
        work = Work(connection, Actor(_CURSOR, organisation), now, new_id())
        told = recorded(work, fact, subject=f"audit-seals/{seal.number}")
        await self._add.run(connection, **told, **_columns(seal, now, found[-1]["id"]))
        return len(found)

    def _compile_cursor(self, trail: Trail) -> None:
        cursors, event = trail.cursors, trail.event
        source = bindparam("source", type_=Text)
        moved = insert(cursors).values(source=source, cursor=bindparam("cursor", type_=Text))
        self._find_cursor = Query(select(cursors.c.cursor).where(cursors.c.source == source))
        self._move_cursor = Query(
            moved.on_conflict_do_update(
                index_elements=[cursors.c.source],
                set_={"cursor": moved.excluded.cursor, "moved_at": moved.excluded.moved_at},
            )
        )
        self._settled = Query(select(SETTLED))
        self._grown = Query(
            select(event.c.organisation_id)
            .distinct()
            .where(
                event.c.xid >= bindparam("since", type_=BigInteger),
                event.c.xid < bindparam("settled", type_=BigInteger),
                event.c.type != bindparam("sealed", type_=Text),
            )
            .order_by(event.c.organisation_id)
        )

    def _compile_chain(self, trail: Trail) -> None:
        audit, seal = trail.audit, trail.seal
        self._head = Query(
            select(seal.c.number, seal.c.hash, seal.c.last_xid, seal.c.last_id)
            .order_by(seal.c.number.desc())
            .limit(1)
        )
        place = tuple_(audit.c.xid, audit.c.id)
        after = tuple_(bindparam("xid", type_=BigInteger), bindparam("id", type_=Uuid))
        self._rows = Query(
            select(document(**audit_members(audit.c)).label("document"), audit.c.id)
            .where(place > after, audit.c.xid < SETTLED)
            .order_by(audit.c.xid, audit.c.id)
            .limit(bindparam("limit"))
        )
        written = (
            insert(seal)
            .values({column.name: bindparam(column.name, type_=column.type) for column in seal.columns})
            .on_conflict_do_nothing()
            .returning(seal.c.organisation_id, seal.c.number)
            .cte("written")
        )
        self._add = Query(select(written.c.number).add_cte(trail.outbox.announced(written)))


def _columns(seal: Seal, now: datetime, last_id: Any) -> dict[str, Any]:  # noqa: ANN401 - the driver's UUID
    """The seal as its row; the organisation is among what is recorded."""
    return {
        "number": seal.number,
        "previous_number": seal.number - 1 or None,
        "previous_hash": seal.previous_hash,
        "row_count": len(seal.rows),
        "last_xid": seal.last_transaction,
        "last_id": last_id,
        "rows": [{"id": row_id, "hash": hash_} for row_id, hash_ in seal.rows],
        "sealed_at": now,
        "hash": seal.hash,
    }
