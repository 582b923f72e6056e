"""Refusing a portfolio problem that contradicts itself before anything is solved."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.document import pointer_to
from gevinst_portfolio.domain.optimiser.parts import faults_of_parts
from gevinst_portfolio.domain.optimiser.problem import Problem, Project, members_by_name, possible_starts
from gevinst_portfolio.domain.optimiser.refusals import (
    MandatoryCannotFit,
    NoPossibleStart,
    PrecedenceCycle,
)
from gevinst_shared.values.refusal import Refusal


def refuse_invalid(problem: Problem) -> None:
    """Raise the first reason for which the problem cannot be meant.

    Raises `PlanMalformed`, `RepeatedId`, `UnknownPart`, `NegativeCapacity`, `PrecedenceCycle`,
    `NoPossibleStart` or `MandatoryCannotFit`. Rules that only contradict each other together pass:
    solving names them.
    """
    for refusal in faults_of(problem):
        raise refusal


def faults_of(problem: Problem) -> Iterator[Refusal]:
    """All these reasons, with pointers into a `gevinst-plan/1` document of the problem."""
    unclear = list(faults_of_parts(problem))
    yield from unclear
    if unclear:
        return  # what follows needs to know who is who
    yield from _cycles(problem)
    members = members_by_name(problem)
    forced = {name for project in problem.projects if (name := project.forced_name) is not None}
    startless = {project.id for project in problem.projects if not possible_starts(problem, project)}
    for number, project in enumerate(problem.projects):
        is_hopeless = project.id in forced or not _own_starts(project)
        if project.id in startless and is_hopeless:
            yield NoPossibleStart(id=project.id, pointer=pointer_to("projects", number))
    # Another project may free money or people (P11), and then being alone proves nothing.
    if any(_frees(project) for project in problem.projects):
        return
    for name in sorted(forced):
        if startless.isdisjoint(project.id for project in members[name]):
            yield from _unfitting(problem, name, members[name])


def _own_starts(project: Project) -> range:
    """The starts that a project's own dates allow, however far the problem reaches.

    One that is only too long for the horizon can be meant: it is left out.
    """
    lasts = [len(project.value_by_start) - 1]
    if project.latest_start is not None:
        lasts.append(project.latest_start)
    if project.deadline is not None:
        lasts.append(project.deadline - project.duration)
    return range(project.earliest, max(project.earliest, min(lasts) + 1))


def _cycles(problem: Problem) -> Iterator[Refusal]:
    """Peel off projects that wait for nobody; what stays stands in or behind a circle."""
    members = members_by_name(problem)
    waits = {project.id: set[str]() for project in problem.projects}
    for rule in problem.precedence:
        if rule.before == rule.after:
            yield PrecedenceCycle(path=f"{rule.before} and itself", pointer="/precedence")
            return
        for project in members[rule.after]:
            waits[project.id].update(before.id for before in members[rule.before])
    while free := [name for name, needs in waits.items() if not needs]:
        for name in free:
            del waits[name]
        for needs in waits.values():
            needs.difference_update(free)
    if waits:
        yield PrecedenceCycle(path=" → ".join(_circle(waits)), pointer="/precedence")


def _circle(waits: dict[str, set[str]]) -> list[str]:
    path = [min(waits)]
    while (behind := min(waits[path[-1]])) not in path:
        path.append(behind)
    return [*path[path.index(behind) :], behind][::-1]


def _unfitting(problem: Problem, name: str, members: Sequence[Project]) -> Iterator[Refusal]:
    """Whether a forced project cannot be in even when it is alone, as any of its concepts."""
    alone = Problem(
        name=problem.name,
        periods=problem.periods,
        horizon=problem.horizon,
        must_finish=problem.must_finish,
        projects=tuple(replace(project, is_mandatory=False, fixed_start=None) for project in members),
        resources=problem.resources,
        budgets=problem.budgets,
    )
    verdicts = [check_plan(alone, {p.id: start}) for p in members for start in possible_starts(problem, p)]
    if not any(verdict.is_feasible for verdict in verdicts):
        closest = min(verdicts, key=lambda verdict: len(verdict.violations))
        number = problem.projects.index(members[0])
        reason = closest.violations[0].text
        yield MandatoryCannotFit(id=name, reason=reason, pointer=pointer_to("projects", number))


def _frees(project: Project) -> bool:
    profiles = (*project.cost.values(), *project.demand.values())
    return any(amount < 0 for profile in profiles for amount in profile)
