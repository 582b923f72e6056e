"""Plain ranking, the way it is done without an optimiser (P7): by value per need, first start that fits."""

from fractions import Fraction

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import Problem, Project
from gevinst_portfolio.domain.optimiser.room import Room
from gevinst_portfolio.domain.optimiser.windows import Windows, narrow_windows


def ranked_plan(problem: Problem) -> dict[str, int] | None:
    """The plan of plain ranking: forced projects first, then by value density, each where it fits best.

    The density is the best value divided by the need, which is the sum over budgets and resources of the
    project's amount as a share of all there is. `None` when the ranking ends in a plan that breaks a rule.
    """
    windows = narrow_windows(problem)
    room = Room(problem)
    density = _densities(problem)
    order = sorted(problem.projects, key=lambda p: (p.id not in windows.must, -density[p.id]))
    for project in _before_first(problem, order):
        start = _best_start(room, project, windows)
        if start is not None:
            room.add(project, start)
    plan = _whole_groups(problem, room.plan)
    return plan if check_plan(problem, plan).is_feasible else None


def _densities(problem: Problem) -> dict[str, float]:
    there_is = {r.id: float(sum(r.capacity)) for r in problem.resources}
    there_is |= {b.id + "/money": float(sum(b.inflow) + b.initial) for b in problem.budgets}

    def density(project: Project) -> float:
        needs = {name: float(sum(profile)) for name, profile in project.demand.items()}
        needs |= {name + "/money": float(sum(profile)) for name, profile in project.cost.items()}
        need = sum(amount / (there_is[name] or 1e-9) for name, amount in needs.items())
        return float(max(project.value_by_start, default=Fraction(0))) / max(need, 1e-9)

    return {project.id: density(project) for project in problem.projects}


def _before_first(problem: Problem, order: list[Project]) -> list[Project]:
    """The same order, except that a project comes after those that it needs."""
    needs: dict[str, list[str]] = {}
    for rule in problem.precedence:
        needs.setdefault(rule.after, []).append(rule.before)
    by_id = {project.id: project for project in order}
    placed: dict[str, Project] = {}

    def place(project: Project) -> None:
        for name in needs.get(project.id, ()):
            if name not in placed:
                place(by_id[name])
        placed.setdefault(project.id, project)

    for project in order:
        place(project)
    return list(placed.values())


def _best_start(room: Room, project: Project, windows: Windows) -> int | None:
    by_value = sorted(windows.starts[project.id], key=lambda s: (-project.value_by_start[s], s))
    is_worth = project.id in windows.must or any(project.value_by_start[s] > 0 for s in by_value)
    if not is_worth:
        return None
    return next((s for s in by_value if not room.obstacles(project, s)), None)


def _whole_groups(problem: Problem, plan: dict[str, int]) -> dict[str, int]:
    """Without the groups that are in only in part, and without what needs them."""
    kept = dict(plan)
    while True:
        before = len(kept)
        for group in problem.all_or_none:
            if not all(name in kept for name in group):
                for name in group:
                    kept.pop(name, None)
        for rule in problem.precedence:
            if rule.before not in kept:
                kept.pop(rule.after, None)
        if len(kept) == before:
            return kept
