"""Second goals on the model: a measure in place of the value, and what was reached before as a row."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gevinst_portfolio.domain.optimiser.goal_measures import PEAK, Wish
from gevinst_portfolio.domain.optimiser.highs import INFINITY, Floats, LinearModel
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.problem import Problem, Resource
from gevinst_portfolio.domain.optimiser.result import Goal


def with_wish(problem: Problem, model: PlanModel, wish: Wish) -> PlanModel:
    """The model that maximises a number minus the wish's measure.

    - keep: the sum of x[j, last start of j] over the projects of the last plan
    - spread: minus the sum of peak[r, t] >= 0, with
      sum of demand[r][t - s] / capacity[r][t] x[j, s] - peak[r, t] <= 4/5 for every resource r and period t
    """
    if wish.goal is Goal.KEEP:
        gain = np.zeros(len(model.linear.gain))
        gain[model.columns_of(wish.last_plan)] = 1.0
        return replace(model, linear=replace(model.linear, gain=gain))
    silent = replace(model, linear=replace(model.linear, gain=np.zeros(len(model.linear.gain))))
    for resource in problem.resources:
        silent = _with_peaks(problem, silent, resource)
    return silent


def with_floor(model: PlanModel, gain: Floats, least: float) -> PlanModel:
    """The model with one row more: gain · x >= least."""
    columns = np.flatnonzero(gain)
    linear = _grown(
        model.linear,
        bounds=(np.array([least]), np.array([INFINITY])),
        gain=np.zeros(0),
        entries=(np.zeros(len(columns), np.int64), columns, gain[columns]),
    )
    return replace(model, linear=linear)


def _with_peaks(problem: Problem, model: PlanModel, resource: Resource) -> PlanModel:
    width, number = len(model.linear.gain), {name: j for j, name in enumerate(model.ids)}
    firsts = np.searchsorted(model.project, np.arange(len(model.ids) + 1))
    capacity = np.array([float(amount) for amount in resource.capacity])
    every = np.arange(len(capacity))
    rows, columns, amounts = [every], [width + every], [np.full(len(capacity), -1.0)]
    for project in problem.projects:
        profile = np.array([float(amount) for amount in project.demand.get(resource.id, ())])
        own = np.arange(firsts[number[project.id]], firsts[number[project.id] + 1])
        periods = model.start[own][:, None] + np.arange(len(profile))
        inside = periods < len(capacity)
        inside[inside] = capacity[periods[inside]] > 0
        shape = periods.shape
        rows.append(periods[inside])
        columns.append(np.broadcast_to(own[:, None], shape)[inside])
        amounts.append(np.broadcast_to(profile, shape)[inside] / capacity[periods[inside]])
    linear = _grown(
        model.linear,
        bounds=(np.full(len(capacity), -INFINITY), np.full(len(capacity), float(PEAK))),
        gain=np.full(len(capacity), -1.0),
        entries=(np.concatenate(rows), np.concatenate(columns), np.concatenate(amounts)),
    )
    return replace(model, linear=linear)


def _grown(
    linear: LinearModel,
    *,
    bounds: tuple[Floats, Floats],
    gain: Floats,
    entries: tuple[NDArray[np.integer[Any]], NDArray[np.integer[Any]], Floats],
) -> LinearModel:
    """The model with rows below and continuous columns >= 0 behind; row 0 of the entries is the first new."""
    width = len(linear.gain) + len(gain)
    rows = np.concatenate([linear.rows, entries[0] + len(linear.row_lower)])
    columns = np.concatenate([np.repeat(np.arange(len(linear.gain)), np.diff(linear.begin)), entries[1]])
    amounts = np.concatenate([linear.amounts, entries[2]])
    order = np.lexsort((rows, columns))
    order = order[amounts[order] != 0]
    return LinearModel(
        gain=np.concatenate([linear.gain, gain]),
        lower=np.concatenate([linear.lower, np.zeros(len(gain))]),
        upper=np.concatenate([linear.upper, np.full(len(gain), INFINITY)]),
        is_whole=np.concatenate([linear.is_whole, np.zeros(len(gain), np.bool_)]),
        row_lower=np.concatenate([linear.row_lower, bounds[0]]),
        row_upper=np.concatenate([linear.row_upper, bounds[1]]),
        begin=np.searchsorted(columns[order], np.arange(width + 1)).astype(np.int32),
        rows=rows[order].astype(np.int32),
        amounts=amounts[order],
    )
