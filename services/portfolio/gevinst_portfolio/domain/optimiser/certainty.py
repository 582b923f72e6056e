"""The probability that a plan keeps its budgets when costs turn out otherwise than likely (P7, C5)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gevinst_portfolio.domain.optimiser.estimates import Spread
from gevinst_portfolio.domain.optimiser.problem import Budget, Carry, Plan, Problem
from gevinst_portfolio.domain.optimiser.stability import Share, share_of

DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class BudgetCertainty:
    """`years[y]` is the probability that no period of year y lacks money, `whole` that none does."""

    budget: str
    years: tuple[Share, ...]
    whole: Share


@dataclass(frozen=True, slots=True)
class Certainty:
    """`whole`: the probability that every budget is kept all the time. `not_varied` have no cost estimate."""

    draws: int
    budgets: tuple[BudgetCertainty, ...]
    whole: Share
    not_varied: tuple[str, ...]


def certainty(
    problem: Problem,
    plan: Plan,
    cost: Mapping[str, Spread],
    *,
    year_length: int = 4,
    draws: int = DRAWS,
    seed: int = 1,
) -> Certainty:
    """The probability that the plan keeps each budget in each year.

    Costs are drawn from triangular distributions (`Spread`), one factor for the whole profile of a project,
    independently between projects; a project without an estimate costs what is likely (B6: that is said, not
    hidden). A year has `year_length` periods. Money carries over as in `check.budget_left`: a shortage is not
    carried on as a debt. The standard error of each share is sqrt(p (1 - p) / draws).

    Check: a cost of 10, 8 at least and 12 at most, keeps a budget of 10 with probability 0.5.
    """
    rng = np.random.default_rng(seed)
    chosen = [project for project in problem.projects if project.id in plan]
    factors = np.ones((draws, len(chosen)))
    for column, project in enumerate(chosen):
        spread = cost.get(project.id)
        if spread is not None and spread.low < spread.high:
            factors[:, column] = rng.triangular(spread.low, 1.0, spread.high, draws)
    everything = np.ones(draws, np.bool_)
    found = []
    for budget in problem.budgets:
        spending = np.zeros((len(chosen), len(budget.inflow)))
        for row, project in enumerate(chosen):
            for t, amount in enumerate(project.cost.get(budget.id, ()), plan[project.id]):
                if t < len(budget.inflow):
                    spending[row, t] += float(amount)
        kept = _kept(budget, factors @ spending)
        years = [
            np.logical_and.reduce(kept[:, t : t + year_length], axis=1)
            for t in range(0, kept.shape[1], year_length)
        ]
        whole = np.logical_and.reduce(kept, axis=1)
        everything &= whole
        found.append(BudgetCertainty(budget.id, tuple(_share(year) for year in years), _share(whole)))
    return Certainty(
        draws=draws,
        budgets=tuple(found),
        whole=_share(everything),
        not_varied=tuple(project.id for project in chosen if project.id not in cost),
    )


def _kept(budget: Budget, spending: NDArray[np.float64]) -> NDArray[np.bool_]:
    """`kept[d, t]`: whether draw d has the money of period t."""
    kept = np.ones(spending.shape, np.bool_)
    carried = np.full(len(spending), float(budget.initial))
    # Sums of floats: what is within a billionth of enough is enough.
    slack = 1e-9 * max(1.0, float(sum(budget.inflow) + budget.initial))
    for t, inflow in enumerate(budget.inflow):
        left = carried + float(inflow) - spending[:, t]
        kept[:, t] = left >= -slack
        carried = np.maximum(left, 0.0)
        if budget.carry is Carry.NONE:
            carried[:] = 0.0
        elif budget.carry is Carry.CAPPED and (t + 1) % budget.year_length == 0:
            carried = np.minimum(carried, float(budget.carry_cap))
    return kept


def _share(hits: NDArray[np.bool_]) -> Share:
    return share_of(int(hits.sum()), len(hits))
