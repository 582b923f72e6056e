"""Showing what a partner gets of plans, before it leaves (X1)."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import EXCHANGE
from gevinst_benefits.store import sync_previews
from gevinst_shared.db.work import Work
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.publishing import Reader
from gevinst_shared.sync.sealing import Seals
from gevinst_shared.values.actor import Place
from gevinst_shared.values.refusal import Unknown

MOST_SHOWN = 100


async def preview(
    work: Work, exchange: Exchange, partner_id: UUID, said: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the partner gets of ours by its grants, and by the one that is `said`; what that names of other
    services is theirs to show."""
    if not await sync_previews.knows_partner(work.connection, partner_id):
        raise Unknown
    grants = await sync_previews.list_granted(work.connection, partner_id, today=work.today)
    if said is not None:
        work.require(EXCHANGE, Place())
        if not await sync_previews.knows_root(work.connection, said["record_id"]):
            raise Unknown(pointer="/body/record_id")
        grants.append(sync_previews.granted(said["record_id"], said["fields"]))
    seals = Seals(exchange.secrets[0], service="benefits", organisation=work.organisation, partner=partner_id)
    reader = Reader(work.organisation, partner_id, seals, work.now)
    found = await sync_previews.preview(work.connection, reader, grants)
    return {
        "count": len(found),
        "items": [
            {"kind": kind, "record_id": record_id, "fields": json.loads(body)}
            for kind, record_id, body in found[:MOST_SHOWN]
        ],
    }
