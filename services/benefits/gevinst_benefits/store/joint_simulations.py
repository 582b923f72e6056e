"""The cases that a programme or a portfolio has today: the newest version of each of its projects."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from gevinst_benefits.domain.plan.planned_years import NEVER_DELIVERS
from gevinst_benefits.domain.simulation.joint_simulations import JointCases, JointSimulation
from gevinst_benefits.store.case_documents import drawn_json
from gevinst_benefits.tables.business_cases import business_case
from gevinst_benefits.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

Json = dict[str, Any]
_ids = bindparam("ids", type_=ARRAY(Uuid))
_PROJECTS = Query(
    select(project.c.id, project.c.status)
    .where(
        or_(
            project.c.portfolio_id == bindparam("portfolio_id", type_=Uuid),
            project.c.programme_id == bindparam("programme_id", type_=Uuid),
        )
    )
    .order_by(project.c.id)
)
_NEWEST = Query(
    select(*(column for column in business_case.columns if column.name != "results"))
    .ext(distinct_on(business_case.c.project_id))
    .where(business_case.c.project_id == any_(_ids))
    .order_by(business_case.c.project_id, business_case.c.number.desc())
)


async def find_projects(
    connection: Connection, *, portfolio_id: UUID | None = None, programme_id: UUID | None = None
) -> list[UUID] | None:
    """The projects that may still give what their cases say; nothing when none at all is known there."""
    rows = await _PROJECTS.rows(connection, portfolio_id=portfolio_id, programme_id=programme_id)
    return [row["id"] for row in rows if row["status"] not in NEVER_DELIVERS] if rows else None


async def newest_versions(connection: Connection, project_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The row of the newest version of each of the projects that has one, without its results."""
    return [dict(row) for row in await _NEWEST.rows(connection, ids=list(project_ids))]


def joint_simulation_json(found: JointSimulation, *, seed: int, draws: int) -> Json:
    """`JointSimulationOut`."""
    return {
        "seed": seed,
        "draws": draws,
        "sums": [_sum_json(one) for one in found.sums],
        "factors": [
            {"factor": one.factor, "name": one.name, "project_ids": _texts(one.project_ids)}
            for one in found.factors
        ],
        "left_out": [
            {"project_id": str(project_id), "reason": reason.value} for project_id, reason in found.left_out
        ],
    }


def _sum_json(one: JointCases) -> Json:
    return {
        "currency": one.currency,
        "price_year": one.price_year,
        "project_ids": _texts(one.project_ids),
        **drawn_json(one.figures),
        "standard_deviation_if_independent": f"{one.if_independent:.2f}",
    }


def _texts(ids: Sequence[UUID]) -> list[str]:
    return [str(one) for one in ids]
