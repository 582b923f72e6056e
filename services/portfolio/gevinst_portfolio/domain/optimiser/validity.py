"""Refusing a portfolio problem that contradicts itself before anything is solved."""

from collections.abc import Iterator

from gevinst_portfolio.domain.optimiser.document import pointer_to
from gevinst_portfolio.domain.optimiser.parts import faults_of_parts
from gevinst_portfolio.domain.optimiser.problem import Problem, Project, members_by_name, possible_starts
from gevinst_portfolio.domain.optimiser.refusals import (
    NoPossibleStart,
    PrecedenceCycle,
)
from gevinst_shared.values.refusal import Refusal


def refuse_invalid(problem: Problem) -> None:
    """Raise the first reason for which the problem cannot be meant.

    Raises `PlanMalformed`, `RepeatedId`, `UnknownPart`, `NegativeCapacity`, `PrecedenceCycle`
    or `NoPossibleStart`. Rules that only contradict each other together pass, and so does a forced project
    that needs more than there is: solving names them.
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
    forced = {name for project in problem.projects if (name := project.forced_name) is not None}
    startless = {project.id for project in problem.projects if not possible_starts(problem, project)}
    for number, project in enumerate(problem.projects):
        is_hopeless = project.id in forced or not _own_starts(project)
        if project.id in startless and is_hopeless:
            yield NoPossibleStart(id=project.id, pointer=pointer_to("projects", number))


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
