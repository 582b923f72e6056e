"""A scenario, the question that it asks of the register, and its answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.optimiser.incumbent import Progress
from gevinst_portfolio.domain.optimiser.problem import Plan
from gevinst_portfolio.domain.optimiser.refusals import NoPossibleStart
from gevinst_portfolio.domain.optimiser.result import Solution
from gevinst_portfolio.domain.optimiser.second_goals import refine
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.domain.optimiser.validity import refuse_invalid
from gevinst_portfolio.domain.project_profiles import ProjectFigures, first_quarter
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions
from gevinst_portfolio.domain.scenario_plan import chosen_concepts, first_quarters
from gevinst_portfolio.domain.scenario_problem import Question

LONGEST_SECONDS = 900.0
LONGEST_REFINING_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as planning and deciding see it; `plan` and `plan_inputs` are a stored plan's JSON.

    `said` are the members of `ScenarioIn`, as JSON.
    """

    id: UUID
    portfolio_id: UUID
    name: str
    first: Quarter
    quarters: int
    seed: int
    work_limit: int
    assumptions: Assumptions
    plan: Mapping[str, Any] | None
    plan_inputs: Mapping[str, Any] | None
    said: Mapping[str, Any]
    plan_run_id: UUID | None
    solved_at: datetime | None
    is_published: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario's question as the register gives it, the projects that it is about, and what it was made
    from."""

    scenario: Scenario
    question: Question
    projects: Sequence[ProjectFigures]
    inputs: Mapping[str, Any]
    last_plan: Plan


@dataclass(frozen=True, slots=True)
class Answered:
    asked: Asked
    solution: Solution


def answer(asked: Asked, *, progress: Progress, is_cancelled: Callable[[], bool]) -> Answered:
    """The best plan within the scenario's work limit, and within 15 minutes.

    Raises what `refuse_invalid` raises, with the names of projects in place of their ids.
    """
    names = {key: option.figures.name for key, option in asked.question.options.items()}
    names |= {str(project.id): project.name for project in asked.projects}
    try:
        refuse_invalid(asked.question.problem)
    except NoPossibleStart as refusal:
        known = {key: _named(value, names) for key, value in refusal.values.items()}
        raise NoPossibleStart(pointer=None, **known) from None
    solution = solve(
        asked.question.problem,
        work_limit=asked.scenario.work_limit,
        seed=asked.scenario.seed,
        time_limit=LONGEST_SECONDS,
        progress=progress,
        is_cancelled=is_cancelled,
    )
    return Answered(asked, _refined(asked, solution, is_cancelled))


def last_plan(scenario: Scenario, question: Question) -> Plan:
    """What `Goal.KEEP` keeps to: the scenario's last plan, or else the starts that the board has decided."""
    if scenario.plan is None:
        decided = ProjectStatus.APPROVED
        known = {
            key: first_quarter(one.figures)
            for key, one in question.options.items()
            if one.figures.status is decided
        }
    else:
        picks = chosen_concepts(dict(scenario.plan))
        known = {
            f"{key}/{picks[key]}" if key in picks else str(key): start
            for key, start in first_quarters(dict(scenario.plan)).items()
        }
    periods = {
        key: start.index - question.first.index
        for key, start in known.items()
        if start is not None and key in question.options
    }
    return {key: at for key, at in periods.items() if 0 <= at < question.problem.periods}


def _refined(asked: Asked, solution: Solution, is_cancelled: Callable[[], bool]) -> Solution:
    rules = asked.scenario.assumptions.rules
    if not rules.second_goals or is_cancelled():
        return solution
    return refine(
        asked.question.problem,
        solution,
        rules.second_goals,
        epsilon=Fraction(rules.given_up),
        last_plan=asked.last_plan,
        work_limit=asked.scenario.work_limit,
        seed=asked.scenario.seed,
        time_limit=LONGEST_REFINING_SECONDS,
        is_cancelled=is_cancelled,
    )


def _named(value: object, names: Mapping[str, str]) -> object:
    text = str(value)
    for key, name in names.items():
        text = text.replace(key, name)
    return text
