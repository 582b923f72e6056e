"""What grants to a partner come to now, from the database."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select, union

from gevinst_benefits.store.agreement_kinds import AGREEMENT_KINDS
from gevinst_benefits.store.shared_kinds import KINDS
from gevinst_benefits.tables.arrangements import arrangement
from gevinst_benefits.tables.projects import project
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.projection import Granted
from gevinst_shared.sync.publishing import Publishing, Reader

_PUBLISHING = Publishing(sync, (*KINDS, *AGREEMENT_KINDS))
_RECORD = bindparam("record_id", type_=Uuid)
_KNOWN = Query(
    union(
        select(project.c.id).where(or_(project.c.id == _RECORD, project.c.programme_id == _RECORD)),
        select(arrangement.c.id).where(arrangement.c.id == _RECORD),
    )
)
_PARTNER = Query(select(sync.partner.c.state).where(sync.partner.c.id == bindparam("partner_id", type_=Uuid)))
_OPEN = Query(
    select(sync.grant.c.record_id, sync.grant.c.fields).where(
        sync.grant.c.partner_id == bindparam("partner_id", type_=Uuid),
        sync.grant.c.ended_at.is_(None),
        sync.grant.c.until >= bindparam("today", type_=Date),
    )
)


async def knows_root(connection: Connection, record_id: UUID) -> bool:
    """Whether it is a project or programme that was announced."""
    return bool(await _KNOWN.rows(connection, record_id=record_id))


async def knows_partner(connection: Connection, partner_id: UUID) -> bool:
    return await _PARTNER.find(connection, partner_id=partner_id) is not None


async def list_granted(connection: Connection, partner_id: UUID, *, today: date) -> list[Granted]:
    """What the partner is granted today."""
    rows = await _OPEN.rows(connection, partner_id=partner_id, today=today)
    return [granted(row["record_id"], json.loads(row["fields"])) for row in rows]


def granted(record_id: UUID, fields: Any) -> Granted:  # noqa: ANN401 - {kind: names}
    return Granted(record_id, {kind: frozenset(names) for kind, names in fields.items()})


async def preview(
    connection: Connection, reader: Reader, grants: Iterable[Granted]
) -> Sequence[tuple[str, UUID, str]]:
    """Kind, id and body (JSON) of all that the reader would get of us under these grants."""
    return await _PUBLISHING.preview(connection, reader, grants)
