"""A change of a problem: more money or people, a rule relaxed, or projects held in or out."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.problem import Budget, Category, Number, Problem, Profile, Project


@dataclass(frozen=True, slots=True)
class Addition:
    """`amount` more of a budget (`Rule.BUDGET`) or a resource (`Rule.RESOURCE`) in one period."""

    rule: Rule
    id: str
    period: int
    amount: Number


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A rule that no longer counts for one project; `ids` are those of the rule's violation."""

    rule: Rule
    ids: tuple[str, ...]
    project: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: more of something, projects that stay out, rules that no longer count."""

    additions: tuple[Addition, ...] = ()
    without: tuple[str, ...] = ()
    relaxed: tuple[Relaxation, ...] = ()


def apply_change(problem: Problem, change: Change) -> Problem:
    """The problem as it is after the change."""
    more: dict[tuple[Rule, str], dict[int, Number]] = {}
    for one in change.additions:
        at = more.setdefault((one.rule, one.id), {})
        at[one.period] = at.get(one.period, 0) + one.amount
    changed = replace(
        problem,
        resources=tuple(
            replace(r, capacity=_raised(r.capacity, more.get((Rule.RESOURCE, r.id), {})))
            for r in problem.resources
        ),
        budgets=tuple(
            replace(b, inflow=_raised(b.inflow, more.get((Rule.BUDGET, b.id), {}))) for b in problem.budgets
        ),
    )
    for relaxation in change.relaxed:
        changed = _relaxed(changed, relaxation)
    return hold_out(changed, change.without) if change.without else changed


def hold_in(problem: Problem, name: str) -> Problem:
    """The problem in which the project must be in every plan."""
    concepts = {project.id: project.concept_of for project in problem.projects}
    # P9: of a duty's concepts any may be chosen, unless the others are out.
    others = {one for one, of in concepts.items() if of is not None and of == concepts[name]} - {name}
    held = hold_out(problem, others) if others else problem
    return _with(held, {name}, is_mandatory=True)


def hold_out(problem: Problem, names: Collection[str]) -> Problem:
    """The problem in which the projects are in no plan, whatever forced them in before."""
    return _with(problem, set(names), is_mandatory=False, fixed_start=None, value_by_start=())


def money_of_period(budget: Budget, period: int) -> int:
    """The period in which money for this period is counted: its year's first when the budget is yearly."""
    return period // budget.year_length * budget.year_length if budget.year_length > 1 else period


def _with(problem: Problem, names: set[str], **members: object) -> Problem:
    def changed(project: Project) -> Project:
        return replace(project, **members) if project.id in names else project  # type: ignore[arg-type]

    return replace(problem, projects=tuple(map(changed, problem.projects)))


def _raised(amounts: Profile, more: dict[int, Number]) -> Profile:
    return tuple(amount + more.get(t, 0) for t, amount in enumerate(amounts)) if more else amounts


def _relaxed(problem: Problem, relaxation: Relaxation) -> Problem:
    match relaxation.rule:
        case Rule.EXCLUSIVE:
            return replace(problem, exclusive=_without(problem.exclusive, relaxation))
        case Rule.ALL_OR_NONE:
            return replace(problem, all_or_none=_without(problem.all_or_none, relaxation))
        case Rule.PRECEDENCE:
            pairs = (rule for rule in problem.precedence if (rule.before, rule.after) != relaxation.ids)
            return replace(problem, precedence=tuple(pairs))
        case Rule.MAX_STARTS:
            return replace(problem, max_starts=())
        case Rule.WINDOW:
            return _with(problem, {relaxation.project}, earliest=0, latest_start=None, deadline=None)
        case _:
            return replace(problem, categories=tuple(_unlimited(c, relaxation) for c in problem.categories))


def _without(groups: tuple[tuple[str, ...], ...], relaxation: Relaxation) -> tuple[tuple[str, ...], ...]:
    cut = (
        tuple(name for name in group if name != relaxation.project) if group == relaxation.ids else group
        for group in groups
    )
    return tuple(group for group in cut if len(group) > 1)


def _unlimited(category: Category, relaxation: Relaxation) -> Category:
    if category.id not in relaxation.ids:
        return category
    match relaxation.rule:
        case Rule.MIN_SHARE:
            return replace(category, min_share=None)
        case Rule.MAX_SHARE:
            return replace(category, max_share=None)
        case _:
            return replace(category, max_spend=None)
