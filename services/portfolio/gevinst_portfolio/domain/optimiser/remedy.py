"""The cheapest change that would bring a project in, proved by solves after it and one step before it (P7).

The measure: every unit of money, people or change load costs its price, by default the share that it is of
all that there is (`prices_by_share`); the cheapest change has the least sum. A change is **enough** when the
best plan with the project is then worth at least as much as the best plan without it.

The search: no change that costs less than the cheapest one with which some plan with the project is worth V
makes any plan with it worth V. With V the best value that can be had without the project and without a
change, cheaper changes are thus not enough, as more never lowers what can be had without the project. When
the cheapest change does even more for others, V rises to what they make of it and the search goes on; what
is then found is made smaller as long as something smaller is enough.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from gevinst_portfolio.domain.optimiser.change import Addition, Change, apply_change, hold_in
from gevinst_portfolio.domain.optimiser.check import Rule, check_plan
from gevinst_portfolio.domain.optimiser.elastic import Elastic, Lever, cheapest_plan, lever_of
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.need import needed_additions, smallest_step
from gevinst_portfolio.domain.optimiser.probe import Prober
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem
from gevinst_portfolio.domain.optimiser.result import Status

# Targets that are tried before the search gives up: each is worth more than the one before.
MOST_TARGETS = 8
# Targets after which the next one is as much higher as the project is worth, to come to an end.
NEAR_TARGETS = 2
# Times that what was found is made smaller.
MOST_DESCENTS = 12
# After the first target, costs this share apart are as good.
NEAR = 0.02


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that brings the project in.

    `levers` are the kinds that were looked among, `used` those that the change has. `cost` is the sum of
    price times amount, 0 for what is no amount. `gain` is what `plan`, which has the project, is worth more
    than today's. `is_enough`: proved that the project is in after the change. `is_least`: proved that it is
    not in with any amount one step smaller, nor with all of them so, nor with any project fewer left out.
    `is_cheapest`: proved that no change of these kinds that costs less is enough.
    """

    levers: frozenset[Lever]
    used: frozenset[Lever]
    change: Change
    cost: float
    gain: Number
    plan: Plan
    is_enough: bool
    is_least: bool
    is_cheapest: bool = False

    @property
    def is_proved(self) -> bool:
        return self.is_enough and self.is_least


@dataclass(frozen=True, slots=True)
class AmountSearch:
    """Looks for money and people of some kinds for one project."""

    prober: Prober
    name: str
    levers: frozenset[Lever]
    prices: Mapping[tuple[Rule, str], float]

    def find(self) -> Remedy | None:
        """The cheapest change found; `None` when there is none or the search ended before one."""
        prober = self.prober
        assert prober.base.value is not None
        target, last = prober.base.value, None
        for number in range(MOST_TARGETS):
            gap = 1e-9 if last is None else NEAR * self.cost_of(last)
            found, change = self._elastic(target, gap=gap)
            if change is None or found.plan is None:
                return None
            prober.learn(found.plan)
            if prober.base.status is not Status.OPTIMAL:
                # The plan that is to be bettered may itself not be the best: nothing more can be proved.
                return self._unproved(change, found.plan)
            free = prober.solve(change, self.name, is_in=None)
            if free.value is None:
                return None
            if self.name in free.plan or free.value <= self._worth(change, found.plan):
                is_cheapest = number == 0 and found.is_proved
                return self._least(change, is_cheapest=is_cheapest)
            target, last = free.value, change
            if number >= NEAR_TARGETS - 1:
                # What is too much is taken back afterwards.
                target += self._best_value()
        return None

    def _best_value(self) -> Number:
        values = (p.value_by_start for p in self.prober.problem.projects if p.id == self.name)
        return max(0, max(next(values), default=0))

    def cost_of(self, change: Change) -> float:
        return sum(self.prices[one.rule, one.id] * float(one.amount) for one in change.additions)

    def _elastic(
        self, target: Number, *, gap: float = 1e-9, most: Change | None = None
    ) -> tuple[Elastic, Change | None]:
        """The cheapest plan worth the target, and what it needs: `None` when it breaks another rule."""
        prober = self.prober
        problem = hold_in(prober.problem, self.name)
        found = cheapest_plan(
            problem,
            target=target,
            levers=self.levers,
            prices=self.prices,
            limits=Limits(prober.work, is_cancelled=prober.is_cancelled),
            work=prober.work,
            seed=prober.seed,
            start=prober.solve(Change(), self.name, is_in=True).plan or None,
            most=most,
            gap=gap,
        )
        if found.plan is None:
            return found, None
        change = Change(needed_additions(problem, found.plan))
        verdict = check_plan(apply_change(problem, change), found.plan)
        return found, change if verdict.is_feasible and verdict.value >= target else None

    def _least(self, change: Change, *, is_cheapest: bool) -> Remedy | None:
        """The change with every amount as small as it can be while the others stay."""
        is_least = False
        for _ in range(MOST_DESCENTS):
            if not is_cheapest:
                change = self._descended(change)
            smaller, is_least = self._still_enough(change)
            if smaller is None:
                break
            change, is_cheapest = smaller, False
        verdict = self.prober.ask(self.name, change)
        after = self.prober.solve(change, self.name, is_in=True)
        if not verdict.is_in or after.value is None:
            return None
        return self._remedy(
            change, after.plan, is_enough=verdict.is_proved, is_least=is_least, is_cheapest=is_cheapest
        )

    def _descended(self, change: Change) -> Change:
        """The cheapest part of the change with which the project still beats what the whole gives others.

        With less, others can have no more: so the part is enough as well.
        """
        outside = self.prober.solve(change, self.name, is_in=False)
        if outside.value is None:
            return change
        found, part = self._elastic(outside.value, most=change)
        if part is None or found.plan is None or self.cost_of(part) >= self.cost_of(change):
            return change
        self.prober.learn(found.plan)
        return part

    def _still_enough(self, change: Change) -> tuple[Change | None, bool]:
        """A change one step smaller that is proved to be enough; and whether proved that none is."""
        is_proved = True
        for smaller in smaller_changes(self.prober.problem, change):
            verdict = self.prober.ask(self.name, smaller)
            if verdict.is_in and verdict.is_proved:
                return smaller, False
            is_proved = is_proved and verdict.is_proved
        return None, is_proved

    def _unproved(self, change: Change, plan: Plan) -> Remedy:
        return self._remedy(change, plan, is_enough=False, is_least=False, is_cheapest=False)

    def _remedy(
        self, change: Change, plan: Plan, *, is_enough: bool, is_least: bool, is_cheapest: bool
    ) -> Remedy:
        base = self.prober.base.value
        assert base is not None
        return Remedy(
            levers=self.levers,
            used=frozenset(lever_of_addition(self.prober.problem, one) for one in change.additions),
            change=change,
            cost=self.cost_of(change),
            gain=self._worth(change, plan) - base,
            plan=plan,
            is_enough=is_enough,
            is_least=is_least,
            is_cheapest=is_cheapest,
        )

    def _worth(self, change: Change, plan: Plan) -> Number:
        return check_plan(apply_change(self.prober.problem, change), plan).value


def smaller_changes(problem: Problem, change: Change) -> Iterator[Change]:
    """The change with one amount a step smaller, for each, and with all of them so."""
    steps = [smallest_step(problem, one) for one in change.additions]
    for i in range(len(steps)):
        yield _stepped(change, [step if j == i else 0 for j, step in enumerate(steps)])
    if len(steps) > 1:
        yield _stepped(change, steps)


def _stepped(change: Change, steps: Iterable[Number]) -> Change:
    additions = [
        replace(one, amount=one.amount - step) for one, step in zip(change.additions, steps, strict=True)
    ]
    return replace(change, additions=tuple(one for one in additions if one.amount > 0))


def lever_of_addition(problem: Problem, addition: Addition) -> Lever:
    """Whether it is money, people or change load that is added."""
    if addition.rule is Rule.BUDGET:
        return Lever.MONEY
    return next(lever_of(resource.kind) for resource in problem.resources if resource.id == addition.id)


def levers_in(problem: Problem) -> list[frozenset[Lever]]:
    """The kinds of amounts that the problem has, each alone."""
    kinds = {Lever.MONEY} if problem.budgets else set()
    kinds |= {lever_of(resource.kind) for resource in problem.resources}
    return [frozenset({kind}) for kind in sorted(kinds)]
