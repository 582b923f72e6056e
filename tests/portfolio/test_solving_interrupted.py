"""Solving a scenario that is called off, or whose worker is killed (A6)."""

import asyncio

import pytest

from gevinst_portfolio.schemas.plans import PlanOut
from gevinst_portfolio.schemas.runs import RunOut
from tests.portfolio.background import (
    ended,
    events_of,
    forget_lease,
    imported_year,
    make_british_world,
    read_run,
    worked,
    worker_process,
)
from tests.portfolio.planned import plan_of, read
from tests.portfolio.world import World, made, obeys
from tests.support.callers import Desk
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture
async def world(portfolio: Desk) -> World:
    british = await make_british_world(portfolio)
    await imported_year(british, 2023)
    return british


async def asked(world: World) -> tuple[str, str]:
    """A scenario over ten years that takes long to prove, and the run that solves it."""
    budgets = [
        {"year": year, "kind": "investment", "amount": f"{2_100_000_007 + 77_777_777 * (year % 3)}.00"}
        for year in range(2027, 2037)
    ]
    body = {
        "name": "Long",
        "first_quarter": "2027-Q1",
        "quarters": 40,
        "work_limit": 1_000_000_000,
        "assumptions": {"budgets": budgets},
    }
    scenario = await made(world.office, f"/portfolios/{world.portfolio_id}/scenarios", body)
    answer = await world.office.post(f"/scenarios/{scenario['id']}/runs")
    assert answer.status_code == 202, answer.text
    return scenario["id"], answer.json()["id"]


async def has_value(world: World, run_id: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while "value" not in (await read_run(world, run_id))["progress"]:  # noqa: ASYNC110 - another's doing
            await asyncio.sleep(0.05)


async def test_a_solve_that_is_called_off_keeps_the_best_plan_so_far(world: World) -> None:
    scenario_id, run_id = await asked(world)
    async with worker_process(world.desk):
        await has_value(world, run_id)
        await world.office.post(f"/runs/{run_id}/cancellation")
        run = await ended(world, run_id)

    assert run["state"] == "cancelled"
    assert run["plan_summary"]["ended_by"] == "cancelled"
    plan = await plan_of(world, scenario_id)
    assert obeys(PlanOut, plan)
    assert plan["selected_count"] > 10
    assert 0 <= plan["gap"] < 1


async def test_a_solve_whose_scenario_is_deleted_is_called_off_with_it(world: World) -> None:
    scenario_id, run_id = await asked(world)
    async with worker_process(world.desk):
        await has_value(world, run_id)
        gone = await world.office.delete(f"/scenarios/{scenario_id}", headers={"If-Match": '"1"'})
        run = await ended(world, run_id)

    assert gone.status_code == 204
    assert obeys(RunOut, run)
    assert (run["state"], run["error"]["code"]) == ("cancelled", "scenario-deleted")
    assert "plan_summary" not in run


async def test_a_worker_killed_in_the_middle_of_a_solve_loses_and_doubles_nothing(world: World) -> None:
    scenario_id, run_id = await asked(world)
    async with worker_process(world.desk) as process:
        await has_value(world, run_id)
        process.kill()
        await process.wait()
    assert "plan_summary" not in await read(world.office, f"/scenarios/{scenario_id}")
    await forget_lease(world.desk, run_id)

    working = asyncio.create_task(worked(world, run_id))
    async with asyncio.timeout(PATIENCE):
        while (await read_run(world, run_id))["attempts"] < 2:  # noqa: ASYNC110 - another's doing
            await asyncio.sleep(0.05)
    await world.office.post(f"/runs/{run_id}/cancellation")
    run = await working

    assert (run["state"], run["attempts"]) == ("cancelled", 2)
    assert len(await events_of(world.desk, "scenario-solved")) <= 1
