"""What a plan takes more of than there is, exactly, and the steps in which that can be counted."""

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from gevinst_portfolio.domain.optimiser.change import Addition, money_of_period
from gevinst_portfolio.domain.optimiser.check import Rule, budget_left
from gevinst_portfolio.domain.optimiser.problem import Budget, Number, Plan, Problem, Profile


def needed_additions(problem: Problem, plan: Plan) -> tuple[Addition, ...]:
    """The least money and people with which the plan keeps its budgets and capacities.

    People are added in the periods that lack them. Money is added in the period that lacks it, and with a
    budget that has years at the beginning of that year: less, or later, is not enough for it.
    Check: 3 needed in period 1 of a pool with 2 in period 0 and nothing after takes 1 in period 1.
    """
    chosen = [(project, plan[project.id]) for project in problem.projects if project.id in plan]
    found: list[Addition] = []
    for resource in problem.resources:
        need = piled([(p.demand.get(resource.id, ()), s) for p, s in chosen], len(resource.capacity))
        found += [
            Addition(Rule.RESOURCE, resource.id, t, need[t] - capacity)
            for t, capacity in enumerate(resource.capacity)
            if need[t] > capacity
        ]
    for budget in problem.budgets:
        spending = piled([(p.cost.get(budget.id, ()), s) for p, s in chosen], len(budget.inflow))
        found += _money(budget, spending)
    return tuple(found)


def _money(budget: Budget, spending: list[Number]) -> Iterable[Addition]:
    lacking: dict[int, Number] = {}
    for t, left in enumerate(budget_left(budget, spending)):
        if left < 0:
            at = money_of_period(budget, t)
            lacking[at] = lacking.get(at, 0) - left
    return [Addition(Rule.BUDGET, budget.id, t, amount) for t, amount in lacking.items()]


def piled(profiles: Iterable[tuple[Profile, int]], length: int) -> list[Number]:
    """The sum of profiles from their starts, over `length` periods."""
    sums: list[Number] = [0] * length
    for profile, start in profiles:
        for t, amount in enumerate(profile, start):
            if 0 <= t < length:
                sums[t] += amount
    return sums


def smallest_step(problem: Problem, addition: Addition) -> Number:
    """The smallest amount of this budget or resource that can matter: all its amounts are multiples of it.

    Between two multiples no other plan becomes possible. 1 when there are no amounts.
    Check: costs 6 and 9 on a budget of 12 give 3.
    """
    amounts: list[Number] = [addition.amount]
    if addition.rule is Rule.BUDGET:
        for budget in problem.budgets:
            if budget.id == addition.id:
                amounts += [*budget.inflow, budget.initial, budget.carry_cap]
        amounts += [a for p in problem.projects for a in p.cost.get(addition.id, ())]
    else:
        amounts += [a for r in problem.resources if r.id == addition.id for a in r.capacity]
        amounts += [a for p in problem.projects for a in p.demand.get(addition.id, ())]
    exact = {Fraction(amount) for amount in amounts if amount}
    whole = reduce(lcm, (amount.denominator for amount in exact), 1)
    step = Fraction(reduce(gcd, (int(amount * whole) for amount in exact), 0), whole) or Fraction(1)
    return step.numerator if step.denominator == 1 else step
