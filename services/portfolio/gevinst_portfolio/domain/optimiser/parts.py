"""What can be wrong with the parts of a portfolio problem: lengths, ids, references and amounts."""

from collections.abc import Iterator

from gevinst_portfolio.domain.optimiser.document import pointer_to
from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project, amount_text
from gevinst_portfolio.domain.optimiser.refusals import (
    NegativeCapacity,
    PlanMalformed,
    RepeatedId,
    UnknownPart,
)
from gevinst_shared.values.refusal import Refusal


def faults_of_parts(problem: Problem) -> Iterator[Refusal]:
    """All of it, with pointers into a `gevinst-plan/1` document of the problem."""
    if not problem.projects:
        wanted = "a list of at least one project"
        yield PlanMalformed(member="projects", found="empty", wanted=wanted, pointer="/projects")
        return
    yield from _odd_shapes(problem)
    yield from _repeated_ids(problem)
    yield from _unknown_parts(problem)
    yield from _negative(problem)


def _repeated_ids(problem: Problem) -> Iterator[Refusal]:
    for kind, ids in _ids(problem).items():
        seen: set[str] = set()
        for number, name in enumerate(ids):
            if name in seen:
                yield RepeatedId(id=name, kind=kind, pointer=pointer_to(kind, number, "id"))
            seen.add(name)
    projects = {project.id for project in problem.projects}
    for number, project in enumerate(problem.projects):
        if project.concept_of in projects:
            kind = "projects and what they are concepts of"
            pointer = pointer_to("projects", number, "concept_of")
            yield RepeatedId(id=project.concept_of, kind=kind, pointer=pointer)


def _ids(problem: Problem) -> dict[str, list[str]]:
    return {
        "projects": [project.id for project in problem.projects],
        "budgets": [budget.id for budget in problem.budgets],
        "resources": [resource.id for resource in problem.resources],
        "categories": [category.id for category in problem.categories],
    }


def _references(problem: Problem) -> Iterator[tuple[str, str, str, str]]:
    """Who refers (in words), to which kind, with which id, and where."""
    for i, project in enumerate(problem.projects):
        yield from _references_of(project, i)
    for i, rule in enumerate(problem.precedence):
        yield "precedence", "projects", rule.before, pointer_to("precedence", i, "before")
        yield "precedence", "projects", rule.after, pointer_to("precedence", i, "after")
    for member, groups in (("exclusive", problem.exclusive), ("all_or_none", problem.all_or_none)):
        for i, group in enumerate(groups):
            for j, name in enumerate(group):
                yield member, "projects", name, pointer_to(member, i, j)


def _references_of(project: Project, number: int) -> Iterator[tuple[str, str, str, str]]:
    for name in project.cost:
        yield f"cost of {project.id}", "budgets", name, pointer_to("projects", number, "cost", name)
    for name in project.demand:
        yield f"demand of {project.id}", "resources", name, pointer_to("projects", number, "demand", name)
    if project.category is not None:
        where = pointer_to("projects", number, "category")
        yield f"category of {project.id}", "categories", project.category, where


def _unknown_parts(problem: Problem) -> Iterator[Refusal]:
    known = {kind: set(ids) for kind, ids in _ids(problem).items()}
    known["projects"] |= {p.concept_of for p in problem.projects if p.concept_of is not None}
    for member, kind, name, pointer in _references(problem):
        if name not in known[kind]:
            yield UnknownPart(member=member, id=name, kind=kind, pointer=pointer)


def _negative(problem: Problem) -> Iterator[Refusal]:
    profiles = [("resources", i, r.id, "capacity", r.capacity) for i, r in enumerate(problem.resources)]
    profiles += [("budgets", i, b.id, "inflow", b.inflow) for i, b in enumerate(problem.budgets)]
    for kind, i, name, member, profile in profiles:
        for t, amount in enumerate(profile):
            if amount < 0:
                pointer = pointer_to(kind, i, member, t)
                yield NegativeCapacity(id=name, amount=amount_text(amount), period=t, pointer=pointer)
    for kind, i, name, member, limit, most in _limits(problem):
        if limit is not None and not 0 <= limit <= (limit if most is None else most):
            wanted = "zero or more" if most is None else f"from 0 to {most}"
            yield PlanMalformed(
                member=f"{member} of {name}",
                found=amount_text(limit),
                wanted=wanted,
                pointer=pointer_to(kind, i, member),
            )


def _limits(problem: Problem) -> Iterator[tuple[str, int, str, str, Number | None, int | None]]:
    for i, budget in enumerate(problem.budgets):
        yield "budgets", i, budget.id, "initial", budget.initial, None
        yield "budgets", i, budget.id, "carry_cap", budget.carry_cap, None
    for i, category in enumerate(problem.categories):
        yield "categories", i, category.id, "min_share", category.min_share, 1
        yield "categories", i, category.id, "max_share", category.max_share, 1
        yield "categories", i, category.id, "max_spend", category.max_spend, None


def _odd_shapes(problem: Problem) -> Iterator[Refusal]:
    if problem.max_starts and len(problem.max_starts) != problem.periods:
        yield PlanMalformed(
            member="max_starts_per_period",
            found=f"{len(problem.max_starts)} long",
            wanted="one number, or one for each period",
            pointer="/max_starts_per_period",
        )
    limited = [(r.id, r.capacity, ("resources", i, "capacity")) for i, r in enumerate(problem.resources)]
    limited += [(b.id, b.inflow, ("budgets", i, "inflow")) for i, b in enumerate(problem.budgets)]
    for name, profile, way in limited:
        if not problem.periods <= len(profile) <= problem.end:
            found, wanted = f"{len(profile)} long", f"as long as the {problem.periods} periods"
            pointer = pointer_to(*way)
            yield PlanMalformed(member=f"The list of {name}", found=found, wanted=wanted, pointer=pointer)
    for i, project in enumerate(problem.projects):
        yield from _too_long(project, i)


def _too_long(project: Project, number: int) -> Iterator[Refusal]:
    for member, profiles in (("cost", project.cost), ("demand", project.demand)):
        for name, profile in profiles.items():
            if len(profile) > project.duration:
                yield PlanMalformed(
                    member=f"A profile of {project.id}",
                    found=f"{len(profile)} periods long",
                    wanted=f"at most its duration of {project.duration}",
                    pointer=pointer_to("projects", number, member, name),
                )
