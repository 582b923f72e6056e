"""A scenario's problem, to be solved at home: the same question, so the same answer."""

import json

import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import problem_from_text
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.schemas.scenario_problems import ProblemOut
from gevinst_shared.values.actor import Role
from tests.portfolio.planned import open_world, propose, scenario, solved
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk, problem


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def test_the_problem_is_the_question_that_the_plan_answers(world: World) -> None:
    for number in range(4):
        await propose(world, f"Project {number}", benefit=f"{10 + number}000000.00", category="New")
    limits = [{"category": "New", "min_share": "0.05"}]
    found = await solved(world, categories=limits, most_starts=1)

    answer = await world.office.get(f"/scenarios/{found['id']}/problem")

    asked = problem_from_text(answer.text)
    solution = solve(asked, seed=found["seed"], work_limit=found["work_limit"])
    assert ProblemOut.model_validate(json.loads(answer.text)).name == found["name"]
    assert solution.value == found["plan_summary"]["value"]
    assert check_plan(asked, solution.plan).is_feasible


async def test_a_scenario_that_asks_nothing_says_so(world: World) -> None:
    made = await scenario(world)

    answer = await world.office.get(f"/scenarios/{made['id']}/problem")

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#nothing-to-plan")


async def test_a_private_scenario_has_no_problem_for_others(world: World) -> None:
    await propose(world, "Project")
    made = await scenario(world)
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")

    answer = await board.get(f"/scenarios/{made['id']}/problem")

    assert answer.status_code == 404
