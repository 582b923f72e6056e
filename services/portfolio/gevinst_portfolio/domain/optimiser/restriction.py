"""A part of the model with the rest settled: what diving and neighbourhood search solve exactly."""

from dataclasses import dataclass

import numpy as np

from gevinst_portfolio.domain.optimiser.branching import project_parts, with_choices
from gevinst_portfolio.domain.optimiser.highs import (
    Floats,
    Ints,
    LinearModel,
    WholeAnswer,
    WholeLimits,
    solve_whole,
)
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel


@dataclass(frozen=True, slots=True)
class Restriction:
    """The model over the `kept` columns, with the `settled` ones at one and all others at zero."""

    model: PlanModel
    linear: LinearModel
    kept: Ints
    settled: Ints

    def plan_of(self, x: Floats) -> dict[str, int]:
        """The whole plan of a solution of the part."""
        chosen = self.kept[x[: len(self.kept)] > 0.5]
        chosen = np.concatenate([chosen[chosen < len(self.model.project)], self.settled])
        names = self.model.project[chosen]
        return {self.model.ids[j]: int(s) for j, s in zip(names, self.model.start[chosen], strict=True)}


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try: the most branching nodes and simplex iterations (roughly), and the seed."""

    nodes: int
    seed: int
    work: int = 2**31 - 1
    has_heuristics: bool = False


def restrict(model: PlanModel, *, settled: Ints, open_columns: Ints) -> Restriction:
    """The part of the model in which the open columns are still to be decided."""
    linear = model.linear
    width = len(model.project)
    # The continuous columns (money that is left, what a category spends) always stay.
    kept = np.concatenate([np.sort(open_columns), np.arange(width, len(linear.gain))]).astype(np.int32)
    rows, amounts, begin = _entries(linear, kept)
    used = np.zeros(len(linear.row_lower))
    fixed_rows, fixed_amounts, _ = _entries(linear, settled)
    np.add.at(used, fixed_rows, fixed_amounts)
    touched = np.unique(rows)
    number = np.full(len(linear.row_lower), -1, np.int32)
    number[touched] = np.arange(len(touched), dtype=np.int32)
    part = LinearModel(
        gain=linear.gain[kept],
        lower=linear.lower[kept],
        upper=linear.upper[kept],
        is_whole=linear.is_whole[kept],
        row_lower=(linear.row_lower - used)[touched],
        row_upper=(linear.row_upper - used)[touched],
        begin=begin,
        rows=number[rows],
        amounts=amounts,
    )
    return Restriction(model, part, kept, settled)


def with_count(part: Restriction, count: int) -> Restriction:
    """The part with exactly `count` of its open projects chosen: each count has a far tighter relaxation."""
    linear = part.linear
    width = int(np.searchsorted(part.kept, len(part.model.project)))
    ends = linear.begin[1 : width + 1]
    row = len(linear.row_lower)
    counted = LinearModel(
        gain=linear.gain,
        lower=linear.lower,
        upper=linear.upper,
        is_whole=linear.is_whole,
        row_lower=np.append(linear.row_lower, count),
        row_upper=np.append(linear.row_upper, count),
        begin=linear.begin + np.minimum(np.arange(len(linear.begin)), width).astype(np.int32),
        rows=np.insert(linear.rows, ends, row),
        amounts=np.insert(linear.amounts, ends, 1.0),
    )
    return Restriction(part.model, counted, part.kept, part.settled)


def solve_part(
    part: Restriction, limits: Limits, effort: Effort, *, better_than: Ints | None = None
) -> tuple[dict[str, int] | None, WholeAnswer]:
    """The best plan found in the part; `better_than` are the columns at one in a known plan of it."""
    model = part.model
    least = None
    if better_than is not None:
        known = np.isin(part.kept, better_than)
        least = float(part.linear.gain[known].sum()) + model.least_step
    width = int(np.searchsorted(part.kept, len(model.project)))
    choices = project_parts(model.project[part.kept[:width]], 1)
    answer = solve_whole(
        with_choices(part.linear, (choices,), is_relaxed=False),
        WholeLimits(
            nodes=effort.nodes,
            seconds=limits.seconds_left,
            gap=model.least_step,
            least=least,
            is_over=lambda iterations: iterations >= effort.work or limits.met(iterations) is not None,
            is_quick=True,
            has_heuristics=effort.has_heuristics,
        ),
        seed=effort.seed,
    )
    limits.spend(answer.iterations)
    return (None if answer.x is None else part.plan_of(answer.x)), answer


def _entries(linear: LinearModel, columns: Ints) -> tuple[Ints, Floats, Ints]:
    """The matrix entries of some columns, as (rows, amounts, begin)."""
    first, lengths = linear.begin[columns], linear.begin[columns + 1] - linear.begin[columns]
    begin = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    places = np.repeat(first - begin[:-1], lengths) + np.arange(begin[-1])
    return linear.rows[places], linear.amounts[places], begin
