"""How the exchange with partners goes, and what they gave, from one service's database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, Uuid, bindparam, case, cast, func, literal_column, select

from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.sync.projection import TOO_LARGE
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.refusal import Unknown

SHOWN = 50
_COUNTED = ("number", "taken", "quarantined", "missing", "records", "bytes")
_PARTNER = bindparam("of_partner", type_=Uuid)


class Looking:
    """Reads one service's tables of the exchange; `replica` and `left` are lists of records."""

    def __init__(self, sync: SyncTables, reading: Table) -> None:
        inlet, outlet, aside = sync.inlet.c, sync.outlet.c, sync.quarantine.c
        self._known = Query(select(sync.partner.c.id).where(sync.partner.c.id == _PARTNER))
        self._inlet = Query(select(sync.inlet).where(inlet.partner_id == _PARTNER))
        self._outlet = Query(select(sync.outlet).where(outlet.partner_id == _PARTNER))
        self._reading = Query(select(reading).where(reading.c.partner_id == _PARTNER))
        pending = select(func.count()).where(sync.pending.c.partner_id == _PARTNER)
        unread = (
            select(func.count())
            .select_from(sync.outlet.join(sync.revision, sync.revision.c.partner_id == outlet.partner_id))
            .where(outlet.partner_id == _PARTNER, sync.revision.c.number > outlet.asked_number)
        )
        too_large = select(func.count()).where(
            sync.revision.c.partner_id == _PARTNER, sync.revision.c.hash == TOO_LARGE
        )
        self._counts = Query(
            select(
                pending.scalar_subquery().label("pending"),
                unread.scalar_subquery().label("unread"),
                too_large.scalar_subquery().label("too_large"),
            )
        )
        self._quarantine = Query(
            select(aside.id, aside.reason, aside.quarantined_at)
            .where(aside.partner_id == _PARTNER)
            .order_by(aside.id.desc())
            .limit(literal_column(str(SHOWN)))
        )
        self.replica = _replica(sync)
        self.left = _left(sync)

    async def require_partner(self, connection: Connection, partner_id: UUID) -> None:
        """`Unknown` for a stranger."""
        if await self._known.find(connection, of_partner=partner_id) is None:
            raise Unknown

    async def exchange_with(
        self, connection: Connection, partner_id: UUID, now: datetime
    ) -> Mapping[str, Any]:
        """`SyncExchangeOut` of a partner, by member; `Unknown` for a stranger."""
        await self.require_partner(connection, partner_id)
        inlet = await _row(self._inlet, connection, partner_id)
        outlet = await _row(self._outlet, connection, partner_id)
        turns = await _row(self._reading, connection, partner_id)
        counts = await _row(self._counts, connection, partner_id)
        contact = inlet.get("contact_at")
        read, given = inlet.get("read_in_full_at"), outlet.get("read_in_full_at")
        return {
            "sync_partner_id": partner_id,
            "is_reconciled": read is not None and given is not None,
            "received": {
                **{name: inlet.get(name) for name in ("epoch", "contact_at", "problem", "reread_at")},
                **{name: inlet.get(name, 0) for name in _COUNTED},
                "is_doubtful": inlet.get("is_doubtful", False),
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
                "too_large": counts["too_large"],
                "read_in_full_at": given,
            },
            "quarantine": [
                dict(row) for row in await self._quarantine.rows(connection, of_partner=partner_id)
            ],
        }


async def _row(query: Query, connection: Connection, partner_id: UUID) -> dict[str, Any]:
    row = await query.find(connection, of_partner=partner_id)
    return {} if row is None else dict(row)


def _replica(sync: SyncTables) -> Listing:
    """What partners gave, as they last told it."""
    replica = sync.replica.c
    of_owner = (sync.partner.c.organisation_id == replica.organisation_id) & (
        sync.partner.c.id == replica.partner_id
    )
    owner = select(sync.partner.c.owner).where(of_owner).scalar_subquery()
    rows = select(
        replica.organisation_id,
        replica.record_id.label("id"),
        replica.partner_id,
        owner.label("owner"),
        replica.kind,
        replica.body,
        replica.at,
        replica.received_at,
        # A record is told from others by its kind and partner as well.
        func.concat(replica.kind, literal_column("' '"), cast(replica.partner_id, Text), type_=Text).label(
            "place"
        ),
    ).subquery("replicas")
    return Listing(
        rows,
        _replica_document,
        filters={"partner": rows.c.partner_id, "kind": rows.c.kind},
        sorts={"place": rows.c.place},
    )


def _replica_document(c: Any) -> ColumnElement[Any]:  # noqa: ANN401 - SQLAlchemy's columns
    """`SyncReplicaOut`, as PostgreSQL writes it."""
    return document(
        partner_id=c.partner_id,
        owner=c.owner,
        kind=c.kind,
        record_id=c.id,
        fields=c.body,
        at=moment(c.at),
        received_at=moment(c.received_at),
    )


def _left(sync: SyncTables) -> Listing:
    """What partners were given, the last state of each record."""
    revision = sync.revision.c
    rows = select(
        revision.organisation_id,
        revision.partner_id,
        revision.record_id.label("id"),
        revision.kind,
        revision.number,
        revision.body,
        revision.hash,
        revision.at,
    ).subquery("left_records")
    return Listing(
        rows, _left_document, filters={"partner": rows.c.partner_id}, sorts={"number": rows.c.number}
    )


def _left_document(c: Any) -> ColumnElement[Any]:  # noqa: ANN401 - SQLAlchemy's columns
    """`SyncLeftOut`: what the partner has of a record, or that it was told to delete it."""
    return document(
        record_id=c.id,
        kind=c.kind,
        number=c.number,
        is_deleted=c.body.is_(None),
        is_too_large=c.hash == TOO_LARGE,
        fields=case((c.body.is_not(None), c.body)),
        at=moment(c.at),
    )
