"""Playbooks of partners as they were received, next to the register that they belong into (X3)."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, and_, bindparam, literal_column, or_, select

from gevinst_portfolio.tables.playbooks import playbook
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_replica, _partner = sync.replica, sync.partner
_ID = bindparam("partner_id", type_=Uuid)
_is_playbook = and_(_replica.c.partner_id == _ID, _replica.c.kind == "playbook")
_is_whole = and_(_is_playbook, _replica.c.body.has_key("document"))
# Also one of which nothing was kept, because it cannot be used: it is shared all the same.
_is_given = or_(_replica.c.body.has_key("document"), _replica.c.body == literal_column("'{}'::jsonb"))
_its_replica = and_(_replica.c.record_id == playbook.c.published_as, _is_playbook, _is_given)
_OWNER = Query(select(_partner.c.owner).where(_partner.c.id == _ID, _partner.c.state != "stopped"))
_in_register = and_(
    playbook.c.published_as == _replica.c.record_id, playbook.c.publisher == bindparam("owner", type_=Text)
)
# What the register does not say as its publisher does today.
_NEW = Query(
    select(_replica.c.record_id, _replica.c.body)
    .select_from(_replica.outerjoin(playbook, _in_register))
    .where(
        _is_whole,
        or_(
            playbook.c.id.is_(None),
            playbook.c.partner_id.is_distinct_from(_ID),
            playbook.c.sha256 != _replica.c.body[("document", "sha256")].astext,
            _replica.c.body.has_key("withdrawn_at") != playbook.c.withdrawn_at.is_not(None),
            playbook.c.unshared_at.is_not(None),
        ),
    )
    .order_by(_replica.c.record_id)
)
_ENDED = Query(
    select(playbook.c.id)
    .select_from(playbook.outerjoin(_replica, _its_replica))
    .where(playbook.c.partner_id == _ID, playbook.c.unshared_at.is_(None), _replica.c.record_id.is_(None))
    .order_by(playbook.c.id)
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A partner's playbook as it shares it now, under the partner's id for it."""

    published_as: UUID
    body: dict[str, Any]


async def find_owner(connection: Connection, partner_id: UUID) -> str | None:
    """The body that the partner is; None when it was stopped."""
    found: str | None = await _OWNER.value(connection, partner_id=partner_id)
    return found


async def list_new(connection: Connection, partner_id: UUID, owner: str) -> list[Arrived]:
    rows = await _NEW.rows(connection, partner_id=partner_id, owner=owner)
    return [Arrived(row["record_id"], json.loads(row["body"])) for row in rows]


async def list_ended(connection: Connection, partner_id: UUID) -> list[UUID]:
    """The playbooks that arrived from the partner and are not shared any more."""
    return [row["id"] for row in await _ENDED.rows(connection, partner_id=partner_id)]
