"""The names of portfolios and programmes, kept from the portfolio service's feed."""

from uuid import UUID

from sqlalchemy import Boolean, Text, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.tables.arrangements import arrangement
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_FIND = Query(select(arrangement.c.name).where(arrangement.c.id == bindparam("id", type_=Uuid)))
_insert = insert(arrangement).values(
    organisation_id=bindparam("organisation_id", type_=Text),
    id=bindparam("id", type_=Uuid),
    name=bindparam("name", type_=Text),
    is_programme=bindparam("is_programme", type_=Boolean),
)
_KEEP = Query(
    _insert.on_conflict_do_update(
        index_elements=arrangement.primary_key, set_={"name": _insert.excluded.name}
    )
)


async def find_name(connection: Connection, arrangement_id: UUID) -> str | None:
    """What the portfolio or programme is called; None until its name is announced."""
    found: str | None = await _FIND.value(connection, id=arrangement_id)
    return found


async def keep_name(
    connection: Connection, organisation_id: str, arrangement_id: UUID, name: str, *, is_programme: bool
) -> None:
    """Keep what was announced of a programme or a portfolio; the same event twice changes nothing."""
    whose = {"organisation_id": organisation_id, "id": arrangement_id}
    await _KEEP.run(connection, **whose, name=name, is_programme=is_programme)
