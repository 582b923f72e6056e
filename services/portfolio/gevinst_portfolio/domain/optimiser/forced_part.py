"""The part of a problem that forced projects alone make: small, and often contradictory by itself."""

from dataclasses import replace

from gevinst_portfolio.domain.optimiser.alone import frees
from gevinst_portfolio.domain.optimiser.problem import Problem, members_by_name


def forced_part(problem: Problem) -> Problem | None:
    """The problem of the forced projects and those that they need, without the shares of categories.

    Rules that contradict each other in it do so in the whole problem, and a plan of it is one of the whole
    under the same rules: the others could only take money, people and places. `None` when one of the others
    frees money or people (P11), and when nothing is forced.
    """
    members = members_by_name(problem)
    needed = {name for project in problem.projects if (name := project.forced_name) is not None}
    undertaking = {p.id: p.concept_of for p in problem.projects if p.concept_of is not None}
    while True:
        before = len(needed)
        needed |= {undertaking[name] for name in needed if name in undertaking}
        needed |= {project.id for name in needed for project in members[name]}
        needed |= {rule.before for rule in problem.precedence if rule.after in needed}
        needed |= {name for group in problem.all_or_none if needed.intersection(group) for name in group}
        if len(needed) == before:
            break
    others = [project for project in problem.projects if project.id not in needed]
    if not needed or any(map(frees, others)):
        return None
    return replace(
        problem,
        projects=tuple(project for project in problem.projects if project.id in needed),
        precedence=tuple(rule for rule in problem.precedence if rule.after in needed),
        exclusive=tuple(group for group in problem.exclusive if needed.issuperset(group)),
        all_or_none=tuple(group for group in problem.all_or_none if needed.issuperset(group)),
        categories=tuple(replace(c, min_share=None, max_share=None) for c in problem.categories),
    )
