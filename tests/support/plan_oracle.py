"""Every plan there is for a tiny portfolio problem, judged rule by rule.

Written from the meaning of the rules alone: it shares nothing with the model, the search or the checker.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm

import numpy as np
from numpy.typing import NDArray

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.problem import Budget, Carry, Number, Problem, Profile, Project

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
# A rule, whom it names, and its period when it holds in one period.
Key = tuple[Rule, tuple[str, ...], int | None]
OUT = -1


@dataclass(frozen=True)
class Oracle:
    """All plans of one problem: `starts[n, j]` is the start of project j in plan n, `OUT` when left out."""

    problem: Problem

    @cached_property
    def starts(self) -> Whole:
        choices = [range(OUT, self.problem.periods)] * len(self.problem.projects)
        return np.array(list(product(*choices)), np.int64)

    @cached_property
    def values(self) -> list[Number]:
        """The exact value of each plan; starts without a value count nothing."""
        unit = lcm(*(Fraction(v).denominator for p in self.problem.projects for v in p.value_by_start))
        total = np.zeros(len(self.starts), np.int64)
        for j, project in enumerate(self.problem.projects):
            worth = np.zeros(self.problem.periods + 1, np.int64)
            for s, value in enumerate(project.value_by_start[: self.problem.periods]):
                worth[s + 1] = int(value * unit)
            total += worth[self.starts[:, j] + 1]
        return [Fraction(int(value), unit) for value in total]

    @cached_property
    def kept(self) -> dict[Key, Flags]:
        """For every rule that could be given up, the plans that keep it."""
        masks: dict[Key, Flags] = {}
        for key, mask in self._rules():
            masks[key] = masks[key] & mask if key in masks else mask
        return masks

    @cached_property
    def sensible(self) -> Flags:
        """The plans in which every chosen start has a value, ends in time and is of one concept alone."""
        fine = np.ones(len(self.starts), np.bool_)
        end = self.problem.horizon or self.problem.periods
        for j, project in enumerate(self.problem.projects):
            s = self.starts[:, j]
            fine &= s < len(project.value_by_start)
            if self.problem.must_finish:
                fine &= (s == OUT) | (s + project.duration <= end)
        for name in {p.concept_of for p in self.problem.projects if p.concept_of is not None}:
            fine &= self._count([p.id for p in self.problem.projects if p.concept_of == name]) <= 1
        return fine

    def is_possible(self, rules: Collection[Key]) -> bool:
        """Whether any plan keeps these rules."""
        return bool(self._keeping(rules).any())

    def feasible(self) -> Flags:
        return self._keeping(self.kept)

    def best(self) -> Number | None:
        """The highest value of a plan that keeps all rules; `None` when there is no such plan."""
        return max((self.values[n] for n in np.flatnonzero(self.feasible())), default=None)

    def plan(self, number: int) -> dict[str, int]:
        row = self.starts[number]
        return {p.id: int(s) for p, s in zip(self.problem.projects, row, strict=True) if s != OUT}

    def _keeping(self, rules: Collection[Key]) -> Flags:
        fine = self.sensible.copy()
        for key in rules:
            fine &= self.kept[key]
        return fine

    def _rules(self) -> Iterator[tuple[Key, Flags]]:
        for resource in self.problem.resources:
            needs = self._used({p.id: p.demand.get(resource.id, ()) for p in self.problem.projects})
            for t, capacity in enumerate(resource.capacity):
                yield (Rule.RESOURCE, (resource.id,), t), _at_most(needs[t], capacity)
        for budget in self.problem.budgets:
            yield (Rule.BUDGET, (budget.id,), None), self._suffices(budget)
        yield from self._shares()
        yield from self._groups()
        for t, most in enumerate(self.problem.max_starts):
            yield (Rule.MAX_STARTS, (), t), (self.starts == t).sum(axis=1) <= most
        for j, project in enumerate(self.problem.projects):
            yield from self._own(project, self.starts[:, j])
        for name in {p.concept_of or p.id for p in self.problem.projects if p.is_mandatory}:
            yield (Rule.MANDATORY, (name,), None), self._is_in(name)

    def _own(self, project: Project, s: Whole) -> Iterator[tuple[Key, Flags]]:
        in_time = s >= project.earliest
        if project.latest_start is not None:
            in_time &= s <= project.latest_start
        if project.deadline is not None:
            in_time &= s + project.duration <= project.deadline
        if project.earliest or project.latest_start is not None or project.deadline is not None:
            yield (Rule.WINDOW, (project.id,), None), (s == OUT) | in_time
        if project.fixed_start is not None:
            yield (Rule.FIXED, (project.id,), None), s == project.fixed_start

    def _groups(self) -> Iterator[tuple[Key, Flags]]:
        for rule in self.problem.precedence:
            fine = ~self._is_in(rule.after) | self._is_in(rule.before)
            for b, a in product(self._numbers(rule.before), self._numbers(rule.after)):
                both = (self.starts[:, a] != OUT) & (self.starts[:, b] != OUT)
                over = self.starts[:, b] + self.problem.projects[b].duration + rule.lag
                fine &= ~both | (self.starts[:, a] >= over)
            yield (Rule.PRECEDENCE, (rule.before, rule.after), None), fine
        for group in self.problem.exclusive:
            yield (Rule.EXCLUSIVE, group, None), self._count(group) <= 1
        for group in self.problem.all_or_none:
            count = self._count(group)
            yield (Rule.ALL_OR_NONE, group, None), (count == 0) | (count == len(set(group)))

    def _shares(self) -> Iterator[tuple[Key, Flags]]:
        costs = {p.id: sum(map(sum, p.cost.values())) for p in self.problem.projects}
        for category in self.problem.categories:
            own = [p.id for p in self.problem.projects if p.category == category.id]
            if category.max_spend is not None:
                spend = self._sum({name: costs[name] for name in own})
                yield (Rule.MAX_SPEND, (category.id,), None), _at_most(spend, category.max_spend)
            for rule, share, sign in (
                (Rule.MIN_SHARE, category.min_share, 1),
                (Rule.MAX_SHARE, category.max_share, -1),
            ):
                if share is not None:
                    # share * all - own <= 0, or the other way about
                    excess = {n: sign * (share * cost - cost * (n in own)) for n, cost in costs.items()}
                    yield (rule, (category.id,), None), _at_most(self._sum(excess), 0)

    def _suffices(self, budget: Budget) -> Flags:
        spent = self._used({p.id: p.cost.get(budget.id, ()) for p in self.problem.projects})
        amounts = (*budget.inflow, budget.initial, budget.carry_cap)
        unit = lcm(spent.unit, *(Fraction(a).denominator for a in amounts))
        fine = np.ones(len(self.starts), np.bool_)
        purse = np.full(len(self.starts), int(budget.initial * unit))
        for t, inflow in enumerate(budget.inflow):
            purse = purse + int(inflow * unit) - spent[t].amounts * (unit // spent.unit)
            fine &= purse >= 0
            if budget.carry is Carry.NONE:
                purse = np.zeros_like(purse)
            if budget.carry is Carry.CAPPED and t % budget.year_length == budget.year_length - 1:
                purse = np.minimum(purse, int(budget.carry_cap * unit))
        return fine

    def _used(self, profiles: dict[str, Profile]) -> "_Used":
        unit = lcm(*(Fraction(a).denominator for profile in profiles.values() for a in profile))
        length = max(self.problem.periods, self.problem.horizon or 0)
        used = np.zeros((length + 20, len(self.starts)), np.int64)
        for j, project in enumerate(self.problem.projects):
            is_in = np.flatnonzero(self.starts[:, j] != OUT)
            for k, amount in enumerate(profiles[project.id]):
                np.add.at(used, (self.starts[is_in, j] + k, is_in), int(amount * unit))
        return _Used(used, unit)

    def _sum(self, amounts: dict[str, Number]) -> "_Amounts":
        unit = lcm(*(Fraction(a).denominator for a in amounts.values()))
        total = np.zeros(len(self.starts), np.int64)
        for j, project in enumerate(self.problem.projects):
            total += (self.starts[:, j] != OUT) * int(amounts.get(project.id, 0) * unit)
        return _Amounts(total, unit)

    def _numbers(self, name: str, *, own: bool = True) -> list[int]:
        return [
            j for j, p in enumerate(self.problem.projects) if p.concept_of == name or (own and p.id == name)
        ]

    def _count(self, group: Collection[str]) -> Whole:
        """How many names of the group are in."""
        count = np.zeros(len(self.starts), np.int64)
        for name in set(group):
            count += self._is_in(name)
        return count

    def _is_in(self, name: str) -> Flags:
        mask: Flags = (self.starts[:, self._numbers(name)] != OUT).any(axis=1)
        return mask


@dataclass(frozen=True)
class _Amounts:
    """Exact amounts, one for each plan, in parts of `1 / unit`."""

    amounts: Whole
    unit: int


@dataclass(frozen=True)
class _Used:
    """What the plans use in each period."""

    by_period: Whole
    unit: int

    def __getitem__(self, period: int) -> _Amounts:
        return _Amounts(self.by_period[period], self.unit)


def _at_most(need: _Amounts, limit: Number) -> Flags:
    exact = Fraction(limit)
    mask: Flags = need.amounts * exact.denominator <= exact.numerator * need.unit
    return mask
