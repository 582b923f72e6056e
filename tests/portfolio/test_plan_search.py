"""How the search for a plan behaves: known optima, the same answer twice, limits, nothing and very much."""

import json
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from gevinst_portfolio.domain.optimiser.branching import project_parts, with_choices
from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.highs import LinearSolver
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.model import PlanModel, build_model
from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.prover import Prover, Timeline
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.domain.optimiser.windows import narrow_windows
from tests.support.plan_cases import plan_document

ALL_WORK = 10**9


def knapsack(values: list[int], weights: list[list[int]], room: list[int]) -> Problem:
    rows = range(len(room))
    return Problem(
        name="knapsack",
        periods=1,
        projects=tuple(
            Project(f"item-{j}", "", 1, (value,), demand={f"row-{i}": (weights[i][j],) for i in rows})
            for j, value in enumerate(values)
        ),
        resources=tuple(Resource(f"row-{i}", "", "role", (room[i],)) for i in rows),
    )


def medium_problem(seed: int = 3) -> Problem:
    return read_problem(plan_document(seed, projects=60, periods=12, roles=3, units=2))


def model_of(problem: Problem) -> PlanModel:
    return build_model(problem, narrow_windows(problem))


def test_the_knapsack_of_petersen_gives_3800() -> None:
    # C. C. Petersen, Management Science 13 (1967), problem 1; optimum as published with the OR-Library.
    problem = knapsack(
        [100, 600, 1200, 2400, 500, 2000],
        [
            [8, 12, 13, 64, 22, 41],
            [8, 12, 13, 75, 22, 41],
            [3, 6, 4, 18, 6, 4],
            [5, 10, 8, 32, 6, 12],
            [5, 13, 8, 42, 6, 20],
            [5, 13, 8, 48, 6, 20],
            [0, 0, 0, 0, 8, 0],
            [3, 0, 4, 0, 8, 0],
            [3, 2, 4, 0, 8, 4],
            [3, 2, 4, 8, 8, 4],
        ],
        [80, 96, 20, 36, 44, 48, 10, 18, 22, 24],
    )

    solution = solve(problem)

    assert (solution.status, solution.value, solution.bound) == (Status.OPTIMAL, 3800, 3800)


def test_the_knapsack_of_weingartner_and_ness_gives_141278() -> None:
    # H. M. Weingartner, D. N. Ness, Operations Research 15 (1967), problem 1; optimum as published with the
    # OR-Library.
    first = [45, 0, 85, 150, 65, 95, 30, 0, 170, 0, 40, 25, 20, 0, 0, 25, 0, 0, 25, 0, 165, 0, 85, 0, 0, 0, 0]
    second = [30, 20, 125, 5, 80, 25, 35, 73, 12, 15, 15, 40, 5, 10, 10, 12, 10, 9, 0, 20, 60, 40, 50, 36, 49]
    values = [1898, 440, 22507, 270, 14148, 3100, 4650, 30800, 615, 4975, 1160, 4225, 510, 11880, 479]
    values += [440, 490, 330, 110, 560, 24355, 2885, 11748, 4550, 750, 3720, 1950, 10500]

    solution = solve(knapsack(values, [[*first, 100], [*second, 40, 19, 150]], [600, 600]))

    assert (solution.status, solution.value) == (Status.OPTIMAL, 141278)


def test_nothing_to_choose_from_is_an_empty_plan() -> None:
    solution = solve(Problem(name="none", periods=4, projects=()))

    assert (solution.status, solution.plan, solution.value) == (Status.OPTIMAL, {}, 0)


_TWICE = """
import json, sys
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import plan_document
problem = read_problem(plan_document(3, projects=60, periods=12, roles=3, units=2))
found = solve(problem, seed=7, work_limit=12_000)
print(json.dumps([found.plan, str(found.value), str(found.bound), found.ended_by, found.work]))
"""


@pytest.mark.slow
def test_two_processes_give_the_same_answer_for_a_seed_and_a_work_limit() -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", _TWICE], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]

    first, second = (json.loads(process.communicate()[0]) for process in running)

    assert first == second
    assert first[0]
    assert first[3] in {Ending.WORK, Ending.PROVED}


@pytest.mark.slow
def test_the_time_limit_ends_the_search_with_a_plan() -> None:
    problem = read_problem(plan_document(1, projects=200, periods=20, roles=6, units=4))

    solution = solve(problem, work_limit=ALL_WORK, time_limit=2.0)

    assert solution.ended_by is Ending.TIME
    assert solution.status is Status.GAP
    assert check_plan(problem, solution.plan).is_feasible


@pytest.mark.slow
def test_cancelling_in_the_middle_of_the_race_returns_the_best_plan() -> None:
    values: list[Number] = []
    bounds: list[Number] = []

    def progress(value: Number | None, bound: Number | None, _gap: float | None, _share: float) -> None:
        if value is not None:
            values.append(value)
        if bound is not None and bound not in bounds:
            bounds.append(bound)

    # Only the second thread lowers the bound a second time.
    solution = solve(
        medium_problem(), work_limit=ALL_WORK, progress=progress, is_cancelled=lambda: len(bounds) > 1
    )

    assert solution.ended_by in {Ending.CANCELLED, Ending.PROVED}
    assert solution.value == max(values)
    assert check_plan(medium_problem(), solution.plan).is_feasible


@pytest.mark.slow
def test_five_thousand_projects_get_a_plan() -> None:
    problem = read_problem(plan_document(1, projects=5000, periods=20, roles=6, units=4))

    solution = solve(problem, work_limit=ALL_WORK, time_limit=5.0)

    assert solution.status is Status.GAP
    assert check_plan(problem, solution.plan).is_feasible


def test_the_choices_leave_the_relaxation_as_it_is() -> None:
    model = model_of(medium_problem())

    groups = [project_parts(model.project, parts) for parts in (1, 2)]
    plain, chosen = (
        LinearSolver(linear, seed=1).solve(seconds=60)
        for linear in (model.linear, with_choices(model.linear, groups, is_relaxed=True))
    )

    assert plain is not None
    assert chosen is not None
    assert chosen.value == pytest.approx(plain.value)


def test_a_project_with_few_starts_has_a_part_for_each() -> None:
    project = np.array([0, 0, 0, 0, 2, 2], np.int32)

    assert project_parts(project, 1).tolist() == [0, 0, 0, 0, 1, 1]
    assert project_parts(project, 2).tolist() == [0, 0, 1, 1, 2, 3]
    assert project_parts(project, 3).tolist() == [0, 0, 1, 2, 3, 4]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bound_of_the_prover_is_never_below_a_plan(seed: int) -> None:
    problem = read_problem(plan_document(seed, projects=30, periods=8, roles=2, units=1))
    best = solve(problem).value
    model = model_of(problem)
    assert best is not None

    prover = _run_prover(model, value=0.9 * float(best) / model.value_unit, seconds_left=lambda: 60.0)

    assert prover.bound * model.value_unit >= float(best) * (1 - 1e-6)


def test_a_prover_that_is_stopped_ends() -> None:
    prover = _run_prover(model_of(medium_problem()), value=0.0, seconds_left=lambda: 0.0)

    assert prover.proof is None


def test_the_prover_hears_only_of_what_was_found_by_its_own_work() -> None:
    timeline = Timeline()
    for work, value in ((5, 1.0), (20, 2.0), (30, 3.0)):
        timeline.reach(work, value)
    timeline.end()

    assert [timeline.value_after(work) for work in (0, 19, 20, 99)] == [1.0, 1.0, 2.0, 3.0]
    assert timeline.work_to(2.0) == 20


def _run_prover(model: PlanModel, *, value: float, seconds_left: Callable[[], float]) -> Prover:
    relaxation = LinearSolver(model.linear, seed=1).solve(seconds=60)
    assert relaxation is not None
    timeline = Timeline()
    timeline.reach(0, value)
    timeline.end()
    prover = Prover(model, relaxation, timeline, work_limit=50_000, seconds_left=seconds_left, seed=1)
    prover.start()
    assert prover.wait(120)
    return prover
