"""P7: what was binding, and what stands in the way of each project that was left out."""

import numpy as np

from gevinst_portfolio.domain.optimiser.check import Rule, budget_left
from gevinst_portfolio.domain.optimiser.highs import LinearAnswer
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem, Profile, possible_starts
from gevinst_portfolio.domain.optimiser.result import Binding, LeftOut
from gevinst_portfolio.domain.optimiser.room import Obstacle, Room

LEAST_PRICE = 1e-6


def binding_limits(
    problem: Problem, plan: Plan, model: PlanModel, relaxation: LinearAnswer
) -> tuple[Binding, ...]:
    """The limits of money, people and groups with nothing left in the plan or a price in the relaxation."""
    left = _left(problem, plan)
    found: list[Binding] = []
    prices = relaxation.prices * model.row_scale * model.value_unit
    for i, label in enumerate(model.labels):
        if label.rule in (Rule.PROJECT, Rule.CONCEPT):
            continue
        rest = left.get((label.rule, label.ids, label.period))
        price = float(np.abs(prices[i]))
        if price > LEAST_PRICE or rest == 0:
            found.append(Binding(label.rule, label.ids, label.period, rest, price))
    return tuple(found)


def reasons_left_out(problem: Problem, plan: Plan) -> tuple[LeftOut, ...]:
    """For every project out of the plan, the start with the fewest and smallest obstacles, and those."""
    room = Room(problem)
    for project in problem.projects:
        if project.id in plan:
            room.add(project, plan[project.id])
    reasons = []
    for project in problem.projects:
        if project.id in plan:
            continue
        by_start = [(start, room.obstacles(project, start)) for start in possible_starts(problem, project)]
        if not by_start:
            reasons.append(LeftOut(project.id, None, ()))
            continue
        start, obstacles = min(by_start, key=lambda found: (_weight(found[1]), found[0]))
        reasons.append(LeftOut(project.id, start, (*obstacles, *room.partners(project))))
    return tuple(reasons)


def _weight(obstacles: list[Obstacle]) -> tuple[int, Number]:
    return len(obstacles), sum(obstacle.lacking for obstacle in obstacles)


_Place = tuple[Rule, tuple[str, ...], int | None]


def _left(problem: Problem, plan: Plan) -> dict[_Place, Number]:
    """What the plan leaves of each resource and budget in each period."""
    left: dict[_Place, Number] = {}
    chosen = [(p, plan[p.id]) for p in problem.projects if p.id in plan]
    for resource in problem.resources:
        need = _piled([(p.demand.get(resource.id, ()), s) for p, s in chosen], len(resource.capacity))
        for t, capacity in enumerate(resource.capacity):
            left[Rule.RESOURCE, (resource.id,), t] = capacity - need[t]
    for budget in problem.budgets:
        spending = _piled([(p.cost.get(budget.id, ()), s) for p, s in chosen], len(budget.inflow))
        for t, rest in enumerate(budget_left(budget, spending)):
            left[Rule.BUDGET, (budget.id,), t] = rest
    return left


def _piled(profiles: list[tuple[Profile, int]], length: int) -> list[Number]:
    piled: list[Number] = [0] * length
    for profile, start in profiles:
        for t, amount in enumerate(profile, start):
            if t < length:
                piled[t] += amount
    return piled
