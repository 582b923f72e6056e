"""What a second goal measures, exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.result import Goal

# Load above this share of the capacity is a peak: nothing is left there for what nobody foresaw.
PEAK = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal, with the last plan that it may look back to."""

    goal: Goal
    last_plan: Plan

    def measure(self, problem: Problem, plan: Plan) -> Number:
        """What the plan comes to: 0 or more, and less is better.

        Check: 9 of 10 people in one period and 8 of 10 in the next is a spread of 1/10.
        """
        match self.goal:
            case Goal.SPREAD:
                loads = (shares_of(problem, resource, plan) for resource in problem.resources)
                return sum(
                    (max(Fraction(0), share - PEAK) for shares in loads for share in shares), Fraction(0)
                )
            case Goal.KEEP:
                return len(_moved(plan, self.last_plan))

    def culprits(self, problem: Problem, plan: Plan, which: int) -> set[str]:
        """The projects whose change can lessen the measure; `which` picks one of the resources."""
        if self.goal is Goal.KEEP:
            return set(_moved(plan, self.last_plan))
        if not problem.resources:
            return set()
        resource = problem.resources[which % len(problem.resources)]
        high = {t for t, share in enumerate(shares_of(problem, resource, plan)) if share > PEAK}
        chosen = (project for project in problem.projects if project.id in plan)
        return {p.id for p in chosen if not high.isdisjoint(_busy(p, resource, plan[p.id]))}


def shares_of(problem: Problem, resource: Resource, plan: Plan) -> list[Fraction]:
    """The share of the capacity that the plan needs in each period, 0 where there is no capacity."""
    need: list[Number] = [0] * len(resource.capacity)
    for project in problem.projects:
        if project.id in plan:
            for t, amount in enumerate(project.demand.get(resource.id, ()), plan[project.id]):
                if t < len(need):
                    need[t] += amount
    return [
        Fraction(amount) / capacity if capacity else Fraction(0)
        for amount, capacity in zip(need, resource.capacity, strict=True)
    ]


def _moved(plan: Plan, last_plan: Plan) -> list[str]:
    return [name for name, start in last_plan.items() if plan.get(name) != start]


def _busy(project: Project, resource: Resource, start: int) -> Iterable[int]:
    return (t for t, amount in enumerate(project.demand.get(resource.id, ()), start) if amount > 0)
