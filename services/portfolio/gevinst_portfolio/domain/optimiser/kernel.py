"""Kernel search: solve the whole problem over the few columns that good plans are made of, then over more.

After Angelelli, Mansini and Speranza, "Kernel search: a general heuristic for the multi-dimensional knapsack
problem" (2010). Neighbourhoods of one plan end in a plan that no small change betters; here every project is
free, and what is left out is what neither the relaxation nor any plan on the way had wanted.

Where there is nothing to time, every second kernel is of plans with a given number of projects, near the
relaxation's, after Vasquez and Hao, "A hybrid approach for the 0-1 multidimensional knapsack problem" (2001).
"""

from collections import deque

import numpy as np

from gevinst_portfolio.domain.optimiser.highs import Floats, Ints, LinearAnswer, WholeAnswer
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.restriction import Effort, Restriction, restrict, with_count

FIRST_WIDTH, FIRST_WORK, MOST_WORK = 120, 40_000, 200_000
ALL_NODES = 2**31 - 1
# What is added at least to the plan's own columns.
LEAST_ADDED = 20
# How both change after a kernel that was solved to its end, and after one that was not.
WIDER, NARROWER, HARDER = 1.2, 0.98, 1.5
# A kernel is due when as much work was done in vain as this share of what the last one took; twice the share
# after each that led nowhere.
SHARE, MOST_SHARE, FIRST_COST = 0.1, 0.4, 20_000
# How far chance may shift the loss of a column: the deviation of its logarithm.
SCATTER = 0.3
# Columns for each project up to which plans are searched by their number of projects, and those next to it.
MOSTLY_CHOICE, NEXT_COUNTS, COUNTED_WORK = 1.5, (0, 1, -1, 2), 150_000


class Kernel:
    """The next columns to solve over, by what was seen so far; its width and work adapt."""

    def __init__(self, model: PlanModel, relaxation: LinearAnswer) -> None:
        self.work = FIRST_WORK
        self._cost, self._share = FIRST_COST, SHARE
        # All columns were searched to the end: there is nothing left to find.
        self._is_exhausted = False
        width = len(model.project)
        self._width = float(min(width, FIRST_WIDTH))
        self._loss = np.maximum(0.0, -relaxation.reduced[:width])
        # Of columns that cost the relaxation nothing, those that it wants come first.
        self._loss[relaxation.x[:width] > 1e-6] = -1e-3
        self._is_seen = np.zeros(width, np.bool_)
        self._counts = _counts(model, relaxation)
        self._counted: int | None = None

    def is_due(self, in_vain: int) -> bool:
        """Whether it is time for a kernel after so much work in vain."""
        return in_vain >= self._share * self._cost and not self._is_exhausted

    def effort(self, seed: int) -> Effort:
        """How hard to try the last part."""
        if self._counted is None:
            return Effort(ALL_NODES, seed, self.work)
        return Effort(ALL_NODES, seed, COUNTED_WORK, has_heuristics=True)

    def see(self, columns: Ints) -> None:
        """Remember the columns of a good plan."""
        self._is_seen[columns] = True

    def part(self, rng: np.random.Generator, model: PlanModel, chosen: Ints) -> Restriction:
        """The problem over the plan's columns, those of earlier plans and those of least loss."""
        self._counted = self._counts[0] if self._counts and self._counted is None else None
        if self._counted is not None:
            every = np.arange(len(self._loss), dtype=np.int32)
            whole = restrict(model, settled=np.zeros(0, np.int32), open_columns=every)
            return with_count(whole, self._counted)
        loss = self._scattered(rng)
        loss[chosen] = -np.inf
        count = max(int(self._width), len(chosen) + LEAST_ADDED)
        kept = np.sort(np.argsort(loss, kind="stable")[:count]).astype(np.int32)
        return restrict(model, settled=np.zeros(0, np.int32), open_columns=kept)

    def learn(self, part: Restriction, answer: WholeAnswer, *, is_better: bool) -> None:
        """Adapt to how the last part went."""
        self._cost = max(FIRST_COST, answer.iterations)
        self._share = SHARE if is_better or answer.is_ended else min(MOST_SHARE, 2 * self._share)
        if self._counted is not None:
            self._counts.rotate(-1)
            if answer.is_ended:
                self._counts.remove(self._counted)
        elif not answer.is_ended:
            self._width *= NARROWER
            self.work = min(MOST_WORK, int(self.work * HARDER))
        elif int(np.count_nonzero(part.kept < len(self._loss))) == len(self._loss):
            self._is_exhausted = True
        else:
            self._width = min(float(len(self._loss)), self._width * WIDER)

    def _scattered(self, rng: np.random.Generator) -> Floats:
        """The losses, shifted by chance; seen columns come first, in any order when there are too many."""
        loss = self._loss * np.exp(SCATTER * rng.normal(size=len(self._loss)))
        loss[self._is_seen] = -1.0 - rng.random(np.count_nonzero(self._is_seen))
        return loss


def _counts(model: PlanModel, relaxation: LinearAnswer) -> deque[int]:
    """How many projects plans may have, likeliest first; none where it is more about when than what."""
    width = len(model.project)
    if width > MOSTLY_CHOICE * len(model.ids):
        return deque()
    wanted = int(relaxation.x[:width].sum())
    return deque(wanted + step for step in NEXT_COUNTS)
