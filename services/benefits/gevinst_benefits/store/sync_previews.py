"""What a grant can be over, as portfolio announced it."""

from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, union

from gevinst_benefits.tables.arrangements import arrangement
from gevinst_benefits.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_RECORD = bindparam("record_id", type_=Uuid)
_HAS = {
    "project": Query(select(project.c.id).where(project.c.id == _RECORD)),
    "programme": Query(
        union(
            select(project.c.programme_id.label("id")).where(project.c.programme_id == _RECORD),
            select(arrangement.c.id).where(arrangement.c.id == _RECORD, arrangement.c.is_programme),
        )
    ),
}


async def has_record(connection: Connection, kind: str, record_id: UUID) -> bool:
    """Whether a project or programme with the id was announced."""
    return bool(await _HAS[kind].rows(connection, record_id=record_id))
