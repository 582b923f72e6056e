"""General cases of partners as they were received, next to the register that they belong into (C3)."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, and_, bindparam, or_, select

from gevinst_benefits.domain.case.general_cases import WithdrawalCode
from gevinst_benefits.tables.general_cases import general_case
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_replica, _partner = sync.replica, sync.partner
_ID = bindparam("partner_id", type_=Uuid)
_its_replica = and_(
    _replica.c.record_id == general_case.c.published_as,
    _replica.c.kind == "general_case",
    _replica.c.partner_id == _ID,
)
_edition = _replica.c.body[("document", "edition")].as_integer()
_OWNER = Query(select(_partner.c.owner).where(_partner.c.id == _ID, _partner.c.state != "stopped"))
_in_register = and_(
    general_case.c.published_as == _replica.c.record_id,
    general_case.c.publisher == bindparam("owner", type_=Text),
)
_is_withdrawn_there = _replica.c.body.has_key("withdrawn_at")
# What has a newer edition than the register; what is withdrawn there and not yet here; what is shared again.
_NEW = Query(
    select(
        _replica.c.record_id,
        _replica.c.body,
        general_case.c.id.label("general_case_id"),
        general_case.c.edition,
    )
    .select_from(_replica.outerjoin(general_case, _in_register))
    .where(
        _replica.c.kind == "general_case",
        _replica.c.partner_id == _ID,
        _replica.c.body.has_key("document"),
        or_(
            general_case.c.id.is_(None),
            _edition > general_case.c.edition,
            and_(_is_withdrawn_there, general_case.c.withdrawn_at.is_(None)),
            and_(~_is_withdrawn_there, general_case.c.withdrawal_code == WithdrawalCode.NOT_SHARED.value),
        ),
    )
    .order_by(_replica.c.record_id)
)
_ENDED = Query(
    select(general_case.c.id)
    .select_from(general_case.outerjoin(_replica, _its_replica))
    .where(
        general_case.c.publisher == bindparam("publisher", type_=Text),
        general_case.c.created_by == bindparam("arrived_by", type_=Text),
        general_case.c.withdrawn_at.is_(None),
        _replica.c.record_id.is_(None),
    )
    .order_by(general_case.c.id)
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A partner's general case, under the partner's id for it.

    `general_case_id` is our register's, and `edition` the newest that is here, if any.
    """

    published_as: UUID
    body: dict[str, Any]
    general_case_id: UUID | None
    edition: int | None


async def find_owner(connection: Connection, partner_id: UUID) -> str | None:
    """The body that the partner is; None when it was stopped."""
    found: str | None = await _OWNER.value(connection, partner_id=partner_id)
    return found


async def list_new(connection: Connection, partner_id: UUID, owner: str) -> list[Arrived]:
    return [
        Arrived(row["record_id"], json.loads(row["body"]), row["general_case_id"], row["edition"])
        for row in await _NEW.rows(connection, partner_id=partner_id, owner=owner)
    ]


async def list_ended(
    connection: Connection, partner_id: UUID, *, publisher: str, arrived_by: str
) -> list[UUID]:
    """The cases that arrived from the partner, are open here, and are not shared any more."""
    rows = await _ENDED.rows(connection, partner_id=partner_id, publisher=publisher, arrived_by=arrived_by)
    return [row["id"] for row in rows]
