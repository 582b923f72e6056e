"""The rules that keep one project out and that a board could relax (P7)."""

from collections.abc import Iterator

from gevinst_portfolio.domain.optimiser.change import Relaxation
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.problem import Problem, Project


def rules_of(problem: Problem, name: str) -> Iterator[Relaxation]:
    """Each rule without an amount of money or people that counts for the project."""
    (project,) = (one for one in problem.projects if one.id == name)
    yield from _groups_of(problem, project)
    yield from _shares(problem, name)
    if problem.max_starts:
        yield Relaxation(Rule.MAX_STARTS, (), name)
    if (project.latest_start, project.deadline) != (None, None) or project.earliest:
        yield Relaxation(Rule.WINDOW, (name,), name)


def _groups_of(problem: Problem, project: Project) -> Iterator[Relaxation]:
    # A rule that names the undertaking counts for each of its concepts (P9).
    for name in filter(None, (project.id, project.concept_of)):
        for rule, groups in ((Rule.EXCLUSIVE, problem.exclusive), (Rule.ALL_OR_NONE, problem.all_or_none)):
            yield from (Relaxation(rule, group, name) for group in groups if name in group)
        for pair in problem.precedence:
            if pair.after == name:
                yield Relaxation(Rule.PRECEDENCE, (pair.before, pair.after), name)


def _shares(problem: Problem, name: str) -> Iterator[Relaxation]:
    for category in problem.categories:
        limits = (
            (Rule.MAX_SPEND, category.max_spend),
            (Rule.MIN_SHARE, category.min_share),
            (Rule.MAX_SHARE, category.max_share),
        )
        yield from (Relaxation(rule, (category.id,), name) for rule, limit in limits if limit is not None)
