"""Linear-programming diving: settle what the relaxation is nearly sure of, solve again, finish exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.greedy import before_first, is_must, whole_groups
from gevinst_portfolio.domain.optimiser.highs import Floats, Ints, LinearAnswer, LinearSolver
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.restriction import Effort, restrict, solve_part
from gevinst_portfolio.domain.optimiser.room import Room
from gevinst_portfolio.domain.optimiser.windows import Windows

NEARLY_WHOLE = 0.9
NODES, WORK = 20, 3000


@dataclass(frozen=True, slots=True)
class Manner:
    """How to dive: a share of the fractional projects is settled in one step, until `few` are left.

    The exact search that ends the dive looks at `open_columns` columns.
    """

    few: int
    batch_share: float
    open_columns: int


# The quick one comes first; neither is better on all problems.
MANNERS = (Manner(10, 0.2, 300), Manner(20, 0.05, 600))


def dive(
    model: PlanModel,
    solver: LinearSolver,
    relaxation: LinearAnswer,
    limits: Limits,
    *,
    manner: Manner,
    seed: int,
) -> dict[str, int] | None:
    """A plan near the relaxation, or `None` when the dive ends nowhere. The solver's bounds are put back."""
    settled, answer = _descend(model, solver, relaxation, limits, manner)
    while limits.met() is None:
        part = restrict(
            model, settled=settled, open_columns=_promising(model, settled, answer)[: manner.open_columns]
        )
        plan, _ = solve_part(part, limits, Effort(NODES, seed, WORK))
        if plan is not None:
            return plan
        if not len(settled):
            return None
        # Too much was settled: take back the later half and let the exact search decide it.
        settled = settled[: len(settled) // 2]
        answer = relaxation
    return None


def _descend(
    model: PlanModel, solver: LinearSolver, relaxation: LinearAnswer, limits: Limits, manner: Manner
) -> tuple[Ints, LinearAnswer]:
    """The columns settled at one, in that order, and the last relaxation that had a solution."""
    width = len(model.project)
    settled = np.zeros(0, np.int32)
    answer = relaxation
    while limits.met() is None:
        x = answer.x[:width]
        if len(_fractional(model, x)) <= manner.few:
            break
        batch = _next(model, x, settled, manner)
        if not len(batch):
            break
        _bound(solver, batch, 1.0)
        before = solver.iterations
        following = solver.solve(seconds=limits.seconds_left)
        limits.spend(solver.iterations - before)
        if following is None:
            break
        settled, answer = np.concatenate([settled, batch]), following
    _bound(solver, np.arange(width, dtype=np.int32), 0.0)
    return settled, answer


def _fractional(model: PlanModel, x: Floats) -> Ints:
    return np.unique(model.project[(x > 1e-6) & (x < 1 - 1e-6)])


def _next(model: PlanModel, x: Floats, settled: Ints, manner: Manner) -> Ints:
    """The columns to settle next: the nearly whole ones, and a share of the others, best first."""
    is_open = x > 1e-6
    is_open[settled] = False
    columns = np.flatnonzero(is_open)
    order = columns[np.argsort(-x[columns], kind="stable")]
    sure = int(np.count_nonzero(x[order] >= NEARLY_WHOLE))
    share = int(len(_fractional(model, x)) * manner.batch_share)
    chosen = order[: sure or max(1, share)]
    _, firsts = np.unique(model.kin[model.project[chosen]], return_index=True)
    return chosen[np.sort(firsts)].astype(np.int32)


def _bound(solver: LinearSolver, columns: Ints, lower: float) -> None:
    size = len(columns)
    solver.change_bounds(columns, np.full(size, lower), np.ones(size))


def _promising(model: PlanModel, settled: Ints, answer: LinearAnswer) -> Ints:
    """The columns of the projects that are not settled, most promising first."""
    width = len(model.project)
    is_free: NDArray[np.bool_] = np.ones(len(model.ids), np.bool_)
    is_free[model.kin[model.project[settled]]] = False
    columns = np.flatnonzero(is_free[model.kin[model.project]])
    promise = answer.reduced[:width] + 1e9 * (answer.x[:width] > 1e-6)
    return columns[np.argsort(-promise[columns], kind="stable")].astype(np.int32)


def rounded_plan(
    problem: Problem, windows: Windows, model: PlanModel, relaxation: LinearAnswer
) -> dict[str, int] | None:
    """The plan of packing what the relaxation wants most first, at the starts that cost it least."""
    width = len(model.project)
    x, loss = relaxation.x[:width], -relaxation.reduced[:width]
    wanted = np.bincount(model.project, weights=x, minlength=len(model.ids))
    least = np.full(len(model.ids), np.inf)
    np.minimum.at(least, model.project, loss)
    # Those that it wants come by how much, those that it does not by how little they would cost.
    rank = wanted - np.where(np.isfinite(least), np.maximum(least, 0.0), 0.0)
    order = np.lexsort((loss, -x, model.project))
    starts: dict[str, list[int]] = {name: [] for name in model.ids}
    for column in order.tolist():
        starts[model.ids[model.project[column]]].append(int(model.start[column]))
    return _packed(problem, windows, dict(zip(model.ids, rank.tolist(), strict=True)), starts)


def _packed(
    problem: Problem, windows: Windows, rank: Mapping[str, float], starts: Mapping[str, Sequence[int]]
) -> dict[str, int] | None:
    """Forced projects first, then by falling rank, each at the first of its starts that fits."""
    room = Room(problem)
    order = sorted(problem.projects, key=lambda p: (not is_must(p, windows), -rank[p.id]))
    for project in before_first(problem, order):
        possible = starts[project.id]
        is_worth = is_must(project, windows) or any(project.value_by_start[s] > 0 for s in possible)
        start = next((s for s in possible if is_worth and not room.obstacles(project, s)), None)
        if start is not None:
            room.add(project, start)
    plan = whole_groups(problem, room.plan)
    return plan if check_plan(problem, plan).is_feasible else None
