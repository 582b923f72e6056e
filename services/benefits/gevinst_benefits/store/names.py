"""What the people and units behind ids are called."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.projects import person, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_subjects: Any = bindparam("subjects", type_=ARRAY(Text))
_UNITS = Query(select(unit.c.id, unit.c.name).where(unit.c.id == any_(_ids)))
_PEOPLE = Query(
    select(person.c.id, person.c.subject, person.c.name).where(
        or_(person.c.id == any_(_ids), person.c.subject == any_(_subjects))
    )
)


async def unit_names(connection: Connection, ids: Iterable[UUID]) -> Mapping[str, str]:
    """The names of those units that are known, by the text of their ids."""
    return {str(row["id"]): row["name"] for row in await _UNITS.rows(connection, ids=list(ids))}


async def people_names(
    connection: Connection, ids: Iterable[UUID], subjects: Iterable[str]
) -> Mapping[str, str]:
    """The names of those people who are known, by the text of their ids and by their subjects."""
    rows = await _PEOPLE.rows(connection, ids=list(ids), subjects=list(subjects))
    return {key: row["name"] for row in rows for key in (str(row["id"]), row["subject"])}
