"""Kernel search: the whole problem over the columns that good plans are made of (P3, P4)."""

import itertools
import json

import numpy as np
import pytest

from gevinst_portfolio.domain.optimiser.file import problem_from_text
from gevinst_portfolio.domain.optimiser.highs import LinearAnswer, LinearSolver, WholeAnswer
from gevinst_portfolio.domain.optimiser.kernel import FIRST_WIDTH, NEXT_COUNTS, Kernel
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel, build_model
from gevinst_portfolio.domain.optimiser.restriction import solve_part
from gevinst_portfolio.domain.optimiser.windows import narrow_windows
from tests.support.plan_cases import plan_document

ENDED = WholeAnswer(x=None, bound=0.0, is_proved=False, is_infeasible=True, iterations=30_000)
CUT_SHORT = WholeAnswer(x=None, bound=0.0, is_proved=False, is_infeasible=False, iterations=30_000)


@pytest.fixture(scope="module")
def model() -> PlanModel:
    problem = problem_from_text(json.dumps(plan_document(1, projects=40, periods=12, roles=3, units=2)))
    return build_model(problem, narrow_windows(problem))


@pytest.fixture(scope="module")
def relaxation(model: PlanModel) -> LinearAnswer:
    answer = LinearSolver(model.linear, 1).solve(seconds=60)
    assert answer is not None
    return answer


def test_a_kernel_has_the_columns_of_the_plan_and_those_that_the_relaxation_wants(
    model: PlanModel, relaxation: LinearAnswer
) -> None:
    plan = np.array([0, 1, 2], np.int32)

    part = Kernel(model, relaxation).part(np.random.default_rng(1), model, plan)

    wanted = np.flatnonzero(relaxation.x[: len(model.project)] > 1e-6)
    assert len(part.settled) == 0
    assert set(plan.tolist()) <= set(part.kept.tolist())
    assert set(wanted.tolist()) <= set(part.kept.tolist())
    assert np.count_nonzero(part.kept < len(model.project)) == FIRST_WIDTH


def test_columns_of_good_plans_stay_in_the_kernel(model: PlanModel, relaxation: LinearAnswer) -> None:
    kernel = Kernel(model, relaxation)
    unlikely = np.argsort(relaxation.reduced[: len(model.project)])[:5].astype(np.int32)

    kernel.see(unlikely)

    part = kernel.part(np.random.default_rng(1), model, np.array([0], np.int32))
    assert set(unlikely.tolist()) <= set(part.kept.tolist())


def test_a_kernel_that_was_searched_to_its_end_grows_until_it_holds_every_column(
    model: PlanModel, relaxation: LinearAnswer
) -> None:
    kernel, rng, plan = Kernel(model, relaxation), np.random.default_rng(1), np.array([0], np.int32)
    widths = []

    while kernel.is_due(10**9):
        part = kernel.part(rng, model, plan)
        widths.append(int(np.count_nonzero(part.kept < len(model.project))))
        kernel.learn(part, ENDED, is_better=False)

    assert widths == sorted(set(widths))
    assert widths[-1] == len(model.project)


def test_a_kernel_that_led_nowhere_is_narrower_and_comes_later(
    model: PlanModel, relaxation: LinearAnswer
) -> None:
    kernel, rng, plan = Kernel(model, relaxation), np.random.default_rng(1), np.array([0], np.int32)
    part = kernel.part(rng, model, plan)
    patience = next(work for work in range(0, 10**6, 100) if kernel.is_due(work))

    kernel.learn(part, CUT_SHORT, is_better=False)

    assert len(kernel.part(rng, model, plan).kept) < len(part.kept)
    assert not kernel.is_due(patience)


def test_where_there_is_only_choosing_every_second_kernel_has_a_given_number_of_projects() -> None:
    rng = np.random.default_rng(5)
    values, weights = rng.integers(10, 99, 12).tolist(), rng.integers(10, 99, (3, 12)).tolist()
    room = [sum(row) // 2 for row in weights]
    document = {
        "schema": "gevinst-plan/1",
        "name": "knapsack",
        "periods": 1,
        "resources": [{"id": f"row-{i}", "capacity": [most]} for i, most in enumerate(room)],
        "budgets": [],
        "projects": [
            {
                "id": str(j),
                "duration": 1,
                "demand": {f"row-{i}": [row[j]] for i, row in enumerate(weights)},
                "value_by_start": [value],
            }
            for j, value in enumerate(values)
        ],
    }
    problem = problem_from_text(json.dumps(document))
    model = build_model(problem, narrow_windows(problem))
    relaxed = LinearSolver(model.linear, 1).solve(seconds=60)
    assert relaxed is not None
    kernel, plan = Kernel(model, relaxed), np.zeros(0, np.int32)

    best: dict[int, float] = {}
    limits = Limits(10**9)
    for _ in range(2 * len(NEXT_COUNTS)):
        part = kernel.part(rng, model, plan)
        found, answer = solve_part(part, limits, kernel.effort(1))
        kernel.learn(part, answer, is_better=False)
        chosen = frozenset(found or ())
        best[len(chosen)] = max(best.get(len(chosen), 0.0), sum(values[int(name)] for name in chosen))

    for count in (int(relaxed.x[: len(model.project)].sum()) + step for step in NEXT_COUNTS):
        fitting = (
            one
            for one in itertools.combinations(range(12), count)
            if all(sum(row[i] for i in one) <= most for row, most in zip(weights, room, strict=True))
        )
        assert best.get(count) == max((sum(values[i] for i in one) for one in fitting), default=None)
