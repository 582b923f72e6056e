"""Large-neighbourhood search: free some projects, solve that part exactly, keep what is better."""

from collections.abc import Callable

import numpy as np

from gevinst_portfolio.domain.optimiser.highs import Flags, Floats, Ints, LinearAnswer
from gevinst_portfolio.domain.optimiser.incumbent import Incumbent
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.restriction import Effort, restrict, solve_part

FIRST_SIZE = 30  # projects
NODES = 30
# The size of the next part after one that was solved in vain, and after one that was not solved to its end.
GROW, SHRINK = 1.1, 0.8
# From which quantiles of the losses the width of the draw comes.
LOOSENESS = (0.2, 0.7)


def improve(  # noqa: PLR0913 - the search's whole state, and where it ends
    problem: Problem,
    model: PlanModel,
    relaxation: LinearAnswer,
    incumbent: Incumbent,
    limits: Limits,
    *,
    seed: int,
    is_enough: Callable[[int], bool],
) -> None:
    """Raise the incumbent until a limit is met or `is_enough(rounds without improvement)` says so.

    The size of the part adapts: larger when it was solved to its end in vain, smaller when it was not.
    """
    rng = np.random.default_rng(seed)
    nearness = _Nearness(problem, model, relaxation)
    size, idle = max(float(FIRST_SIZE), len(model.ids) / 8), 0
    while limits.met() is None and not incumbent.is_proved and not is_enough(idle):
        assert incumbent.plan is not None
        assert incumbent.value is not None
        chosen = model.columns_of(incumbent.plan)
        free = nearness.free_projects(rng, chosen, int(size))
        gap = (float(incumbent.bound or 0) - float(incumbent.value)) / model.value_unit
        part = restrict(
            model,
            settled=chosen[~free[model.project[chosen]]],
            open_columns=nearness.open_columns(free, chosen, gap),
        )
        plan, answer = solve_part(
            part, limits, Effort(NODES, int(rng.integers(2**31))), start=chosen, least_gain=1e-6
        )
        is_better = plan is not None and incumbent.offer(plan)
        idle = 0 if is_better else idle + 1
        if not answer.is_proved:
            size = max(8.0, size * SHRINK)
        elif not is_better:
            size = min(float(len(model.ids)), size * GROW)


class _Nearness:
    """Which projects are worth freeing together: unsure ones, close in time or in what they need."""

    def __init__(self, problem: Problem, model: PlanModel, relaxation: LinearAnswer) -> None:
        self.model = model
        width, count = len(model.project), len(model.ids)
        # What the relaxation loses when a column is at one: 0 where it would like to have it.
        self.loss_in = np.maximum(0.0, -relaxation.reduced[:width])
        # What it loses when a project is out: the price of its row "chosen once".
        self.loss_out = np.maximum(0.0, relaxation.prices[:count])
        self.least_loss_in = np.full(count, np.inf)
        np.minimum.at(self.least_loss_in, model.project, self.loss_in)
        self.needs = np.array(
            [
                [float(sum(p.demand.get(r.id, ()))) for r in problem.resources]
                + [float(sum(p.cost.get(b.id, ()))) for b in problem.budgets]
                + [1.0]
                for p in problem.projects
            ]
        )
        self.needs /= np.maximum(self.needs.max(axis=0), 1e-9)
        self.durations = np.array([p.duration for p in problem.projects])
        self.periods = problem.periods
        likely = np.lexsort((self.loss_in, model.project))
        firsts = np.searchsorted(model.project[likely], np.arange(count))
        self.likely_start = np.full(count, 0)
        has_start = firsts < len(likely)
        self.likely_start[has_start] = model.start[likely[firsts[has_start]]]

    def free_projects(self, rng: np.random.Generator, chosen: Ints, size: int) -> Flags:
        """A mask of `size` projects, half of them in the plan."""
        count = len(self.model.ids)
        is_in = np.zeros(count, np.bool_)
        is_in[self.model.project[chosen]] = True
        loss = np.where(is_in, self.loss_out, self.least_loss_in)
        start = self.likely_start.copy()
        start[self.model.project[chosen]] = self.model.start[chosen]
        # What each project adds to the gap as it stands, and how near it is to changing sides.
        share = np.where(is_in, 0.0, self.loss_out)
        share[self.model.project[chosen]] = self.loss_in[chosen]
        scale = np.quantile(loss[np.isfinite(loss)], rng.uniform(*LOOSENESS)) + 1e-9
        weight = np.exp(-loss / scale) + share / (share.mean() + 1e-9) + 1e-4
        weight = weight * self._kinship(rng, start)
        weight[~np.isfinite(self.least_loss_in)] = 0.0
        free = np.zeros(count, np.bool_)
        half = min(size // 2, int(is_in.sum()))
        for mask, number in ((is_in, half), (~is_in, size - half)):
            # Weighted drawing without replacement (Efraimidis and Spirakis, 2006).
            keys = rng.exponential(size=count) / np.maximum(np.where(mask, weight, 0.0), 1e-12)
            free[np.argsort(keys, kind="stable")[: min(number, int(mask.sum()))]] = True
        # One concept can only give way to another when both are free.
        return np.isin(self.model.kin, self.model.kin[free])

    def open_columns(self, free: Flags, chosen: Ints, gap: float) -> Ints:
        """The columns of the free projects, without those that lose more than there is to gain."""
        is_open = free[self.model.project] & (self.loss_in <= gap + 1e-6)
        is_open[chosen[free[self.model.project[chosen]]]] = True
        return np.flatnonzero(is_open).astype(np.int32)

    def _kinship(self, rng: np.random.Generator, start: Ints) -> Floats:
        kind = rng.integers(4)
        if kind == 0:
            return np.ones(len(self.durations))
        if kind == 1:
            return self.needs[:, rng.integers(self.needs.shape[1])] + 1e-3
        period = rng.integers(self.periods)
        middle = start + self.durations / 2
        near = np.exp(-np.abs(middle - period) / 2.0) + 1e-3
        return near if kind == 2 else near * (self.needs[:, rng.integers(self.needs.shape[1])] + 1e-3)
