"""How often each project stays in when weights and estimates vary (P7)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import sqrt
from multiprocessing import get_context

import numpy as np

from gevinst_portfolio.domain.optimiser.problem import Plan, Problem
from gevinst_portfolio.domain.optimiser.solver import solve

DRAWS = 200
# Simplex iterations of one draw: the relaxation, the dives and some neighbourhoods.
DRAW_WORK = 4_000

Draw = Callable[[np.random.Generator], Problem]


@dataclass(frozen=True, slots=True)
class Share:
    """`share` of the draws that had a plan, with the standard error sqrt(share (1 - share) / draws)."""

    share: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Stability:
    """`shares` has every project of the problem. `draws` are those that had a plan and are counted.

    `without_plan` are the draws that no plan was found for: there the forced projects may cost more than
    there is.
    """

    draws: int
    without_plan: int
    shares: Mapping[str, Share]


def stability(  # noqa: PLR0913 - the question and its limits
    problem: Problem,
    draw: Draw,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    start_plan: Plan | None = None,
    work: int = DRAW_WORK,
    processes: int = 1,
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Stability:
    """The share of draws in whose plan each project is in.

    Each draw is solved with `work` simplex iterations, so a plan need not be the best of its draw. Draw k has
    the random numbers of (`seed`, k): the number of `processes` changes nothing. Cancelled, it counts the
    draws that are done.
    """
    one = partial(_chosen, draw, seed, work, None if start_plan is None else dict(start_plan))
    counted: Counter[str] = Counter()
    done = without = 0
    for chosen in _each(one, draws, processes):
        done += 1
        without += chosen is None
        counted.update(chosen or ())
        if progress is not None:
            progress(done / draws)
        if is_cancelled is not None and is_cancelled():
            break
    with_plan = done - without
    return Stability(
        draws=with_plan,
        without_plan=without,
        shares={p.id: share_of(counted[p.id], with_plan) for p in problem.projects},
    )


def share_of(count: int, draws: int) -> Share:
    """A share and its standard error; 0 and 0 of no draws. Check: 50 of 100 is 0.5, give or take 0.05."""
    if not draws:
        return Share(0.0, 0.0)
    share = count / draws
    return Share(share, sqrt(share * (1 - share) / draws))


def _chosen(draw: Draw, seed: int, work: int, start_plan: Plan | None, number: int) -> tuple[str, ...] | None:
    problem = draw(np.random.default_rng([seed, number]))
    found = solve(problem, work_limit=work, seed=seed, start_plan=start_plan)
    return None if found.value is None else tuple(found.plan)


def _each(
    one: Callable[[int], tuple[str, ...] | None], draws: int, processes: int
) -> Iterator[tuple[str, ...] | None]:
    if processes <= 1:
        yield from map(one, range(draws))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(one, range(draws), chunksize=4)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
