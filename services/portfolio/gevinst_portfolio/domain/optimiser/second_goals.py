"""Second goals, one after the other, once the value is as good as settled (P3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

import numpy as np

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.goal_measures import Wish
from gevinst_portfolio.domain.optimiser.goal_model import with_floor, with_wish
from gevinst_portfolio.domain.optimiser.highs import Ints, WholeLimits, solve_whole
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel, build_model
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem, chosen_concepts
from gevinst_portfolio.domain.optimiser.reasons import reasons_left_out
from gevinst_portfolio.domain.optimiser.restriction import Restriction, restrict
from gevinst_portfolio.domain.optimiser.result import Goal, GoalReached, Solution, Status
from gevinst_portfolio.domain.optimiser.windows import narrow_windows

DEFAULT_WORK = 100_000
# Binaries up to which the whole model is searched at once, and up to which it is after its parts.
FEW_COLUMNS, MANY_COLUMNS = 300, 2500
FREE_PROJECTS = 24
NODES = 30
# Parts in vain after which a goal is left as it is.
MOST_IDLE = 30
# A measure is better when it is better by this much.
LEAST_GAIN = 1e-6


def refine(  # noqa: PLR0913 - the goals, and the limits of one call
    problem: Problem,
    solution: Solution,
    goals: Sequence[Goal],
    *,
    epsilon: Number = 0,
    last_plan: Plan | None = None,
    work_limit: int = DEFAULT_WORK,
    seed: int = 1,
    time_limit: float | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The solution with a plan that is better by the goals, in their order, and worth nearly as much.

    The value stays at (1 - `epsilon`) of the solution's or more (0.01 gives up 1 %). The first goal is
    minimised; then the second among the plans that are as good by the first, and so on: `second_goals` says
    what each came to, before and after, and whether less is impossible. Every rule holds exactly, and
    `bound` stays what it was. `last_plan` is what `Goal.KEEP` keeps to. The same arguments give the same
    answer unless `time_limit` (seconds) or `is_cancelled` ended it. A solution without a plan comes back.

    Check: two projects that need all people together, and are worth as much one after the other, are spread.
    """
    if solution.value is None or not goals:
        return solution
    limits = Limits(work_limit, time_limit, is_cancelled)
    wishes = [Wish(goal, last_plan or {}) for goal in goals]
    least = Fraction(solution.value) - Fraction(epsilon) * abs(Fraction(solution.value))
    search = _Search(problem, _floored(problem, least), limits, seed, solution.plan, least, work_limit)
    are_least = [search.minimise(wish, left=len(wishes) - i) for i, wish in enumerate(wishes)]
    reached = tuple(
        GoalReached(w.goal, w.measure(problem, solution.plan), w.measure(problem, search.plan), is_least)
        for w, is_least in zip(wishes, are_least, strict=True)
    )
    return _refined(problem, solution, search, reached)


@dataclass(slots=True)
class _Search:
    """The best plan so far; `model` holds the value and what earlier goals came to."""

    problem: Problem
    model: PlanModel
    limits: Limits
    seed: int
    plan: Plan
    least_value: Number
    work_limit: int
    settled: tuple[tuple[Wish, Number], ...] = ()

    def minimise(self, wish: Wish, *, left: int) -> bool:
        """Make the measure as small as the limits allow, and settle it; whether less is impossible.

        `left` goals share the work that is left.
        """
        most_work = self.limits.work + (self.work_limit - self.limits.work) // left
        model = with_wish(self.problem, self.model, wish)
        if len(model.project) > FEW_COLUMNS:
            self._search_parts(model, wish, most_work)
        is_least = self._measure(wish) == 0
        if not is_least and len(model.project) <= MANY_COLUMNS:
            is_least = self._search_whole(model, wish, most_work)
        measure = self._measure(wish)
        self.settled = (*self.settled, (wish, measure))
        kept = float(len(wish.last_plan) - measure)
        least = kept - 0.5 if wish.goal is Goal.KEEP else -float(measure) - 1e-7
        self.model = with_floor(model, model.linear.gain, least)
        return is_least

    def _measure(self, wish: Wish) -> Number:
        return wish.measure(self.problem, self.plan)

    def _search_parts(self, model: PlanModel, wish: Wish, most_work: int) -> None:
        rng = np.random.default_rng(self.seed)
        idle = round_number = 0
        while idle < MOST_IDLE and self._measure(wish) and not self._is_over(most_work):
            chosen = model.columns_of(self.plan)
            culprits = wish.culprits(self.problem, self.plan, round_number)
            # Culprits first, then others, each in a random order.
            keys = rng.random(len(model.ids)) + [name not in culprits for name in model.ids]
            free = np.zeros(len(model.ids), np.bool_)
            free[np.argsort(keys, kind="stable")[:FREE_PROJECTS]] = True
            free = np.isin(model.kin, model.kin[free])
            part = restrict(
                model,
                settled=chosen[~free[model.project[chosen]]],
                open_columns=np.flatnonzero(free[model.project]).astype(np.int32),
            )
            is_better = self._search_part(part, wish, chosen, seed=int(rng.integers(2**31)))
            idle = 0 if is_better else idle + 1
            round_number += 1

    def _search_part(self, part: Restriction, wish: Wish, chosen: Ints, *, seed: int) -> bool:
        answer = solve_whole(
            part.linear,
            WholeLimits(
                nodes=NODES,
                seconds=self.limits.seconds_left,
                gap=LEAST_GAIN,
                is_over=lambda iterations: self.limits.met(iterations) is not None,
                is_quick=True,
            ),
            seed=seed,
            start=np.isin(part.kept, chosen).astype(np.float64),
        )
        self.limits.spend(answer.iterations)
        return answer.x is not None and self._offer(part.plan_of(answer.x), wish)

    def _search_whole(self, model: PlanModel, wish: Wish, most_work: int) -> bool:
        if self._is_over(most_work):
            return False
        gap = 0.5 if wish.goal is Goal.KEEP else LEAST_GAIN
        start = np.zeros(len(model.linear.gain))
        start[model.columns_of(self.plan)] = 1.0
        answer = solve_whole(
            model.linear,
            WholeLimits(
                nodes=2**31 - 1,
                seconds=self.limits.seconds_left,
                gap=gap,
                is_over=lambda iterations: self._is_over(most_work, iterations),
                found=lambda x: self._offer(model.plan_of(x), wish),
            ),
            seed=self.seed,
            start=start,
        )
        self.limits.spend(answer.iterations)
        if answer.x is not None:
            self._offer(model.plan_of(answer.x), wish)
        # A measure is what the wish's model leaves of its best: all of the last plan, or no peak.
        possible = (len(wish.last_plan) if wish.goal is Goal.KEEP else 0.0) - answer.bound
        return answer.is_proved and float(self._measure(wish)) <= possible + gap + LEAST_GAIN

    def _offer(self, plan: Plan, wish: Wish) -> bool:
        """Take the plan if it keeps every rule and what is settled exactly, and is better by the wish."""
        verdict = check_plan(self.problem, plan)
        is_fine = (
            verdict.is_feasible
            and verdict.value >= self.least_value
            and all(one.measure(self.problem, plan) <= most for one, most in self.settled)
            and wish.measure(self.problem, plan) < self._measure(wish)
        )
        if is_fine:
            self.plan = dict(plan)
        return is_fine

    def _is_over(self, most_work: int, under_way: int = 0) -> bool:
        return self.limits.met(under_way) is not None or self.limits.work + under_way >= most_work


def _floored(problem: Problem, least: Number) -> PlanModel:
    model = build_model(problem, narrow_windows(problem))
    step = model.value_step
    if step:  # values come in steps: half a step below the first that is enough is as good
        least = ceil(least / step) * step - step / 2
    return with_floor(model, model.linear.gain, float(least) / model.value_unit)


def _refined(
    problem: Problem, solution: Solution, search: _Search, reached: tuple[GoalReached, ...]
) -> Solution:
    plan = search.plan
    value = check_plan(problem, plan).value
    bound = solution.bound
    is_best = bound is not None and value >= bound
    gap = None if bound is None else (0.0 if is_best else float(bound - value) / abs(float(bound)))
    return replace(
        solution,
        status=Status.OPTIMAL if is_best else Status.GAP,
        ended_by=search.limits.met() or solution.ended_by,
        starts={project.id: plan.get(project.id) for project in problem.projects},
        concepts=chosen_concepts(problem, plan),
        value=value,
        gap=gap,
        work=solution.work + search.limits.work,
        left_out=reasons_left_out(problem, plan),
        second_goals=reached,
    )
