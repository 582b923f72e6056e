"""What each project's value in a plan came from, kept with the plan's run (E2)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from gevinst_portfolio.tables.criteria import valuation
from gevinst_portfolio.tables.scenarios import scenario
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_ADD = Query(insert(valuation).values({column.name: bindparam(column.name) for column in valuation.columns}))
_OF_PLAN = Query(
    select(valuation.c.run_id, valuation.c.projects)
    .join(
        scenario,
        (scenario.c.organisation_id == valuation.c.organisation_id)
        & (scenario.c.plan_run_id == valuation.c.run_id),
    )
    .where(scenario.c.id == bindparam("scenario_id"))
)


async def add_valuation(
    connection: Connection, organisation: str, run_id: UUID, values: Mapping[str, Any], at: datetime
) -> None:
    """Keep what the run's plan was valued by."""
    await _ADD.run(
        connection, organisation_id=organisation, run_id=run_id, projects=dict(values), valued_at=at
    )


async def find_of_plan(connection: Connection, scenario_id: UUID) -> dict[str, Any] | None:
    """What the scenario's plan was valued by, with its `run_id`; None while there is no plan."""
    row = await _OF_PLAN.find(connection, scenario_id=scenario_id)
    return None if row is None else {"run_id": str(row["run_id"]), **json.loads(row["projects"])}
