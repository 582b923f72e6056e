"""A scenario over five thousand projects: asked, called off, told and compared within its limits (A6)."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, insert, select

from gevinst_portfolio.store import scenarios as store
from gevinst_portfolio.tables.projects import project as project_table
from gevinst_portfolio.usecases.planning import ask
from gevinst_shared.db.query import Query
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import database_of, ended, read_run, worker_process
from tests.portfolio.planned import open_world, propose, read, scenario
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk

pytestmark = pytest.mark.slow
COUNT = 5_000
_ONE = Query(select(project_table).where(project_table.c.id == bindparam("id")))
_ADD = Query(insert(project_table).values({one.name: bindparam(one.name) for one in project_table.columns}))
_JSON = ("cost_by_year", "needs", "waves", "dependency_lags", "origins", "source_fields", "closing")


@pytest.fixture
async def world(portfolio: Desk) -> World:
    found = await open_world(await make_world(portfolio))
    first = await propose(found, "Project 0")
    async with database_of(portfolio).transaction(portfolio.organisation) as connection:
        row = dict(await _ONE.find(connection, id=UUID(first["id"])) or {})
        row |= {name: None if row[name] is None else json.loads(row[name]) for name in _JSON}
        await _ADD.run_many(
            connection,
            [
                row
                | {
                    "id": new_id(),
                    "name": f"Project {number}",
                    "cost_minor": 1_000_000 * (1 + number % 97),
                    "benefit_minor": 3_000_000 * (1 + number * 31 % 89),
                }
                for number in range(1, COUNT)
            ],
        )
    return found


async def asked(world: World) -> tuple[str, str]:
    money = [{"year": year, "kind": "investment", "amount": "300000000.00"} for year in range(2027, 2030)]
    found = await scenario(world, quarters=12, budgets=money)
    answer = await world.office.post(f"/scenarios/{found['id']}/runs")
    assert answer.status_code == 202, answer.text
    return found["id"], answer.json()["id"]


async def test_five_thousand_projects_are_asked_and_called_off_in_the_middle(world: World) -> None:
    """The best plan so far is kept, told and compared; no run is left running."""
    scenario_id, run_id = await asked(world)
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        scenario_found = await store.get_scenario(connection, UUID(scenario_id), "*")
        question = (await ask(connection, scenario_found)).question
    assert len(question.problem.projects) == COUNT

    async with worker_process(world.desk):
        async with asyncio.timeout(120):
            while (await read_run(world, run_id))["state"] == "queued":  # noqa: ASYNC110 - another's doing
                await asyncio.sleep(0.1)
        await world.office.post(f"/runs/{run_id}/cancellation")
        run = await ended(world, run_id, seconds=300)

    assert run["state"] in {"cancelled", "done"}
    found: dict[str, Any] = await read(world.office, f"/scenarios/{scenario_id}")
    if run.get("plan_summary", {}).get("status") in {"gap", "optimal"}:
        assert found["inputs_changed"] is False
        compared = await read(world.office, f"/scenarios/{scenario_id}/comparison")
        assert len(compared["leaves"]) == found["plan_summary"]["selected_count"]
