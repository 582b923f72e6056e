"""An explanation, proved once more and by other means than the service's: the problem is changed as the
remedy says, and solved with the project held in and held out (P7).

Enough: `V(in) >= V(out)` after the change, V being the best value that a plan can have; a tie counts as in.
Least: `V(in) < V(out)` when any amount is one step smaller, or all of them are, or one project fewer is left
out. A step is the largest amount of which all amounts of that money or resource are multiples: between two
multiples no other plan becomes possible.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import gcd, lcm

from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_shared.cli.api import Document

WORK = 1_000_000
# What is more, by (budget or resource, period).
Amounts = Mapping[tuple[str, int], Fraction]


@dataclass(frozen=True, slots=True)
class Told:
    """A remedy as it was told: amounts, and the ids in the problem of projects to be left out."""

    amounts: Amounts
    without: frozenset[str]

    @classmethod
    def of(cls, remedy: Document, problem: Problem, *, first_year: int) -> "Told":
        def period(quarter: str) -> int:
            return 4 * (int(quarter[:4]) - first_year) + int(quarter[-1]) - 1

        # Money of a year is there at its beginning; the problem has what falls within the scenario.
        amounts = {
            (more["kind"], period(f"{more['year']}-Q1")): Fraction(
                more.get("amount_within", more["amount"])["amount"]
            )
            * 100
            for more in remedy["money"]
        }
        amounts |= {
            (more["resource_id"], period(more["quarter"])): Fraction(Decimal(str(more["amount"])))
            for more in remedy["capacity"]
        }
        return cls(amounts, frozenset(option_of(problem, one) for one in remedy["leaving_out"]))

    def smaller(self, problem: Problem) -> Iterator["Told"]:
        """One amount a step smaller, each in turn, and all of them; or one project fewer left out."""
        steps = {key: step_of(problem, *key, amount) for key, amount in self.amounts.items()}
        for fewer in _choices(steps):
            left = {key: amount - steps[key] * (key in fewer) for key, amount in self.amounts.items()}
            yield replace(self, amounts={key: amount for key, amount in left.items() if amount > 0})
        for kept in combinations(sorted(self.without), max(0, len(self.without) - 1)):
            if self.without:
                yield replace(self, without=frozenset(kept))


def option_of(problem: Problem, told: Document) -> str:
    """The project, or that concept of it (P9), as the problem calls it."""
    key = "/".join(told[name] for name in ("project_id", "concept_id") if name in told)
    assert key in {one.id for one in problem.projects}
    return key


def is_in(problem: Problem, key: str, told: Told) -> bool:
    """Whether a best plan of the changed problem may have the project."""
    changed = _changed(problem, told)
    inside = best(_held(changed, {key}, is_in=True))
    outside = best(_held(changed, {key}, is_in=False))
    return inside is not None and (outside is None or inside >= outside)


def best(problem: Problem) -> Number | None:
    """The proved best value; None when no plan keeps the rules."""
    found = solve(problem, work_limit=WORK, seed=2)
    assert found.status in {Status.OPTIMAL, Status.INFEASIBLE}, found.status
    return found.value


def step_of(problem: Problem, name: str, _period: int, amount: Fraction) -> Fraction:
    """Check: costs 6 and 9 on a budget of 12 give 3."""
    amounts: list[Number] = [amount]
    for budget in problem.budgets:
        if budget.id == name:
            amounts += [*budget.inflow, budget.initial, budget.carry_cap]
    for resource in problem.resources:
        if resource.id == name:
            amounts += resource.capacity
    for project in problem.projects:
        amounts += [*project.cost.get(name, ()), *project.demand.get(name, ())]
    exact = [Fraction(one) for one in amounts if one]
    whole = reduce(lcm, (one.denominator for one in exact), 1)
    return Fraction(reduce(gcd, (int(one * whole) for one in exact)), whole)


def _choices(steps: Mapping[tuple[str, int], Fraction]) -> list[frozenset[tuple[str, int]]]:
    each = [frozenset({key}) for key in steps]
    return [*each, frozenset(steps)] if len(each) > 1 else each


def _changed(problem: Problem, told: Told) -> Problem:
    def more(name: str, profile: tuple[Number, ...]) -> tuple[Number, ...]:
        return tuple(one + told.amounts.get((name, t), 0) for t, one in enumerate(profile))

    changed = replace(
        problem,
        budgets=tuple(replace(one, inflow=more(one.id, one.inflow)) for one in problem.budgets),
        resources=tuple(replace(one, capacity=more(one.id, one.capacity)) for one in problem.resources),
    )
    return _held(changed, told.without, is_in=False)


def _held(problem: Problem, keys: set[str] | frozenset[str], *, is_in: bool) -> Problem:
    """The problem whose plans must have these projects, or must not."""

    undertakings = {one.concept_of for one in problem.projects if one.id in keys} - {None}

    def held(one: Project) -> Project:
        if one.id in keys and is_in:
            return replace(one, is_mandatory=True)
        is_rival = is_in and one.concept_of in undertakings and one.id not in keys
        if is_rival or (one.id in keys and not is_in):
            return replace(one, value_by_start=(), is_mandatory=False, fixed_start=None)
        return one

    return replace(problem, projects=tuple(map(held, problem.projects)))
