"""What a partner gets of one service, shown before it leaves: the same in every service that shares (X1)."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.db.work import Work
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.projection import Granted
from gevinst_shared.sync.publishing import Publishing, Reader
from gevinst_shared.sync.shareable import refuse_odd_grant
from gevinst_shared.values.actor import Permission, Place
from gevinst_shared.values.refusal import Unknown

MOST_SHOWN = 100
HasRecord = Callable[[Connection, str, UUID], Awaitable[bool]]
"""Whether there is a record of the kind with the id, of those that a grant can be over."""


class Previewing:
    """What grants come to in one service's part; `change` is who may ask for one that is not given."""

    def __init__(self, part: Part, *, change: Permission, has_record: HasRecord) -> None:
        self._part, self._change, self._has_record = part, change, has_record
        self._publishing = Publishing(part.tables, part.kinds)
        partner = part.tables.partner
        self._state = Query(
            select(partner.c.state).where(partner.c.id == bindparam("partner_id", type_=Uuid))
        )

    async def preview(
        self, work: Work, exchange: Exchange, partner_id: UUID, said: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """`SyncPreviewOut`, by member: what the partner gets of us by its grants, and by the one that is
        `said`. What a grant names of other services is theirs to show.
        """
        state = await self._state.value(work.connection, partner_id=partner_id)
        if state is None:
            raise Unknown
        seals = self._part.serving(exchange).seals(work.organisation, partner_id)
        reader = Reader(work.organisation, partner_id, seals, work.now)
        grants = await self._publishing.granted(work.connection, reader)
        if said is not None:
            work.require(self._change, Place())
            await self.require_shareable(work, state, said)
            fields = {kind: frozenset(names) for kind, names in said["fields"].items()}
            grants.append(Granted(said["record_id"], fields))
        found = await self._publishing.preview(work.connection, reader, grants)
        return {
            "count": len(found.records),
            "too_large": found.too_large,
            "items": [
                {"kind": kind, "record_id": record_id, "fields": json.loads(body)}
                for kind, record_id, body in found.records[:MOST_SHOWN]
            ],
        }

    async def require_shareable(self, work: Work, state: str, said: Mapping[str, Any]) -> None:
        """Refuse what could not be given to a partner in the `state`; `said` is as `SyncGrantIn`."""
        refuse_odd_grant(state, said["fields"], said["until"], today=work.today)
        if not await self._has_record(work.connection, said["kind"], said["record_id"]):
            raise Unknown(pointer="/body/record_id")
