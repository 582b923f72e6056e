"""Refusing a portfolio problem that contradicts itself before anything is solved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import (
    Number,
    Problem,
    Profile,
    Project,
    members_by_name,
    possible_starts,
)
from gevinst_portfolio.domain.optimiser.refusals import (
    MandatoryCannotFit,
    NegativeCapacity,
    NoPossibleStart,
    PlanMalformed,
    PrecedenceCycle,
    RepeatedId,
    UnknownPart,
)


def refuse_invalid(problem: Problem) -> None:
    """Raise the first reason for which the problem cannot be meant.

    Raises `PlanMalformed`, `RepeatedId`, `UnknownPart`, `NegativeCapacity`, `PrecedenceCycle`,
    `NoPossibleStart` or `MandatoryCannotFit`. Rules that only contradict each other together pass:
    solving names them.
    """
    _refuse_odd_shapes(problem)
    _refuse_repeated_ids(problem)
    _refuse_unknown_parts(problem)
    _refuse_negative(problem)
    _refuse_cycles(problem)
    for project in problem.projects:
        if not possible_starts(problem, project):
            raise NoPossibleStart(id=project.id)
    members = members_by_name(problem)
    for name in dict.fromkeys(project.forced_name for project in problem.projects):
        if name is not None:
            _refuse_unfitting(problem, name, members[name])


def _refuse_repeated_ids(problem: Problem) -> None:
    for kind, ids in _ids(problem).items():
        seen: set[str] = set()
        for name in ids:
            if name in seen:
                raise RepeatedId(id=name, kind=kind)
            seen.add(name)
    for project in problem.projects:
        if project.concept_of in {one.id for one in problem.projects}:
            raise RepeatedId(id=project.concept_of, kind="projects and what they are concepts of")


def _ids(problem: Problem) -> dict[str, list[str]]:
    return {
        "projects": [project.id for project in problem.projects],
        "budgets": [budget.id for budget in problem.budgets],
        "resources": [resource.id for resource in problem.resources],
        "categories": [category.id for category in problem.categories],
    }


def _references(problem: Problem) -> Iterator[tuple[str, str, Iterable[str]]]:
    for project in problem.projects:
        yield f"cost of {project.id}", "budgets", project.cost
        yield f"demand of {project.id}", "resources", project.demand
        yield (
            f"category of {project.id}",
            "categories",
            [] if project.category is None else [project.category],
        )
    for rule in problem.precedence:
        yield "precedence", "projects", (rule.before, rule.after)
    for group in problem.exclusive:
        yield "exclusive", "projects", group
    for group in problem.all_or_none:
        yield "all_or_none", "projects", group


def _refuse_unknown_parts(problem: Problem) -> None:
    known = {kind: set(ids) for kind, ids in _ids(problem).items()}
    known["projects"] |= {p.concept_of for p in problem.projects if p.concept_of is not None}
    for member, kind, names in _references(problem):
        for name in names:
            if name not in known[kind]:
                raise UnknownPart(member=member, id=name, kind=kind)


def _refuse_negative(problem: Problem) -> None:
    profiles: list[tuple[str, Profile]] = [(r.id, r.capacity) for r in problem.resources]
    for budget in problem.budgets:
        profiles.append((budget.id, budget.inflow))
        profiles.append((budget.id, (budget.initial, budget.carry_cap)))
    for category in problem.categories:
        limits: list[Number | None] = [category.min_share, category.max_share, category.max_spend]
        profiles.append((category.id, tuple(limit for limit in limits if limit is not None)))
    for name, profile in profiles:
        for period, amount in enumerate(profile):
            if amount < 0:
                raise NegativeCapacity(id=name, amount=amount, period=period)


def _refuse_odd_shapes(problem: Problem) -> None:
    if not problem.projects:
        raise PlanMalformed(member="projects", found="empty", wanted="a list of at least one project")
    if problem.max_starts and len(problem.max_starts) != problem.periods:
        raise PlanMalformed(
            member="max_starts_per_period",
            found=f"{len(problem.max_starts)} long",
            wanted="one number, or one for each period",
        )
    limited = [(r.id, r.capacity) for r in problem.resources] + [(b.id, b.inflow) for b in problem.budgets]
    for name, profile in limited:
        if not problem.periods <= len(profile) <= problem.end:
            found, wanted = f"{len(profile)} long", f"as long as the {problem.periods} periods"
            raise PlanMalformed(member=f"The list of {name}", found=found, wanted=wanted)
    for project in problem.projects:
        longest = max((len(p) for p in (*project.cost.values(), *project.demand.values())), default=0)
        if longest > project.duration:
            found, wanted = f"{longest} periods long", f"at most its duration of {project.duration}"
            raise PlanMalformed(member=f"A profile of {project.id}", found=found, wanted=wanted)


def _refuse_cycles(problem: Problem) -> None:
    """Peel off projects that wait for nobody; what stays stands in or behind a circle."""
    members = members_by_name(problem)
    waits = {project.id: set[str]() for project in problem.projects}
    for rule in problem.precedence:
        if rule.before == rule.after:
            raise PrecedenceCycle(path=f"{rule.before} and itself")
        for project in members[rule.after]:
            waits[project.id].update(before.id for before in members[rule.before])
    while free := [name for name, needs in waits.items() if not needs]:
        for name in free:
            del waits[name]
        for needs in waits.values():
            needs.difference_update(free)
    if waits:
        raise PrecedenceCycle(path=" → ".join(_circle(waits)))


def _circle(waits: dict[str, set[str]]) -> list[str]:
    path = [min(waits)]
    while (behind := min(waits[path[-1]])) not in path:
        path.append(behind)
    return [*path[path.index(behind) :], behind][::-1]


def _refuse_unfitting(problem: Problem, name: str, members: Sequence[Project]) -> None:
    """Refuse a forced project that cannot be in even when it is alone, as any of its concepts."""
    # Another project may free money or people (P11), and then being alone proves nothing.
    if any(_frees(other) for other in problem.projects):
        return
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
        raise MandatoryCannotFit(id=name, reason=closest.violations[0].text)


def _frees(project: Project) -> bool:
    profiles = (*project.cost.values(), *project.demand.values())
    return any(amount < 0 for profile in profiles for amount in profile)
