"""What the agenda of a meeting names, for its paper: projects, releases and people, each in one statement."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.store.projects import project_document
from gevinst_portfolio.store.releases import release_document
from gevinst_portfolio.tables.organisations import person
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.releases import release
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

Json = Mapping[str, Any]
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_decision_ids: Any = bindparam("decision_ids", type_=ARRAY(Uuid))
_subjects: Any = bindparam("subjects", type_=ARRAY(Text))
_PROJECTS = Query(select(project_document(project.c).label("document")).where(project.c.id == any_(_ids)))
_RELEASES = Query(
    select(release_document(release.c).label("document"))
    .where(or_(release.c.id == any_(_ids), release.c.decision_id == any_(_decision_ids)))
    .order_by(release.c.id)
)
_PEOPLE = Query(
    select(person.c.id, person.c.subject, person.c.name).where(
        or_(person.c.id == any_(_ids), person.c.subject == any_(_subjects))
    )
)


async def projects_by_id(connection: Connection, ids: Iterable[UUID]) -> Mapping[str, Json]:
    """`ProjectOut` of each, by the text of its id."""
    rows = await _PROJECTS.rows(connection, ids=list(ids))
    found = [json.loads(row["document"]) for row in rows]
    return {one["id"]: one for one in found}


async def list_releases(
    connection: Connection, ids: Iterable[UUID], decision_ids: Iterable[UUID]
) -> list[Json]:
    """`ReleaseOut` of these, and of what these decisions freed."""
    rows = await _RELEASES.rows(connection, ids=list(ids), decision_ids=list(decision_ids))
    return [json.loads(row["document"]) for row in rows]


async def people_names(
    connection: Connection, ids: Iterable[UUID], subjects: Iterable[str]
) -> Mapping[str, str]:
    """The names of those who are known, by the text of their ids and by their subjects."""
    rows = await _PEOPLE.rows(connection, ids=list(ids), subjects=list(subjects))
    return {key: row["name"] for row in rows for key in (str(row["id"]), row["subject"])}
