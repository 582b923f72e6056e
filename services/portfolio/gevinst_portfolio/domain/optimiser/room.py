"""What a plan leaves free, and what stands in the way of one project more."""

from dataclasses import dataclass

from gevinst_portfolio.domain.optimiser.check import Rule, budget_left
from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project, members_by_name


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that adding a project would break.

    `lacking` is the amount that is missing, 0 for a rule without an amount.
    """

    rule: Rule
    ids: tuple[str, ...]
    period: int | None
    lacking: Number


class Room:
    """The needs of a growing plan against money, people and groups."""

    def __init__(self, problem: Problem) -> None:
        self.plan: dict[str, int] = {}
        self._problem = problem
        self._spending: dict[str, list[Number]] = {b.id: [0] * len(b.inflow) for b in problem.budgets}
        self._need: dict[str, list[Number]] = {r.id: [0] * len(r.capacity) for r in problem.resources}
        self._members = members_by_name(problem)
        self._starting = [0] * problem.periods
        self._category_cost: dict[str, Number] = {category.id: 0 for category in problem.categories}
        self._whole_cost: Number = 0
        self._exclusive: dict[str, list[tuple[str, ...]]] = {}
        for group in problem.exclusive:
            for name in group:
                self._exclusive.setdefault(name, []).append(group)

    def add(self, project: Project, start: int) -> None:
        """Put the project into the plan, whether it fits or not."""
        self.plan[project.id] = start
        self._starting[start] += 1
        self._whole_cost += project.whole_cost
        if project.category is not None:
            self._category_cost[project.category] += project.whole_cost
        for used, profiles in ((self._spending, project.cost), (self._need, project.demand)):
            for name, profile in profiles.items():
                _pile(used[name], profile, start)

    def runs(self, name: str) -> bool:
        """Whether the project of that name is in the plan, or one of the concepts of that name."""
        return any(project.id in self.plan for project in self._members[name])

    def obstacles(self, project: Project, start: int) -> list[Obstacle]:
        """What adding the project at this start would break, as far as its own needs and groups go."""
        return [
            *self._missing_people(project, start),
            *self._missing_money(project, start),
            *self._broken_groups(project, start),
        ]

    def partners(self, project: Project) -> list[Obstacle]:
        """Who else would have to come in with the project, and which shares it would break, at any start."""
        found = []
        for group in self._problem.all_or_none:
            own = {project.id, project.concept_of}
            missing = tuple(name for name in group if name not in own and not self.runs(name))
            if own.intersection(group) and missing:
                found.append(Obstacle(Rule.ALL_OR_NONE, missing, None, 0))
        whole = self._whole_cost + project.whole_cost
        for category in self._problem.categories:
            cost = self._category_cost[category.id]
            cost += project.whole_cost if project.category == category.id else 0
            excesses = (
                (Rule.MAX_SPEND, None if category.max_spend is None else cost - category.max_spend),
                (Rule.MIN_SHARE, None if category.min_share is None else category.min_share * whole - cost),
                (Rule.MAX_SHARE, None if category.max_share is None else cost - category.max_share * whole),
            )
            found += [
                Obstacle(rule, (category.id,), None, much) for rule, much in excesses if much and much > 0
            ]
        return found

    def _missing_people(self, project: Project, start: int) -> list[Obstacle]:
        found = []
        for resource in self._problem.resources:
            need = self._need[resource.id]
            for t, amount in enumerate(project.demand.get(resource.id, ()), start):
                if amount and t < len(need) and need[t] + amount > resource.capacity[t]:
                    lacking = need[t] + amount - resource.capacity[t]
                    found.append(Obstacle(Rule.RESOURCE, (resource.id,), t, lacking))
        return found

    def _missing_money(self, project: Project, start: int) -> list[Obstacle]:
        found = []
        for budget in self._problem.budgets:
            profile = project.cost.get(budget.id)
            if profile is None:
                continue
            spending = list(self._spending[budget.id])
            _pile(spending, profile, start)
            for t, left in enumerate(budget_left(budget, spending)):
                if left < 0:
                    found.append(Obstacle(Rule.BUDGET, (budget.id,), t, -left))
        return found

    def _broken_groups(self, project: Project, start: int) -> list[Obstacle]:
        found = []
        own = (project.id, project.concept_of or project.id)
        kin = tuple(p.id for p in self._members[own[1]] if p.id in self.plan and p.id != project.id)
        if kin:
            found.append(Obstacle(Rule.CONCEPT, kin, None, 0))
        for group in dict.fromkeys(group for name in own for group in self._exclusive.get(name, ())):
            inside = tuple(name for name in group if name not in own and self.runs(name))
            if inside:
                found.append(Obstacle(Rule.EXCLUSIVE, inside, None, 0))
        for rule in self._problem.precedence:
            if rule.after in own:
                found += self._not_ready(rule.before, start, rule.lag)
        most = self._problem.max_starts
        if most and self._starting[start] >= most[start]:
            found.append(Obstacle(Rule.MAX_STARTS, (), start, 1))
        return found

    def _not_ready(self, before: str, start: int, lag: int) -> list[Obstacle]:
        if not self.runs(before):
            return [Obstacle(Rule.PRECEDENCE, (before,), None, 0)]
        ready = lag + max(self.plan[p.id] + p.duration for p in self._members[before] if p.id in self.plan)
        return [Obstacle(Rule.PRECEDENCE, (before,), start, ready - start)] if start < ready else []


def _pile(used: list[Number], profile: tuple[Number, ...], start: int) -> None:
    for t, amount in enumerate(profile, start):
        if t < len(used):
            used[t] += amount
