"""Answering what was asked of a scenario's plan (P7), by further solves."""

from collections.abc import Callable, Sequence

from gevinst_portfolio.domain.analyses import AnalysisAsked, AnalysisKind, NothingLimited
from gevinst_portfolio.domain.analysis_report import (
    baselines_document,
    certainty_document,
    frontier_document,
    stability_document,
)
from gevinst_portfolio.domain.explanation_report import explanation_document
from gevinst_portfolio.domain.optimiser.baselines import Baseline, baselines
from gevinst_portfolio.domain.optimiser.certainty import certainty
from gevinst_portfolio.domain.optimiser.explanation import explain
from gevinst_portfolio.domain.optimiser.frontier import factors_between, frontier
from gevinst_portfolio.domain.optimiser.result import Solution
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.domain.optimiser.stability import stability
from gevinst_portfolio.domain.register_words import Document, RegisterWords
from gevinst_portfolio.domain.scenario_estimates import (
    cost_spreads,
    points_of_five,
    scenario_draw,
)
from gevinst_portfolio.domain.scenario_solving import LONGEST_SECONDS

Progress = Callable[[float], None]


def analyse(wanted: AnalysisAsked, *, progress: Progress, is_cancelled: Callable[[], bool]) -> Document:
    """The result of the analysis as JSON. The same question, options and seed give the same result.

    Raises `NothingLimited` for a frontier of money that the scenario does not limit.
    """
    names = {str(project.id): project.name for project in wanted.asked.projects}
    problem = wanted.asked.question.problem
    names |= {one.id: one.name for one in problem.projects if one.id not in names}
    names |= {resource.id: resource.name for resource in problem.resources}
    words = RegisterWords(wanted.asked.question, names, wanted.currency, wanted.price_year)
    answer = _Answer(wanted, words, progress, is_cancelled)
    match wanted.kind:
        case AnalysisKind.EXPLANATION:
            return answer.explanation()
        case AnalysisKind.FRONTIER:
            return answer.frontier()
        case AnalysisKind.STABILITY:
            return answer.stability()
        case AnalysisKind.CERTAINTY:
            return answer.certainty()
        case AnalysisKind.BASELINES:
            return baselines_document(words, answer.baselines())


class _Answer:
    def __init__(
        self,
        wanted: AnalysisAsked,
        words: RegisterWords,
        progress: Progress,
        is_cancelled: Callable[[], bool],
    ) -> None:
        self.wanted = wanted
        self.words = words
        self.problem = wanted.asked.question.problem
        self.options = wanted.options
        self.progress = progress
        self.is_cancelled = is_cancelled

    def explanation(self) -> Document:
        plan = self._plan()
        found = explain(
            self.problem,
            plan,
            kinds=self.options.levers,
            work=self.options.work,
            seed=self.options.seed,
            progress=self.progress,
            is_cancelled=self.is_cancelled,
        )
        return explanation_document(self.words, plan, found)

    def frontier(self) -> Document:
        kinds = self._limited()
        found = frontier(
            self.problem,
            factors_between(self.options.lowest, self.options.highest, self.options.points),
            budgets=kinds,
            work=self.options.work,
            seed=self.options.seed,
            progress=self.progress,
            is_cancelled=self.is_cancelled,
        )
        return frontier_document(self.words, found, kinds)

    def stability(self) -> Document:
        wanted, starts = self.wanted, self.wanted.asked.last_plan
        draw = scenario_draw(
            wanted.asked, wanted.criteria, wanted.scores, weight_spread=self.options.weight_spread
        )
        found = stability(
            self.problem,
            draw,
            draws=self.options.draws,
            seed=self.options.seed,
            start_plan=starts or None,
            work=self.options.work,
            progress=self.progress,
            is_cancelled=self.is_cancelled,
        )
        return stability_document(self.words, found, draw, starts)

    def certainty(self) -> Document:
        found = certainty(
            self.problem,
            self.wanted.asked.last_plan,
            cost_spreads(self.wanted.asked.projects),
            draws=self.options.draws,
            seed=self.options.seed,
        )
        return certainty_document(self.words, found)

    def baselines(self) -> Sequence[Baseline]:
        points = points_of_five(self.wanted.criteria, self.wanted.scores)
        return baselines(self.problem, self._plan(), points)

    def _plan(self) -> Solution:
        """The scenario's plan, solved again as the scenario solves it, and from where it stood."""
        scenario = self.wanted.asked.scenario
        return solve(
            self.problem,
            work_limit=scenario.work_limit,
            seed=scenario.seed,
            time_limit=LONGEST_SECONDS,
            start_plan=self.wanted.asked.last_plan or None,
            is_cancelled=self.is_cancelled,
        )

    def _limited(self) -> list[str]:
        limited = self.wanted.asked.question.limited
        kinds = sorted(limited if self.options.budget is None else limited & {self.options.budget})
        if not kinds:
            raise NothingLimited(kind=self.options.budget or "investment")
        return kinds
