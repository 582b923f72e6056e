"""Projects with what their benefits' dates hang on, many at once (B9)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.plan.timing import Delivery
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.store.deliveries import delivery_from
from gevinst_benefits.store.projects import project_from
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.projects import project, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_PROJECTS = Query(
    select(project, unit.c.path)
    .outerjoin(
        unit, and_(unit.c.organisation_id == project.c.organisation_id, unit.c.id == project.c.unit_id)
    )
    .where(project.c.id == any_(_ids))
)
_DELIVERIES = Query(select(delivery).where(delivery.c.project_id == any_(_ids)).order_by(delivery.c.id))


async def projects_with_deliveries(
    connection: Connection, project_ids: Sequence[UUID]
) -> Mapping[UUID, Project]:
    """The projects by id, each with its deliveries; two statements however many they are."""
    ids = list(set(project_ids))
    deliveries: dict[UUID, list[Delivery]] = {}
    for row in await _DELIVERIES.rows(connection, ids=ids):
        deliveries.setdefault(row["project_id"], []).append(delivery_from(dict(row)))
    return {
        row["id"]: project_from(dict(row), tuple(deliveries.get(row["id"], ())))
        for row in await _PROJECTS.rows(connection, ids=ids)
    }
