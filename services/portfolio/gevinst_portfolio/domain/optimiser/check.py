"""The independent judge of a plan: it reads the problem's rules one by one and shares nothing with the model.

All arithmetic is exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Category,
    Number,
    Plan,
    Problem,
    Project,
    Resource,
    amount_text,
)


class Rule(StrEnum):
    """The kinds of rules that a plan can break."""

    PROJECT = "project"
    CONCEPT = "concept"
    MANDATORY = "mandatory"
    FIXED = "fixed"
    WINDOW = "window"
    BUDGET = "budget"
    RESOURCE = "resource"
    MIN_SHARE = "min-share"
    MAX_SHARE = "max-share"
    MAX_SPEND = "max-spend"
    PRECEDENCE = "precedence"
    EXCLUSIVE = "exclusive"
    ALL_OR_NONE = "all-or-none"
    MAX_STARTS = "max-starts"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: which one, whose, in which period, and by how much (0 when it has no amount)."""

    rule: Rule
    ids: tuple[str, ...]
    period: int | None
    lacking: Number
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found; `value` counts the known projects with a start that has a value."""

    violations: tuple[Violation, ...]
    value: Number

    @property
    def is_feasible(self) -> bool:
        return not self.violations


def check_plan(problem: Problem, plan: Plan) -> Verdict:
    """Every rule of the problem that the plan breaks, in words, and the plan's exact value.

    Check: one project costing 3 in period 0 on a budget of 2 gives one violation, lacking 1.
    """
    known = {project.id for project in problem.projects}
    chosen = [(project, plan[project.id]) for project in problem.projects if project.id in plan]
    violations = [
        Violation(Rule.PROJECT, (name,), None, 0, f"{name} is not a project of this problem")
        for name in plan
        if name not in known
    ]
    violations += _project_violations(problem, plan)
    violations += _concept_violations(problem, plan)
    for resource in problem.resources:
        violations += _resource_violations(resource, chosen)
    for budget in problem.budgets:
        violations += _budget_violations(budget, chosen)
    for category in problem.categories:
        violations += _category_violations(category, chosen)
    running = _chosen_by_name(chosen)
    violations += _precedence_violations(problem, running)
    violations += _group_violations(problem, running)
    violations += _max_starts_violations(problem, chosen)
    value = sum(p.value_by_start[s] for p, s in chosen if 0 <= s < len(p.value_by_start))
    return Verdict(tuple(violations), value)


def budget_left(budget: Budget, spending: list[Number]) -> list[Number]:
    """What is left at the end of each period, below zero where the money did not suffice.

    `spending[t]` has the length of `inflow`. A shortage is not carried on as a debt.
    Check: initial 1, inflow 2, 0, spending 1, 1 in a pool leaves 2, 1.
    """
    left: list[Number] = []
    carried: Number = budget.initial
    for period, (inflow, spent) in enumerate(zip(budget.inflow, spending, strict=True)):
        rest = carried + inflow - spent
        left.append(rest)
        carried = max(rest, 0)
        if budget.carry is Carry.NONE:
            carried = 0
        elif budget.carry is Carry.CAPPED and (period + 1) % budget.year_length == 0:
            carried = min(carried, budget.carry_cap)
    return left


def _project_violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for project in problem.projects:
        start = plan.get(project.id)
        if start is None:
            if project.is_mandatory and project.concept_of is None:
                yield Violation(
                    Rule.MANDATORY, (project.id,), None, 0, f"{project.id} is mandatory and is left out"
                )
            if project.fixed_start is not None:
                yield Violation(Rule.FIXED, (project.id,), None, 0, f"{project.id} is under way and left out")
            continue
        if project.fixed_start is not None and start != project.fixed_start:
            text = f"{project.id} starts in period {start}, not in {project.fixed_start} as fixed"
            yield Violation(Rule.FIXED, (project.id,), start, abs(start - project.fixed_start), text)
        for outside in _outside_window(problem, project, start):
            yield Violation(Rule.WINDOW, (project.id,), start, 0, f"{project.id} {outside}")


def _concept_violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for name in dict.fromkeys(p.concept_of for p in problem.projects if p.concept_of is not None):
        concepts = [project for project in problem.projects if project.concept_of == name]
        chosen = [project.id for project in concepts if project.id in plan]
        if len(chosen) > 1:
            text = f"only one concept of {name} can be chosen, not {', '.join(chosen)}"
            yield Violation(Rule.CONCEPT, tuple(chosen), None, len(chosen) - 1, text)
        if not chosen and any(project.is_mandatory for project in concepts):
            text = f"{name} is mandatory and none of its concepts is chosen"
            yield Violation(Rule.MANDATORY, (name,), None, 0, text)


def _outside_window(problem: Problem, project: Project, start: int) -> Iterator[str]:
    finish = start + project.duration
    if not 0 <= start < problem.periods or start >= len(project.value_by_start):
        yield f"has no value for a start in period {start}"
    if start < project.earliest:
        yield f"starts in period {start}, before its earliest {project.earliest}"
    if project.latest_start is not None and start > project.latest_start:
        yield f"starts in period {start}, after its latest {project.latest_start}"
    if project.deadline is not None and finish > project.deadline:
        yield f"is over at period {finish}, after its deadline {project.deadline}"
    if problem.must_finish and finish > (problem.horizon or problem.periods):
        yield f"is over at period {finish}, after the horizon"


def _resource_violations(resource: Resource, chosen: list[tuple[Project, int]]) -> Iterator[Violation]:
    need: list[Number] = [0] * len(resource.capacity)
    for project, start in chosen:
        for k, amount in enumerate(project.demand.get(resource.id, ())):
            if 0 <= start + k < len(need):
                need[start + k] += amount
    for period, capacity in enumerate(resource.capacity):
        if need[period] > capacity:
            needed = amount_text(need[period])
            text = f"{resource.id} has {amount_text(capacity)} in period {period} and {needed} is needed"
            yield Violation(Rule.RESOURCE, (resource.id,), period, need[period] - capacity, text)


def _budget_violations(budget: Budget, chosen: list[tuple[Project, int]]) -> Iterator[Violation]:
    spending: list[Number] = [0] * len(budget.inflow)
    for project, start in chosen:
        for k, amount in enumerate(project.cost.get(budget.id, ())):
            if 0 <= start + k < len(spending):
                spending[start + k] += amount
    for period, left in enumerate(budget_left(budget, spending)):
        if left < 0:
            text = f"{budget.id} lacks {amount_text(-left)} in period {period}"
            yield Violation(Rule.BUDGET, (budget.id,), period, -left, text)


def _category_violations(category: Category, chosen: list[tuple[Project, int]]) -> Iterator[Violation]:
    total = sum(amount for p, _ in chosen for profile in p.cost.values() for amount in profile)
    spend = sum(
        amount
        for p, _ in chosen
        if p.category == category.id
        for profile in p.cost.values()
        for amount in profile
    )
    name = category.id
    shown = f"{amount_text(spend)} of {amount_text(total)}"
    if category.max_spend is not None and spend > category.max_spend:
        text = f"{name} spends {amount_text(spend)}, more than {amount_text(category.max_spend)}"
        yield Violation(Rule.MAX_SPEND, (name,), None, spend - category.max_spend, text)
    if category.min_share is not None and spend < category.min_share * total:
        text = f"{name} is {shown}, less than its share of {amount_text(category.min_share)}"
        yield Violation(Rule.MIN_SHARE, (name,), None, category.min_share * total - spend, text)
    if category.max_share is not None and spend > category.max_share * total:
        text = f"{name} is {shown}, more than its share of {amount_text(category.max_share)}"
        yield Violation(Rule.MAX_SHARE, (name,), None, spend - category.max_share * total, text)


_Running = dict[str, list[tuple[Project, int]]]


def _chosen_by_name(chosen: list[tuple[Project, int]]) -> _Running:
    """What is chosen under each name: a project's own, and the one that it shares with other concepts."""
    running: _Running = {}
    for project, start in chosen:
        for name in {project.id, project.concept_of or project.id}:
            running.setdefault(name, []).append((project, start))
    return running


def _precedence_violations(problem: Problem, running: _Running) -> Iterator[Violation]:
    for rule in problem.precedence:
        pair = (rule.before, rule.after)
        if rule.after not in running:
            continue
        if rule.before not in running:
            yield Violation(Rule.PRECEDENCE, pair, None, 0, f"{rule.after} needs {rule.before}")
        else:
            start = min(start for _, start in running[rule.after])
            ready = max(start + project.duration for project, start in running[rule.before]) + rule.lag
            if start < ready:
                text = f"{rule.after} starts before period {ready}, when {rule.before} lets it"
                yield Violation(Rule.PRECEDENCE, pair, start, ready - start, text)


def _group_violations(problem: Problem, running: _Running) -> Iterator[Violation]:
    for group in problem.exclusive:
        inside = {name for name in group if name in running}
        if len(inside) > 1:
            text = f"only one of {', '.join(group)} may run, not {', '.join(sorted(inside))}"
            yield Violation(Rule.EXCLUSIVE, group, None, len(inside) - 1, text)
    for group in problem.all_or_none:
        missing = [name for name in group if name not in running]
        if missing and len(missing) < len(group):
            text = f"{', '.join(group)} run together or not at all, and {', '.join(missing)} is left out"
            yield Violation(Rule.ALL_OR_NONE, group, None, len(missing), text)


def _max_starts_violations(problem: Problem, chosen: list[tuple[Project, int]]) -> Iterator[Violation]:
    for period, most in enumerate(problem.max_starts):
        starting = sum(start == period for _, start in chosen)
        if starting > most:
            text = f"{starting} projects start in period {period}, more than {most}"
            yield Violation(Rule.MAX_STARTS, (), period, starting - most, text)
