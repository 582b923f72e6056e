"""Solving a portfolio problem: choose the projects and when each starts (P3, P4, P5)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gevinst_portfolio.domain.optimiser.contradiction import find_contradictions
from gevinst_portfolio.domain.optimiser.dive import MANNERS, dive
from gevinst_portfolio.domain.optimiser.greedy import ranked_plan
from gevinst_portfolio.domain.optimiser.highs import (
    LinearAnswer,
    LinearModel,
    LinearSolver,
    WholeAnswer,
    WholeLimits,
    solve_whole,
)
from gevinst_portfolio.domain.optimiser.incumbent import Incumbent, Progress
from gevinst_portfolio.domain.optimiser.limits import Ending, Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel, build_model
from gevinst_portfolio.domain.optimiser.neighbourhood import improve
from gevinst_portfolio.domain.optimiser.problem import Plan, Problem, chosen_concepts
from gevinst_portfolio.domain.optimiser.reasons import binding_limits, reasons_left_out
from gevinst_portfolio.domain.optimiser.repair import repaired_plan
from gevinst_portfolio.domain.optimiser.result import Solution, Status
from gevinst_portfolio.domain.optimiser.windows import narrow_windows

# Binaries up to which branch and cut alone is the quickest way to a proof.
FEW_COLUMNS = 300
# Binaries up to which branch and cut is worth its time after the neighbourhood search.
MANY_COLUMNS = 2500
# Neighbourhoods in vain after which the search gives up.
MOST_IDLE = 60
ALL_NODES = 2**31 - 1
LARGEST_SEED = 2**31 - 1
# About a minute at 300 projects.
DEFAULT_WORK = 500_000


def solve(  # noqa: PLR0913 - the limits and the ears of one call
    problem: Problem,
    *,
    work_limit: int = DEFAULT_WORK,
    seed: int = 1,
    time_limit: float | None = None,
    start_plan: Plan | None = None,
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The plan of the highest value that keeps every rule of the problem exactly.

    Maximises the sum of `value_by_start[start]` over the chosen projects under the rules in `model`.
    "Optimal" means proved; else `gap` is (bound - value) / bound with a proven bound, and `ended_by` says
    what ended the search. The same problem, seed and `work_limit` (simplex iterations) give the same answer
    unless `time_limit` (seconds) or `is_cancelled` ended it; then it is the best plan so far. `start_plan`
    is where the search begins, repaired when it no longer keeps the rules.
    `progress(value, bound, gap, work_share)` hears of every improvement.
    The problem must have passed `refuse_invalid`.

    Check: 10 or 9 and 8 or 4 for two projects that cannot start together give 17.
    """
    limits = Limits(work_limit, time_limit, is_cancelled)
    seed %= LARGEST_SEED
    windows = narrow_windows(problem)
    if windows.is_contradictory:
        return _infeasible(problem, limits, seed)
    model = build_model(problem, windows)
    incumbent = Incumbent(problem, model, limits, progress)
    search = _Search(problem, model, incumbent, limits, seed)
    relaxation = search.run(start_plan)
    if search.is_infeasible:
        return _infeasible(problem, limits, seed)
    return _solution(search, relaxation)


@dataclass(slots=True)
class _Search:
    problem: Problem
    model: PlanModel
    incumbent: Incumbent
    limits: Limits
    seed: int
    is_infeasible: bool = False

    def run(self, start_plan: Plan | None) -> LinearAnswer | None:
        """Search to a proof or a limit; the linear relaxation, unless the limit came first."""
        repaired = repaired_plan(self.problem, start_plan or {})
        for plan in (repaired, ranked_plan(self.problem)):
            if plan is not None:
                self.incumbent.offer(plan)
        relaxer = LinearSolver(self.model.linear, self.seed)
        relaxation = relaxer.solve(seconds=self.limits.seconds_left)
        self.limits.spend(relaxer.iterations)
        if relaxation is None:
            self.is_infeasible = relaxer.is_infeasible
            return None
        self.incumbent.lower_bound_to(relaxation.value)
        if len(self.model.project) > FEW_COLUMNS:
            self._approach(relaxer, relaxation)
        if self.incumbent.plan is None or len(self.model.project) <= MANY_COLUMNS:
            self._prove(relaxation)
        return relaxation

    def _approach(self, relaxer: LinearSolver, relaxation: LinearAnswer) -> None:
        """Dive, then search the neighbourhoods for most of what the limits allow."""
        for manner in MANNERS:
            plan = dive(self.model, relaxer, relaxation, self.limits, manner=manner, seed=self.seed)
            if plan is not None:
                self.incumbent.offer(plan)
        if self.incumbent.plan is None:
            return
        is_small = len(self.model.project) <= MANY_COLUMNS
        improve(
            self.problem,
            self._exact_model(),
            relaxation,
            self.incumbent,
            self.limits,
            seed=self.seed,
            is_enough=lambda idle: is_small and (idle >= MOST_IDLE or self.limits.share > 0.5),
        )

    def _exact_model(self) -> PlanModel:
        """The model; tightened when a plan of it turned out to break a rule by a rounding."""
        return self.model.tightened() if self.incumbent.refused else self.model

    def _prove(self, relaxation: LinearAnswer) -> None:
        """Branch and cut over the whole model, from the best plan."""
        if self.limits.met() is not None or self.incumbent.is_proved:
            return
        model = _without_hopeless(self.model, relaxation, self._room_to_gain())
        refused = self.incumbent.refused
        answer = self._branch(model)
        if answer.is_infeasible and self.incumbent.plan is None:
            self.is_infeasible = True
            return
        self.incumbent.lower_bound_to(answer.bound)
        if self.incumbent.refused > refused:
            self._branch(self._exact_model().linear)
        elif answer.is_proved:
            self.incumbent.prove()

    def _branch(self, linear: LinearModel) -> WholeAnswer:
        plan = self.incumbent.plan
        start = None
        if plan is not None:
            start = np.zeros(len(linear.gain))
            start[self.model.columns_of(plan)] = 1.0
        answer = solve_whole(
            linear,
            WholeLimits(
                nodes=ALL_NODES,
                seconds=self.limits.seconds_left,
                # Values come in steps: what is less than one step better is not better.
                gap=max(1e-6, float(self.model.value_step) / self.model.value_unit * 0.999),
                is_over=lambda iterations: self.limits.met(iterations) is not None,
                found=lambda x: self.incumbent.offer(self.model.plan_of(x)),
            ),
            seed=self.seed,
            start=start,
        )
        self.limits.spend(answer.iterations)
        if answer.x is not None:
            self.incumbent.offer(self.model.plan_of(answer.x))
        return answer

    def _room_to_gain(self) -> float:
        """How much better a plan can be, in the model's unit."""
        if self.incumbent.value is None or self.incumbent.bound is None:
            return float("inf")
        return float(self.incumbent.bound - self.incumbent.value) / self.model.value_unit


def _without_hopeless(model: PlanModel, relaxation: LinearAnswer, gain: float) -> LinearModel:
    """Without the columns whose choice costs the relaxation more than there is to gain."""
    upper = model.linear.upper.copy()
    width = len(model.project)
    upper[:width][-relaxation.reduced[:width] > gain + 1e-4 * max(1.0, gain)] = 0.0
    return replace(model.linear, upper=upper)


def _solution(search: _Search, relaxation: LinearAnswer | None) -> Solution:
    incumbent, limits = search.incumbent, search.limits
    ending = Ending.PROVED if incumbent.is_proved else limits.met() or Ending.EXHAUSTED
    if incumbent.plan is None:
        return Solution(Status.UNKNOWN, ending, {}, None, incumbent.bound, None, limits.work)
    plan = incumbent.plan
    problem = search.problem
    return Solution(
        status=Status.OPTIMAL if incumbent.is_proved else Status.GAP,
        ended_by=ending,
        starts={project.id: plan.get(project.id) for project in problem.projects},
        value=incumbent.value,
        bound=incumbent.bound,
        gap=incumbent.gap,
        work=limits.work,
        binding=() if relaxation is None else binding_limits(problem, plan, search.model, relaxation),
        left_out=reasons_left_out(problem, plan),
        concepts=chosen_concepts(problem, plan),
    )


def _infeasible(problem: Problem, limits: Limits, seed: int) -> Solution:
    contradictions, is_minimal = find_contradictions(problem, limits, seed=seed)
    return Solution(
        status=Status.INFEASIBLE,
        ended_by=limits.met() or Ending.PROVED,
        starts={},
        value=None,
        bound=None,
        gap=None,
        work=limits.work,
        contradictions=contradictions,
        is_minimal=is_minimal,
    )
