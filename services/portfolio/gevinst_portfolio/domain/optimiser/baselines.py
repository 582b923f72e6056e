"""What would be chosen without an optimiser (P7): a plain ranking, and the sum of points of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.check import Rule, Violation, check_plan
from gevinst_portfolio.domain.optimiser.greedy import before_first, best_start, is_must, whole_groups
from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project
from gevinst_portfolio.domain.optimiser.result import Solution
from gevinst_portfolio.domain.optimiser.room import Room
from gevinst_portfolio.domain.optimiser.windows import narrow_windows


class Ranking(StrEnum):
    """In which order projects are taken."""

    VALUE = "value"  # the most valuable first
    DENSITY = "density"  # the most value per unit of money first
    POINTS = "points"  # five criteria from 1 to 5, added: the highest sum first


@dataclass(frozen=True, slots=True)
class Baseline:
    """What one ranking would choose.

    `order` is the ranking, without what cannot be ranked: `unranked` have no points. `plan` takes each
    project of the order where it fits best and passes over what does not fit; it keeps all rules unless
    `violations` says otherwise, and then its value is not to be had. `left_on_the_table` is what the
    solution's plan is worth more, `share_left` the same as a share of that.
    `by_money` is what people do with a list: everything at its first possible start until the money of the
    whole time is used; `storm` are the rules that this breaks (P3).
    """

    ranking: Ranking
    order: tuple[str, ...]
    unranked: tuple[str, ...]
    plan: Mapping[str, int]
    value: Number
    violations: tuple[Violation, ...]
    left_on_the_table: Number
    share_left: float
    by_money: tuple[str, ...]
    storm: tuple[Violation, ...]


def baselines(
    problem: Problem, solution: Solution, points: Mapping[str, Number] | None = None
) -> tuple[Baseline, ...]:
    """The rankings beside the solution; by points only where `points` (5 to 25 per project) are given.

    Check: values 60, 50, 50 costing 6, 5, 5 on a budget of 10: the ranking by value takes the first, worth
    60, and leaves 40 of the best plan's 100 on the table.
    """
    keys: dict[Ranking, Mapping[str, Number]] = {
        Ranking.VALUE: {p.id: _best(p) for p in problem.projects},
        Ranking.DENSITY: {p.id: Fraction(_best(p)) / max(p.whole_cost, 1) for p in problem.projects},
    }
    if points:
        keys[Ranking.POINTS] = points
    return tuple(_baseline(problem, solution, ranking, key) for ranking, key in keys.items())


def _baseline(problem: Problem, solution: Solution, ranking: Ranking, key: Mapping[str, Number]) -> Baseline:
    windows = narrow_windows(problem)
    everybody = sorted(problem.projects, key=lambda p: (not is_must(p, windows), -key.get(p.id, 0), p.id))
    ranked = [project for project in everybody if project.id in key or is_must(project, windows)]
    room = Room(problem)
    for project in before_first(problem, everybody):
        start = best_start(room, project, windows) if project in ranked else None
        if start is not None:
            room.add(project, start)
    plan = whole_groups(problem, room.plan)
    verdict = check_plan(problem, plan)
    best = solution.value or 0
    by_money = _until_the_money_is_used(problem, ranked)
    return Baseline(
        ranking=ranking,
        order=tuple(project.id for project in ranked),
        unranked=tuple(p.id for p in problem.projects if p not in ranked),
        plan=plan,
        value=verdict.value,
        violations=verdict.violations,
        left_on_the_table=best - verdict.value,
        share_left=float(best - verdict.value) / float(best) if best > 0 else 0.0,
        by_money=tuple(by_money),
        storm=tuple(v for v in check_plan(problem, by_money).violations if v.rule is not Rule.MANDATORY),
    )


def _best(project: Project) -> Number:
    return max(project.value_by_start, default=0)


def _until_the_money_is_used(problem: Problem, ranked: list[Project]) -> dict[str, int]:
    left = {b.id: sum(b.inflow) + b.initial for b in problem.budgets}
    chosen: dict[str, int] = {}
    for project in ranked:
        cost = {name: sum(profile) for name, profile in project.cost.items() if name in left}
        starts = [s for s in range(project.earliest, len(project.value_by_start)) if s < problem.periods]
        if not starts:
            continue
        if any(amount > left[name] for name, amount in cost.items()):
            break
        for name, amount in cost.items():
            left[name] -= amount
        chosen[project.id] = starts[0] if project.fixed_start is None else project.fixed_start
    return chosen
