"""The edge to HiGHS."""

import re
from pathlib import Path

import numpy as np

from gevinst_portfolio.domain.optimiser.highs import LinearModel, LinearSolver, WholeLimits, solve_whole

KNAPSACK = LinearModel(  # maximise 5a + 4b + 3c with 2a + 3b + c <= 4
    gain=np.array([5.0, 4.0, 3.0]),
    lower=np.zeros(3),
    upper=np.ones(3),
    is_whole=np.ones(3, np.bool_),
    row_lower=np.array([-np.inf]),
    row_upper=np.array([4.0]),
    begin=np.array([0, 1, 2, 3], np.int32),
    rows=np.zeros(3, np.int32),
    amounts=np.array([2.0, 3.0, 1.0]),
)


def test_the_relaxation_has_its_value_and_the_price_of_the_row() -> None:
    answer = LinearSolver(KNAPSACK, 1).solve(seconds=10)

    # a and c whole, a third of b; one unit more buys another third of b.
    assert answer is not None
    assert np.isclose(answer.value, 8 + 4 / 3)
    assert np.isclose(answer.prices[0], 4 / 3)


def test_the_whole_optimum_is_proved() -> None:
    answer = solve_whole(KNAPSACK, WholeLimits(nodes=100, seconds=10, gap=1e-6), seed=1)

    assert answer.is_proved
    assert answer.x is not None
    assert np.allclose(answer.x, [1, 0, 1])
    assert np.isclose(answer.bound, 8)


def test_only_the_edge_imports_the_solver() -> None:
    roots = [Path("services"), Path("shared")]
    importing = [
        path.name
        for root in roots
        for path in root.rglob("*.py")
        if re.search(r"^\s*(import|from) highspy", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert importing == ["highs.py"]
