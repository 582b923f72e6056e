"""Partners and grants as the portfolio service announced them, in the database."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Uuid, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.tables.shared import outbox
from gevinst_benefits.tables.sync import confidentiality, sync, sync_network
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.allowed_networks import AllowedNetworks

NETWORKS = AllowedNetworks(outbox, sync_network)
_partner, _grant = sync.partner, sync.grant
_TOLD = (
    "owner",
    "name",
    "state",
    "address",
    "serial",
    "keys",
    "withdrawn",
    "feeds",
    "token",
    "grants_number",
)
# What of it is the partner's statement.
STATED = ("name", "serial", "keys", "withdrawn", "feeds", "token")
_new_partner = insert(_partner).values(
    {name: bindparam(name) for name in ("organisation_id", "id", *_TOLD, "created_at")}
)
_KEEP_PARTNER = Query(
    _new_partner.on_conflict_do_update(
        index_elements=_partner.primary_key,
        set_={name: _new_partner.excluded[name] for name in _TOLD}
        | {"grants_number": func.greatest(_partner.c.grants_number, _new_partner.excluded.grants_number)},
        # Who was stopped stays so; a later proposal is another partner.
        where=_partner.c.state != "stopped",
    )
)
_GRANT = (
    "organisation_id",
    "id",
    "partner_id",
    "kind",
    "record_id",
    "fields",
    "purpose",
    "until",
    "given_at",
)
_KEEP_GRANT = Query(
    insert(_grant).values({name: bindparam(name) for name in _GRANT}).on_conflict_do_nothing()
)
_END_GRANT = Query(
    update(_grant)
    .values(ended_at=bindparam("now", type_=DateTime(timezone=True)), revision=_grant.c.revision + 1)
    .where(_grant.c.id == bindparam("grant_id", type_=Uuid), _grant.c.ended_at.is_(None))
)
_COUNT = Query(
    update(_partner)
    .values(grants_number=func.greatest(_partner.c.grants_number, bindparam("number", type_=BigInteger)))
    .where(_partner.c.id == bindparam("partner_id", type_=Uuid))
)
_word = insert(confidentiality).values(
    {column.name: bindparam(column.name) for column in confidentiality.columns}
)
_KEEP_CONFIDENTIALITY = Query(
    _word.on_conflict_do_update(
        index_elements=confidentiality.primary_key,
        set_={"is_confidential": _word.excluded.is_confidential},
        where=confidentiality.c.is_confidential != _word.excluded.is_confidential,
    )
)


_FIND_PARTNER = Query(
    select(_partner.c.state, *(_partner.c[name] for name in STATED)).where(
        _partner.c.id == bindparam("partner_id", type_=Uuid)
    )
)
_NETWORK = ("organisation_id", "id", "network", "reason", "created_at")
_CONFIRMED = Query(select(_partner.c.id).where(_partner.c.state == "confirmed").order_by(_partner.c.id))
_KEEP_NETWORK = Query(
    insert(sync_network).values({name: bindparam(name) for name in _NETWORK}).on_conflict_do_nothing()
)
_CLOSE_NETWORK = Query(delete(sync_network).where(sync_network.c.id == bindparam("network_id", type_=Uuid)))


async def find_partner(connection: Connection, partner_id: UUID) -> Mapping[str, Any] | None:
    """State and what it has stated (`STATED`) as they are known; None for a stranger."""
    row = await _FIND_PARTNER.find(connection, partner_id=partner_id)
    if row is None:
        return None
    return {**row, **{name: json.loads(row[name]) for name in ("keys", "feeds", "token")}}


async def list_confirmed(connection: Connection) -> list[UUID]:
    return [row["id"] for row in await _CONFIRMED.rows(connection)]


async def keep_network(connection: Connection, organisation_id: str, values: Mapping[str, Any]) -> None:
    await _KEEP_NETWORK.run(connection, organisation_id=organisation_id, **values)


async def close_network(connection: Connection, network_id: UUID) -> None:
    await _CLOSE_NETWORK.run(connection, network_id=network_id)


async def keep_partner(connection: Connection, organisation_id: str, values: Mapping[str, Any]) -> None:
    """Keep what was announced; the same event twice changes nothing."""
    await _KEEP_PARTNER.run(connection, organisation_id=organisation_id, **values)


async def keep_grant(connection: Connection, organisation_id: str, values: Mapping[str, Any]) -> None:
    """Keep a new grant; one that is there, ended or not, stays as it is."""
    await _KEEP_GRANT.run(connection, organisation_id=organisation_id, **values)


async def end_grant(connection: Connection, grant_id: UUID, now: datetime) -> None:
    await _END_GRANT.run(connection, grant_id=grant_id, now=now)


async def count_grants(connection: Connection, partner_id: UUID, number: int) -> bool:
    """So many changes of grants to the partner are known from now on; False when nobody knows the partner."""
    return await _COUNT.run(connection, partner_id=partner_id, number=number) > 0


async def keep_confidentiality(
    connection: Connection, organisation_id: str, project_id: UUID, *, is_confidential: bool
) -> None:
    await _KEEP_CONFIDENTIALITY.run(
        connection, organisation_id=organisation_id, id=project_id, is_confidential=is_confidential
    )
