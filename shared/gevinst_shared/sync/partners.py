"""Partners and grants in the database: who they are is decided before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, bindparam, delete, insert, update
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.ids import new_id

_ID = bindparam("partner_id", type_=Uuid)


@dataclass(frozen=True, slots=True)
class Grant:
    """Records under a root for a partner; `fields` is {kind: names}, and `until` the last day."""

    partner_id: UUID
    kind: str
    record_id: UUID
    fields: Mapping[str, Sequence[str]]
    purpose: str
    until: date


class Partners:
    """Writes partners and grants of one service. A grant marks what it touches by itself (`shared_as`)."""

    def __init__(self, tables: SyncTables) -> None:
        partner, grant = tables.partner, tables.grant
        given = ("organisation_id", "id", "partner_id", "kind", "record_id", "fields", "purpose", "until")
        self._give = Query(
            insert(grant).values({name: bindparam(name) for name in (*given, "given_by", "given_at")})
        )
        self._end = Query(
            update(grant)
            .values(
                ended_at=bindparam("now", type_=DateTime(timezone=True)),
                ended_by=bindparam("who", type_=Text),
                revision=grant.c.revision + 1,
            )
            .where(grant.c.id == bindparam("grant_id", type_=Uuid), grant.c.ended_at.is_(None))
            .returning(grant.c.partner_id)
        )
        self._count = Query(
            update(partner).values(grants_number=partner.c.grants_number + 1).where(partner.c.id == _ID)
        )
        self._state = Query(
            update(partner)
            .values(state=bindparam("new_state", type_=Text), revision=partner.c.revision + 1)
            .where(partner.c.id == _ID)
        )
        self._keys = Query(
            update(partner).values(keys=bindparam("new_keys", type_=JSONB)).where(partner.c.id == _ID)
        )
        # The feed first: whoever reads or publishes holds it, so that this waits for them.
        self._forget = [
            Query(delete(table).where(table.c.partner_id == _ID))
            for table in (
                tables.outlet,
                tables.inlet,
                tables.pending,
                tables.revision,
                tables.replica,
                tables.quarantine,
            )
        ]

    async def give(
        self, connection: Connection, organisation: str, grant: Grant, *, who: str, now: datetime
    ) -> UUID:
        """Share; the new grant's id."""
        grant_id = new_id()
        await self._give.run(
            connection,
            organisation_id=organisation,
            id=grant_id,
            partner_id=grant.partner_id,
            kind=grant.kind,
            record_id=grant.record_id,
            fields=RawJson(json.dumps({kind: list(names) for kind, names in grant.fields.items()})),
            purpose=grant.purpose,
            until=grant.until,
            given_by=who,
            given_at=now,
        )
        await self._count.run(connection, partner_id=grant.partner_id)
        return grant_id

    async def end(self, connection: Connection, grant_id: UUID, *, who: str, now: datetime) -> bool:
        """Share no longer; False when it had ended before."""
        partner_id = await self._end.value(connection, grant_id=grant_id, now=now, who=who)
        if partner_id is None:
            return False
        await self._count.run(connection, partner_id=partner_id)
        return True

    async def set_state(self, connection: Connection, partner_id: UUID, state: str) -> None:
        """Pause, resume or stop. Who is stopped is forgotten, too: nothing of theirs stays, and no feed."""
        await self._state.run(connection, partner_id=partner_id, new_state=state)
        if state == "stopped":
            await self.forget(connection, partner_id)

    async def forget(self, connection: Connection, partner_id: UUID) -> None:
        """Delete what the partner gave, and what tells how far its feed and ours have come."""
        for forget in self._forget:
            await forget.run(connection, partner_id=partner_id)

    async def set_keys(self, connection: Connection, partner_id: UUID, keys: Mapping[str, Any]) -> None:
        """The partner's public keys: {kid: {"jwk": …, "until": moment or absent}}."""
        await self._keys.run(connection, partner_id=partner_id, new_keys=RawJson(json.dumps(keys)))
