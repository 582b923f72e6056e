"""`python -m bench.optimise_one FILE SECONDS [--what-if] [--frontier]`: one problem in a process of its own.

Writes a JSON object per line: every improvement on the way, then what was measured.
"""

import argparse
import json
import resource
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from time import monotonic

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import problem_from_text
from gevinst_portfolio.domain.optimiser.greedy import ranked_plan
from gevinst_portfolio.domain.optimiser.model import build_model
from gevinst_portfolio.domain.optimiser.problem import Number, Problem
from gevinst_portfolio.domain.optimiser.result import Solution
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.domain.optimiser.windows import narrow_windows

GAPS = (0.03, 0.01, 0.001)
ALL_WORK = 10**9
# The change of a what-if: this share of all money goes away.
LESS_MONEY = Fraction(98, 100)
WHAT_IF_SECONDS = 2.0
FRONTIER_POINTS = 20
FRONTIER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from the start of the search; `to_gap` in the order of `GAPS`, `None` when not reached."""

    build_seconds: float
    memory_mb: float
    first_plan_seconds: float | None
    to_gap: tuple[float | None, ...]
    value: float | None
    gap: float | None
    ended_by: str
    seconds: float
    greedy: float | None
    what_if_gap: float | None = None
    frontier_seconds: float | None = None
    frontier_worst_gap: float | None = None


def measure(problem: Problem, seconds: float) -> tuple[Measured, Solution]:
    """Build and solve the problem; prints a line per improvement."""
    started = monotonic()
    build_model(problem, narrow_windows(problem))
    built = monotonic() - started
    greedy = ranked_plan(problem)
    heard: list[tuple[float, float | None, float | None]] = []
    started = monotonic()

    def progress(value: Number | None, bound: Number | None, gap: float | None, _share: float) -> None:
        heard.append((monotonic() - started, None if value is None else float(value), gap))
        known = None if bound is None else float(bound)
        print(json.dumps({"seconds": heard[-1][0], "value": heard[-1][1], "bound": known, "gap": gap}))

    solution = solve(problem, work_limit=ALL_WORK, time_limit=seconds, progress=progress)
    took = monotonic() - started
    measured = Measured(
        build_seconds=built,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        first_plan_seconds=next((at for at, value, _ in heard if value is not None), None),
        to_gap=tuple(next((at for at, _, gap in heard if gap is not None and gap <= g), None) for g in GAPS),
        value=None if solution.value is None else float(solution.value),
        gap=solution.gap,
        ended_by=solution.ended_by,
        seconds=took,
        greedy=None if greedy is None else float(check_plan(problem, greedy).value),
    )
    return measured, solution


def what_if(problem: Problem, solution: Solution) -> float | None:
    """The gap after two seconds when some of the money goes away, beginning with the plan there was."""
    changed = with_money(problem, LESS_MONEY)
    answer = solve(changed, work_limit=ALL_WORK, time_limit=WHAT_IF_SECONDS, start_plan=solution.plan)
    return answer.gap


def frontier(problem: Problem) -> tuple[float, float]:
    """Seconds for the plans at twenty levels of money, and the largest gap among them."""
    started, worst, plan = monotonic(), 0.0, None
    for point in range(FRONTIER_POINTS):
        share = Fraction(point + 1, FRONTIER_POINTS)
        answer = solve(
            with_money(problem, share),
            work_limit=ALL_WORK,
            time_limit=FRONTIER_SECONDS / FRONTIER_POINTS - 0.1,
            start_plan=plan,
        )
        # Money that does not reach for what is mandatory has no plan, and so no gap.
        worst = max(worst, answer.gap or 0.0)
        plan = answer.plan or plan
    return monotonic() - started, worst


def with_money(problem: Problem, share: Fraction) -> Problem:
    """The problem with this share of all money, in whole units."""
    return replace(
        problem,
        budgets=tuple(replace(b, inflow=tuple(a * share // 1 for a in b.inflow)) for b in problem.budgets),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.optimise_one")
    parser.add_argument("file", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--what-if", action="store_true")
    parser.add_argument("--frontier", action="store_true")
    arguments = parser.parse_args()
    problem = problem_from_text(arguments.file.read_text(encoding="utf-8"))
    measured, solution = measure(problem, arguments.seconds)
    if arguments.what_if:
        measured = replace(measured, what_if_gap=what_if(problem, solution))
    if arguments.frontier:
        took, worst = frontier(problem)
        measured = replace(measured, frontier_seconds=took, frontier_worst_gap=worst)
    print(json.dumps({"measured": asdict(measured)}))


if __name__ == "__main__":
    main()
