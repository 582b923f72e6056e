"""A scenario, the question that it asks of the register, and its answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.optimiser.incumbent import Progress
from gevinst_portfolio.domain.optimiser.refusals import MandatoryCannotFit, NoPossibleStart
from gevinst_portfolio.domain.optimiser.result import Solution
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.domain.optimiser.validity import refuse_invalid
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions
from gevinst_portfolio.domain.scenario_problem import Question

LONGEST_SECONDS = 900.0


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
    is_published: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario's question as the register gives it, and the projects that it is about."""

    scenario: Scenario
    question: Question
    projects: Sequence[ProjectFigures]
    inputs: Mapping[str, Any]


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
    except (MandatoryCannotFit, NoPossibleStart) as refusal:
        known = {key: _named(value, names) for key, value in refusal.values.items()}
        raise type(refusal)(pointer=None, **known) from None
    solution = solve(
        asked.question.problem,
        work_limit=asked.scenario.work_limit,
        seed=asked.scenario.seed,
        time_limit=LONGEST_SECONDS,
        progress=progress,
        is_cancelled=is_cancelled,
    )
    return Answered(asked, solution)


def _named(value: object, names: Mapping[str, str]) -> object:
    text = str(value)
    for key, name in names.items():
        text = text.replace(key, name)
    return text
