"""Which projects are worth freeing together in a neighbourhood search."""

import numpy as np

from gevinst_portfolio.domain.optimiser.highs import Flags, Floats, Ints, LinearAnswer
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.restriction import Restriction, restrict

# How many more projects may move, and by how many periods.
LOOSE, SHIFT = 3, 1
INFINITE_TIME = 10**6
# From which quantiles of the losses the width of the draw comes.
LOOSENESS = (0.2, 0.7)


class Nearness:
    """Which projects are worth freeing together: unsure ones, close in time or in what they need."""

    def __init__(self, problem: Problem, model: PlanModel, relaxation: LinearAnswer) -> None:
        self.model, self.bound = model, relaxation.value
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

    def part(
        self,
        rng: np.random.Generator,
        model: PlanModel,
        chosen: Ints,
        size: int,
        *,
        without: Ints | None = None,
    ) -> Restriction:
        """A part of about `size` free projects near the plan of the chosen columns.

        `model` may be a tighter one with the same columns; those of `without` stay closed.

        In every other part only half as many are free, and three times as many may move by a little.
        """
        is_shifting = rng.integers(2) == 1
        keys, is_in = self._keys(rng, chosen)
        count = max(2, size // 2) if is_shifting else size
        inside, outside = (np.flatnonzero(mask) for mask in (is_in, ~is_in))
        inside, outside = (names[np.argsort(keys[names], kind="stable")] for names in (inside, outside))
        half = min(count // 2, len(inside))
        free, loose = np.zeros(len(is_in), np.bool_), np.zeros(len(is_in), np.bool_)
        free[inside[:half]] = free[outside[: count - half]] = True
        if is_shifting:
            loose[inside[half : half + LOOSE * size]] = True
        # One concept can only give way to another when both are free.
        free = np.isin(self.model.kin, self.model.kin[free])
        current = np.full(len(is_in), -INFINITE_TIME)
        current[model.project[chosen]] = model.start[chosen]
        is_near = np.abs(model.start - current[model.project]) <= SHIFT
        gap = self.bound - float(model.linear.gain[chosen].sum())
        is_open = (free[model.project] | loose[model.project] & is_near) & (self.loss_in <= gap + 1e-6)
        is_settled = ~(free | loose)[model.project[chosen]]
        # A start of the plan stays possible, whatever the relaxation thinks of it.
        is_open[chosen[~is_settled]] = True
        if without is not None:
            is_open[without] = False
        return restrict(
            model, settled=chosen[is_settled], open_columns=np.flatnonzero(is_open).astype(np.int32)
        )

    def _keys(self, rng: np.random.Generator, chosen: Ints) -> tuple[Floats, Flags]:
        """Per project a random key, small where it is worth freeing, and whether it is in the plan."""
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
        # Weighted drawing without replacement (Efraimidis and Spirakis, 2006).
        return rng.exponential(size=count) / np.maximum(weight, 1e-12), is_in

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
