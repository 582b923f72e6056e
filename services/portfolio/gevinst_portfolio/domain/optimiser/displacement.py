"""What a forced project pushes out: the best plan without it beside the best plan with it (P5, P7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from gevinst_portfolio.domain.optimiser.change import Change
from gevinst_portfolio.domain.optimiser.probe import Prober
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem
from gevinst_portfolio.domain.optimiser.result import Status


@dataclass(frozen=True, slots=True)
class Displacement:
    """What would be different without a forced project.

    `enters`, `leaves` and `moves` go from today's plan to the plan without it; the project itself is not
    among those that leave. `value_gain` is what the plan without it is worth more, negative when less.
    `money` is what the plan without it spends more of each budget. `is_needed`: other forced projects cannot
    do without it, and then there is nothing to compare. `is_proved`: both plans are proved to be the best.
    """

    project: str
    is_needed: bool
    is_proved: bool
    enters: Mapping[str, int]
    leaves: tuple[str, ...]
    moves: Mapping[str, tuple[int, int]]
    value_gain: Number | None
    money: Mapping[str, Number]


def displacement(prober: Prober, name: str) -> Displacement:
    """What the forced project displaces, by a solve in which it is held out.

    Check: a duty that costs the whole budget and is worth 1, beside a project worth 9, displaces that one.
    """
    base = prober.base
    without = prober.solve(Change(), name, is_in=False)
    if without.value is None or base.value is None:
        is_needed = without.status is Status.INFEASIBLE
        return Displacement(name, is_needed, is_needed, {}, (), {}, None, {})
    before, after = base.plan, without.plan
    return Displacement(
        project=name,
        is_needed=False,
        is_proved=base.status is Status.OPTIMAL and without.status is Status.OPTIMAL,
        enters={one: start for one, start in after.items() if one not in before},
        leaves=tuple(one for one in before if one not in after and one != name),
        moves={
            one: (before[one], start)
            for one, start in after.items()
            if one in before and before[one] != start
        },
        value_gain=without.value - base.value,
        money=_difference(spending(prober.problem, before), spending(prober.problem, after)),
    )


def spending(problem: Problem, plan: Plan) -> dict[str, Number]:
    """What the plan's projects cost of each budget over their whole life."""
    chosen = [project for project in problem.projects if project.id in plan]
    return {b.id: sum(sum(project.cost.get(b.id, ())) for project in chosen) for b in problem.budgets}


def _difference(before: Mapping[str, Number], after: Mapping[str, Number]) -> dict[str, Number]:
    return {name: after[name] - before[name] for name in before if after[name] != before[name]}
