"""How the exchange with a partner goes, from the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, literal_column, select

from gevinst_portfolio.tables.sync import reading, sync
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

SHOWN = 50
_COUNTED = ("number", "taken", "quarantined", "missing", "records", "bytes")
_PARTNER = bindparam("of_partner", type_=Uuid)
_inlet, _outlet, _aside = sync.inlet.c, sync.outlet.c, sync.quarantine.c
_INLET = Query(select(sync.inlet).where(_inlet.partner_id == _PARTNER))
_OUTLET = Query(select(sync.outlet).where(_outlet.partner_id == _PARTNER))
_READING = Query(select(reading).where(reading.c.partner_id == _PARTNER))
_COUNTS = Query(
    select(
        select(func.count()).where(sync.pending.c.partner_id == _PARTNER).scalar_subquery().label("pending"),
        select(func.count())
        .select_from(sync.outlet.join(sync.revision, sync.revision.c.partner_id == _outlet.partner_id))
        .where(_outlet.partner_id == _PARTNER, sync.revision.c.number > _outlet.asked_number)
        .scalar_subquery()
        .label("unread"),
    )
)
_QUARANTINE = Query(
    select(_aside.id, _aside.reason, _aside.quarantined_at)
    .where(_aside.partner_id == _PARTNER)
    .order_by(_aside.id.desc())
    .limit(literal_column(str(SHOWN)))
)


async def exchange_with(connection: Connection, partner_id: UUID, now: datetime) -> Mapping[str, Any]:
    """`SyncExchangeOut` of a partner that is known, by member."""
    inlet = await _row(_INLET, connection, partner_id)
    outlet = await _row(_OUTLET, connection, partner_id)
    turns = await _row(_READING, connection, partner_id)
    counts = await _row(_COUNTS, connection, partner_id)
    contact = inlet.get("contact_at")
    read, given = inlet.get("read_in_full_at"), outlet.get("read_in_full_at")
    return {
        "sync_partner_id": partner_id,
        "is_reconciled": read is not None and given is not None,
        "received": {
            **{name: inlet.get(name) for name in ("epoch", "contact_at", "problem", "reread_at")},
            **{name: inlet.get(name, 0) for name in _COUNTED},
            "lag_seconds": None if contact is None else max(0, int((now - contact).total_seconds())),
            "read_in_full_at": read,
            "fault": turns.get("fault"),
            "failures": turns.get("failures", 0),
            "read_at": turns.get("read_at"),
        },
        "given": {
            **{name: outlet.get(name) for name in ("epoch", "asked_at")},
            **{name: outlet.get(name, 0) for name in ("number", "asked_number")},
            "unread": counts["unread"],
            "pending": counts["pending"],
            "read_in_full_at": given,
        },
        "quarantine": [dict(row) for row in await _QUARANTINE.rows(connection, of_partner=partner_id)],
    }


async def _row(query: Query, connection: Connection, partner_id: UUID) -> dict[str, Any]:
    row = await query.find(connection, of_partner=partner_id)
    return {} if row is None else dict(row)
