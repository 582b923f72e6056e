"""Our own records and those that partners gave, side by side (X4).

A record is its owner's: partners are told apart by who signed, and what a partner calls its own is never
taken for ours, whatever its id.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, Uuid, and_, bindparam, cast, null, or_, select
from sqlalchemy import union_all as all_of
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.kinds import SharedKind
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.joint_body import Held, JointBody

WITH_OWN = bindparam("own", type_=Boolean)
"""Whether our own records are wanted, too."""


class JointBodies:
    """Reads who takes part, from one service's copies of partners and what it was given."""

    def __init__(self, tables: SyncTables) -> None:
        partner, inlet = tables.partner, tables.inlet
        self._rows = Query(
            select(
                partner.c.id,
                partner.c.owner,
                partner.c.name,
                partner.c.state,
                inlet.c.contact_at,
                inlet.c.quarantined,
                inlet.c.read_in_full_at.label("read_at"),
                is_unread(tables).label("is_unread"),
                has_not_read_us(tables).label("has_not_read_us"),
            )
            .select_from(with_feeds(tables))
            .where(takes_part(tables))
        )

    async def list(self, connection: Connection, own: JointBody) -> list[JointBody]:
        """Ourselves, and every partner that is confirmed or paused, also those that share nothing."""
        return [own, *(_body(row) for row in await self._rows.rows(connection))]


def joint_records(tables: SyncTables, kind: SharedKind, *, with_own: ColumnElement[bool]) -> Select[Any]:
    """Every record of a kind: `partner_id` (null: ours), `owner`, `record_id`, `body`, and what is known of a
    partner's revision.

    Ours are as they would be shared in full, and there if `with_own`.
    """
    replica, partner = tables.replica, tables.partner
    revision = ("number", "revision_id", "at", "received_at")
    own = (
        select(
            cast(null(), Uuid).label("partner_id"),
            kind.organisation_id.label("owner"),
            kind.record_id.label("record_id"),
            cast(kind.body, JSONB).label("body"),
            *(cast(null(), replica.c[name].type).label(name) for name in revision),
        )
        .select_from(kind.source)
        .where(with_own)
    )
    theirs = (
        select(
            replica.c.partner_id,
            partner.c.owner,
            replica.c.record_id,
            replica.c.body,
            *(replica.c[name] for name in revision),
        )
        .join(partner, _same_partner(replica, partner.c.id, partner))
        .where(replica.c.kind == kind.name, takes_part(tables))
    )
    return select(all_of(own, theirs).subquery(f"joint_{kind.name}"))


def takes_part(tables: SyncTables) -> ColumnElement[bool]:
    """Whether a partner's records count; of the others nothing is kept."""
    state = tables.partner.c.state
    return or_(state == "confirmed", state == "paused")


def held_partners(tables: SyncTables) -> Select[tuple[UUID]]:
    """The partners whose figures are held, also paused ones: what they gave is that of a backup."""
    return select(tables.partner.c.id).select_from(with_feeds(tables)).where(is_held(tables))


def is_held(tables: SyncTables) -> ColumnElement[bool]:
    """Whether, since we were restored, a partner was not read in full or did not read us in full."""
    return and_(takes_part(tables), or_(is_unread(tables), has_not_read_us(tables)))


def is_unread(tables: SyncTables) -> ColumnElement[bool]:
    """Whether we were restored, and have not read the partner in full since then. Also one that has never
    read us: what is here of it is that of a backup."""
    inlet, outlet = tables.inlet, tables.outlet
    return or_(
        inlet.c.restored_at.is_not(None),
        and_(outlet.c.restored_at.is_not(None), inlet.c.read_in_full_at.is_(None)),
    )


def has_not_read_us(tables: SyncTables) -> ColumnElement[bool]:
    """Whether we were restored, and the partner, which had read us before, has not read us in full since."""
    outlet = tables.outlet
    return and_(outlet.c.restored_at.is_not(None), outlet.c.read_in_full_at.is_(None))


def value_of(body: ColumnElement[Any], *path: str) -> ColumnElement[str]:
    """The text of a body's member; null when it is missing."""
    found: ColumnElement[str] = body[path if len(path) > 1 else path[0]].astext
    return found


def with_feeds(tables: SyncTables) -> Any:  # noqa: ANN401 - a join
    """Partners, also those that never read us or were read by us, with how far each has come."""
    partner, inlet, outlet = tables.partner, tables.inlet, tables.outlet
    return partner.outerjoin(inlet, _same_partner(inlet, partner.c.id, partner)).outerjoin(
        outlet, _same_partner(outlet, partner.c.id, partner)
    )


def _same_partner(table: Any, partner_id: ColumnElement[Any], partner: Any) -> ColumnElement[bool]:  # noqa: ANN401 - tables
    return and_(table.c.organisation_id == partner.c.organisation_id, table.c.partner_id == partner_id)


def _body(row: Any) -> JointBody:  # noqa: ANN401 - a row
    found = {Held.NOT_READ_IN_FULL: row["is_unread"], Held.HAS_NOT_READ_US: row["has_not_read_us"]}
    return JointBody(
        organisation=row["owner"],
        name=row["name"],
        partner_id=row["id"],
        is_paused=row["state"] == "paused",
        is_read_in_full=row["read_at"] is not None,
        contact_at=row["contact_at"],
        quarantined=row["quarantined"] or 0,
        held=tuple(why for why, holds in found.items() if holds),
    )
