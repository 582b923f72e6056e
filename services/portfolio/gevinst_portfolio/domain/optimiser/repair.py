"""A plan that no longer fits, with what breaks dropped, the rest kept and the freed room filled again."""

from gevinst_portfolio.domain.optimiser.check import Rule, Verdict, check_plan
from gevinst_portfolio.domain.optimiser.greedy import (
    before_first,
    best_start,
    densities,
    is_must,
    whole_groups,
)
from gevinst_portfolio.domain.optimiser.problem import Plan, Problem, Project
from gevinst_portfolio.domain.optimiser.room import Room
from gevinst_portfolio.domain.optimiser.windows import Windows, narrow_windows

_SHARES = (Rule.MIN_SHARE, Rule.MAX_SHARE, Rule.MAX_SPEND)


def repaired_plan(problem: Problem, last_plan: Plan) -> dict[str, int] | None:
    """A plan near `last_plan` that keeps every rule, or `None` when repairing ends in one that breaks some.

    A plan that keeps every rule comes back as it is. Else forced projects come first, then those of the last
    plan that can stay where they are, by value density, then those that have to move, each to its best start
    that fits; then the others fill what is left. Projects that the problem no longer has are forgotten.
    """
    if check_plan(problem, last_plan).is_feasible:
        return dict(last_plan)
    windows = narrow_windows(problem)
    density = densities(problem)
    ranked = sorted(problem.projects, key=lambda p: _rank(p, last_plan, windows, density))
    plan = _filled(problem, windows, before_first(problem, ranked), last_plan)
    while (verdict := check_plan(problem, plan)).violations:
        out = _least_worth(problem, plan, verdict, windows, density)
        if out is None:
            return None
        plan = whole_groups(problem, {name: start for name, start in plan.items() if name != out})
    return plan


def _rank(
    project: Project, last_plan: Plan, windows: Windows, density: dict[str, float]
) -> tuple[bool, bool, bool, float]:
    frees = any(amount < 0 for profile in project.cost.values() for amount in profile)
    return not is_must(project, windows), project.id not in last_plan, not frees, -density[project.id]


def _filled(problem: Problem, windows: Windows, order: list[Project], last_plan: Plan) -> dict[str, int]:
    room = Room(problem)
    for project in order:
        is_there = _stay(room, project, windows, last_plan)
        if not is_there and is_must(project, windows):
            _move(room, project, windows)
    # What a torn group leaves is there for others.
    kept, room = whole_groups(problem, room.plan), Room(problem)
    for project in order:
        if project.id in kept:
            room.add(project, kept[project.id])
    for was_in in (True, False):
        for project in order:
            if project.id not in room.plan and (project.id in last_plan) is was_in:
                _move(room, project, windows)
    return whole_groups(problem, room.plan)


def _stay(room: Room, project: Project, windows: Windows, last_plan: Plan) -> bool:
    last = last_plan.get(project.id)
    if last not in windows.starts[project.id] or room.obstacles(project, last):
        return False
    room.add(project, last)
    return True


def _move(room: Room, project: Project, windows: Windows) -> None:
    start = best_start(room, project, windows)
    if start is not None:
        room.add(project, start)


def _least_worth(
    problem: Problem, plan: Plan, verdict: Verdict, windows: Windows, density: dict[str, float]
) -> str | None:
    """The free project of least density whose leaving lessens a broken share; `None` when there is none."""
    too_much: set[str | None] = set()
    for violation in verdict.violations:
        if violation.rule not in _SHARES:
            return None
        categories = {project.category for project in problem.projects}
        own: set[str | None] = set(violation.ids)
        too_much |= categories - own if violation.rule is Rule.MIN_SHARE else own
    free = [
        p for p in problem.projects if p.id in plan and p.category in too_much and not is_must(p, windows)
    ]
    return min(free, key=lambda p: density[p.id]).id if free else None
