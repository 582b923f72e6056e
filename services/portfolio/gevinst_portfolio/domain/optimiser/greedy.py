"""Plain ranking, the way it is done without an optimiser (P7): by value per need, first start that fits."""

from fractions import Fraction

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import Plan, Problem, Project, members_by_name
from gevinst_portfolio.domain.optimiser.room import Room
from gevinst_portfolio.domain.optimiser.windows import Windows, narrow_windows


def ranked_plan(problem: Problem) -> dict[str, int] | None:
    """The plan of plain ranking: forced projects first, then by value density, each where it fits best.

    Of several concepts the densest that fits is taken. The density is the best value divided by the need,
    which is the sum over budgets and resources of the project's amount as a share of all there is. `None`
    when the ranking ends in a plan that breaks a rule.
    """
    windows = narrow_windows(problem)
    room = Room(problem)
    density = densities(problem)
    order = sorted(problem.projects, key=lambda p: (not is_must(p, windows), -density[p.id]))
    for project in before_first(problem, order):
        start = best_start(room, project, windows)
        if start is not None:
            room.add(project, start)
    plan = whole_groups(problem, room.plan)
    return plan if check_plan(problem, plan).is_feasible else None


def densities(problem: Problem) -> dict[str, float]:
    """The value density of each project, as `ranked_plan` says."""
    there_is = {r.id: float(sum(r.capacity)) for r in problem.resources}
    there_is |= {b.id + "/money": float(sum(b.inflow) + b.initial) for b in problem.budgets}

    def density(project: Project) -> float:
        needs = {name: float(sum(profile)) for name, profile in project.demand.items()}
        needs |= {name + "/money": float(sum(profile)) for name, profile in project.cost.items()}
        need = sum(amount / (there_is[name] or 1e-9) for name, amount in needs.items())
        return float(max(project.value_by_start, default=Fraction(0))) / max(need, 1e-9)

    return {project.id: density(project) for project in problem.projects}


def before_first(problem: Problem, order: list[Project]) -> list[Project]:
    """The same order, except that a project comes after those that it needs."""
    needs: dict[str, list[str]] = {}
    for rule in problem.precedence:
        needs.setdefault(rule.after, []).append(rule.before)
    members = members_by_name(problem)
    rank = {project.id: number for number, project in enumerate(order)}
    placed: dict[str, Project] = {}

    def place(project: Project) -> None:
        for name in (*needs.get(project.id, ()), *needs.get(project.concept_of or "", ())):
            for before in sorted(members[name], key=lambda p: rank[p.id]):
                if before.id not in placed:
                    place(before)
        placed.setdefault(project.id, project)

    for project in order:
        place(project)
    return list(placed.values())


def best_start(room: Room, project: Project, windows: Windows) -> int | None:
    """Its start of the highest value that fits; `None` when none does, or the project is worth nothing."""
    by_value = sorted(windows.starts[project.id], key=lambda s: (-project.value_by_start[s], s))
    is_worth = is_must(project, windows) or any(project.value_by_start[s] > 0 for s in by_value)
    if not is_worth:
        return None
    return next((s for s in by_value if not room.obstacles(project, s)), None)


def whole_groups(problem: Problem, plan: Plan) -> dict[str, int]:
    """The plan without the groups that are in only in part, and without what needs them."""
    kept = dict(plan)
    while torn := _torn(problem, kept):
        kept = {name: start for name, start in kept.items() if name not in torn}
    return kept


def _torn(problem: Problem, plan: Plan) -> set[str]:
    members = members_by_name(problem)
    running = {name for name, projects in members.items() if any(p.id in plan for p in projects)}
    names = {name for group in problem.all_or_none if not running.issuperset(group) for name in group}
    names |= {rule.after for rule in problem.precedence if rule.before not in running}
    return {project.id for name in names for project in members[name] if project.id in plan}


def is_must(project: Project, windows: Windows) -> bool:
    """Whether the project has to be in, or some concept of its undertaking."""
    return project.id in windows.must or project.concept_of in windows.must_concepts
