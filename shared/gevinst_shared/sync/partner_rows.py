"""A partner as its caller needs it: where its feed is, how a token is got, and with what key we sign."""

import json
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.callers import Caller

if TYPE_CHECKING:
    from gevinst_shared.sync.reading import Here


class PartnerRows:
    """Reads one service's partners."""

    def __init__(self, here: "Here") -> None:
        self._here = here
        partner = here.part.tables.partner
        self._row = Query(
            select(partner.c.owner, partner.c.address, partner.c.feeds, partner.c.token).where(
                partner.c.id == bindparam("partner_id", type_=Uuid)
            )
        )

    async def caller(self, connection: Connection, organisation: str, partner_id: UUID) -> Caller | None:
        """How to call the partner; None for a stranger, and while the organisation has no key."""
        row = await self._row.find(connection, partner_id=partner_id)
        key = await self._here.part.find_key(connection, organisation, self._here.exchange)
        if row is None or key is None:
            return None
        return Caller(
            organisation,
            partner_id,
            row["owner"],
            row["address"],
            json.loads(row["feeds"]).get(self._here.part.service),
            json.loads(row["token"]),
            key,
            await self._here.part.list_networks(connection),
        )
