"""Solving a portfolio problem: choose the projects and when each starts (P3, P4, P5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gevinst_portfolio.domain.optimiser.alone import shortages_alone
from gevinst_portfolio.domain.optimiser.branching import project_parts, with_choices
from gevinst_portfolio.domain.optimiser.contradiction import find_contradictions
from gevinst_portfolio.domain.optimiser.dive import MANNERS, Manner, dive, rounded_plan
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
from gevinst_portfolio.domain.optimiser.prover import without_hopeless
from gevinst_portfolio.domain.optimiser.race import Race
from gevinst_portfolio.domain.optimiser.reasons import binding_limits, reasons_left_out
from gevinst_portfolio.domain.optimiser.repair import repaired_plan
from gevinst_portfolio.domain.optimiser.result import Solution, Status
from gevinst_portfolio.domain.optimiser.windows import Windows, narrow_windows

# Binaries up to which branch and cut alone is often the quickest way to a proof, and the work it gets.
FEW_COLUMNS = 300
QUICK_WORK = 5000
# The gap above which a plan is worth a dive for a better one; below it the neighbourhoods are quicker.
FAR = 0.1
# Neighbourhoods in vain after which the search gives up.
MOST_IDLE = 300
ALL_NODES = ALL_WORK = 2**31 - 1
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
    # The relaxation may let fit in halves what does not fit even alone.
    if windows.is_contradictory or shortages_alone(problem):
        return _infeasible(problem, limits, seed)
    model = build_model(problem, windows)
    incumbent = Incumbent(problem, model, limits, progress)
    search = _Search(problem, model, windows, incumbent, limits, seed)
    relaxation = search.run(start_plan)
    if search.is_infeasible:
        return _infeasible(problem, limits, seed)
    return _solution(search, relaxation)


@dataclass(slots=True)
class _Search:
    problem: Problem
    model: PlanModel
    windows: Windows
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
        if len(self.model.project) <= FEW_COLUMNS:
            self._prove(relaxation, self.limits.work + QUICK_WORK)
        if not self.is_infeasible:
            self._approach(relaxer, relaxation)
        if self.incumbent.plan is None:
            self._prove(relaxation, ALL_WORK)
        return relaxation

    def _approach(self, relaxer: LinearSolver, relaxation: LinearAnswer) -> None:
        """Find a first plan, then search the neighbourhoods while a second thread lowers the bound."""
        if self.incumbent.is_proved:
            return
        rounded = rounded_plan(self.problem, self.windows, self.model, relaxation)
        if rounded is not None:
            self.incumbent.offer(rounded)
        if self.incumbent.plan is None:
            self._dive(relaxer, relaxation, MANNERS)
        if self.incumbent.plan is None:
            return
        race = Race(self.model, relaxation, self.incumbent, self.limits, seed=self.seed)
        if self.incumbent.gap is not None and self.incumbent.gap > FAR:
            self._dive(relaxer, relaxation, MANNERS[:1])
        improve(
            self.problem,
            self._exact_model(),
            relaxation,
            self.incumbent,
            self.limits,
            seed=self.seed,
            is_enough=lambda idle: race.is_decided() or idle >= MOST_IDLE,
        )
        race.finish()

    def _dive(self, relaxer: LinearSolver, relaxation: LinearAnswer, manners: Sequence[Manner]) -> None:
        """Dive in one manner after the other until there is a plan."""
        for manner in manners:
            plan = dive(self.model, relaxer, relaxation, self.limits, manner=manner, seed=self.seed)
            if plan is not None:
                self.incumbent.offer(plan)
                return

    def _exact_model(self) -> PlanModel:
        """The model; tightened when a plan of it turned out to break a rule by a rounding."""
        return self.model.tightened() if self.incumbent.refused else self.model

    def _prove(self, relaxation: LinearAnswer, work_limit: int) -> None:
        """Branch and cut over the whole model, from the best plan."""
        if self.limits.met() is not None or self.is_infeasible:
            return
        model, least = self.model.linear, None
        if self.incumbent.value is not None:
            least = float(self.incumbent.value) / self.model.value_unit + self.model.least_step / 2
            model = without_hopeless(self.model, relaxation, least)
        refused = self.incumbent.refused
        answer = self._branch(model, least, work_limit)
        if answer.is_infeasible and self.incumbent.plan is None:
            # That nothing is possible at all is believed when a search of another kind says so too.
            answer = self._branch(model, least, work_limit, has_presolve=False)
            self.is_infeasible = answer.is_infeasible and self.incumbent.plan is None
        if self.is_infeasible:
            return
        self.incumbent.lower_bound_to(answer.bound)
        if self.incumbent.refused > refused:
            self._branch(self._exact_model().linear, least, work_limit)
        elif answer.is_ended:
            self.incumbent.prove()

    def _branch(
        self, linear: LinearModel, least: float | None, work_limit: int, *, has_presolve: bool = True
    ) -> WholeAnswer:
        """Branch and cut until the model is searched, a limit is met or this much work is done in all."""
        before = self.limits.work
        projects = project_parts(self.model.project, 1)
        answer = solve_whole(
            with_choices(linear, (projects,), is_relaxed=False),
            WholeLimits(
                nodes=ALL_NODES,
                seconds=self.limits.seconds_left,
                # Values come in steps: what is less than one step better is not better.
                gap=self.model.least_step,
                least=least,
                is_over=lambda iterations: (
                    before + iterations >= work_limit or self.limits.met(iterations) is not None
                ),
                found=lambda x: self.incumbent.offer(self.model.plan_of(x)),
                has_presolve=has_presolve,
            ),
            seed=self.seed,
        )
        self.limits.spend(answer.iterations)
        if answer.x is not None:
            self.incumbent.offer(self.model.plan_of(answer.x))
        return answer


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
