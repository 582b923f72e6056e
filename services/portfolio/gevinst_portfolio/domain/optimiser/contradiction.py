"""A smallest set of rules that cannot be kept together, in words.

Method: QuickXplain (Junker, 2004), with the mixed-integer model as the judge of what can be kept together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gevinst_portfolio.domain.optimiser.alone import alone_text, least_shortage, shortages_alone
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.forced_part import forced_part
from gevinst_portfolio.domain.optimiser.highs import LinearModel, WholeLimits, solve_whole
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import build_model
from gevinst_portfolio.domain.optimiser.problem import (
    Number,
    Problem,
    Project,
    Resource,
    amount_text,
    members_by_name,
)
from gevinst_portfolio.domain.optimiser.result import Alone, Contradiction
from gevinst_portfolio.domain.optimiser.windows import narrow_windows

# Enough to decide what a person could see through; beyond it the rule is kept in the set.
NODES = 2000

Key = tuple[Rule, tuple[str, ...], int | None]


def find_contradictions(
    problem: Problem, limits: Limits, *, seed: int
) -> tuple[tuple[Contradiction, ...], bool]:
    """The rules of an infeasible problem that contradict each other, and whether the set is proved minimal.

    Minimal: without any one of them the others can be kept together. A limit that is met on the way leaves
    more rules in the set, and none when it is met before anything is known.
    """
    if shortages := shortages_alone(problem):
        return _contradictions_alone(problem, shortages, limits, seed=seed)
    if limits.met() is not None:
        return (), False
    judge = _Judge(problem, limits, seed)
    part = forced_part(problem)
    if part is not None:
        within = _Judge(part, limits, seed)
        if within.contradicts(list_rules(part)):
            judge = within
    found = _smallest([], list_rules(judge.problem), judge, has_grown=False)
    return tuple(found), judge.is_sure


def _contradictions_alone(
    problem: Problem, shortages: Sequence[Alone], limits: Limits, *, seed: int
) -> tuple[tuple[Contradiction, ...], bool]:
    """Of one forced project that does not fit even by itself."""
    own_ids = {one.project for one in shortages}
    (name,) = {one.concept_of or one.id for one in problem.projects if one.id in own_ids}
    members = members_by_name(problem)[name]
    part = replace(problem, projects=members, precedence=(), exclusive=(), all_or_none=(), max_starts=())
    short = {(one.rule, one.id) for shortage in shortages for one in shortage.lacking}
    # What it never lacks cannot be what keeps it out.
    own = {Rule.MANDATORY, Rule.FIXED, Rule.WINDOW}
    rules = [one for one in list_rules(part) if one.rule in own or (one.rule, *one.ids) in short]
    judge = _Judge(part, limits, seed)
    found = _smallest([], rules, judge, has_grown=False)
    least = least_shortage(problem, shortages)
    return tuple(_with_alone(problem, rule, least) for rule in found), judge.is_sure


def _with_alone(problem: Problem, rule: Contradiction, alone: Alone) -> Contradiction:
    if rule.rule not in {Rule.MANDATORY, Rule.FIXED}:
        return rule
    text = f"{rule.text}, and does not fit even when it is alone: with a start in period {alone.start}, "
    return replace(rule, text=text + alone_text(problem, alone), alone=alone)


def list_rules(problem: Problem) -> list[Contradiction]:
    """Every rule of the problem that could be given up, forced projects last."""
    rules = [
        Contradiction(Rule.RESOURCE, (r.id,), t, f"{r.name} has {amount_text(amount)} in period {t}")
        for r in problem.resources
        for t, amount in enumerate(r.capacity)
    ]
    rules += [
        Contradiction(Rule.BUDGET, (b.id,), None, f"{b.name} must suffice in every period")
        for b in problem.budgets
    ]
    rules += _category_rules(problem)
    rules += _group_rules(problem)
    rules += [
        Contradiction(Rule.MAX_STARTS, (), t, f"at most {most} projects may start in period {t}")
        for t, most in enumerate(problem.max_starts)
    ]
    for project in problem.projects:
        rules += _project_rules(project)
    duties = dict.fromkeys(p.concept_of or p.id for p in problem.projects if p.is_mandatory)
    names = {project.id: project.name for project in problem.projects}
    rules += [
        Contradiction(Rule.MANDATORY, (duty,), None, f"{names.get(duty, duty)} is mandatory")
        for duty in duties
    ]
    return rules


def keep_only(problem: Problem, rules: Sequence[Contradiction]) -> Problem:
    """The problem with every rule given up except these."""
    kept: set[Key] = {(rule.rule, rule.ids, rule.period) for rule in rules}

    def limit(rule: Rule, name: str, amount: Number | None) -> Number | None:
        return amount if (rule, (name,), None) in kept else None

    return replace(
        problem,
        resources=tuple(_kept_resource(problem, resource, kept) for resource in problem.resources),
        budgets=tuple(b for b in problem.budgets if (Rule.BUDGET, (b.id,), None) in kept),
        categories=tuple(
            replace(
                c,
                min_share=limit(Rule.MIN_SHARE, c.id, c.min_share),
                max_share=limit(Rule.MAX_SHARE, c.id, c.max_share),
                max_spend=limit(Rule.MAX_SPEND, c.id, c.max_spend),
            )
            for c in problem.categories
        ),
        precedence=tuple(
            p for p in problem.precedence if (Rule.PRECEDENCE, (p.before, p.after), None) in kept
        ),
        exclusive=tuple(group for group in problem.exclusive if (Rule.EXCLUSIVE, group, None) in kept),
        all_or_none=tuple(group for group in problem.all_or_none if (Rule.ALL_OR_NONE, group, None) in kept),
        max_starts=tuple(
            most if (Rule.MAX_STARTS, (), t) in kept else len(problem.projects)
            for t, most in enumerate(problem.max_starts)
        ),
        projects=tuple(_kept_project(project, kept) for project in problem.projects),
    )


@dataclass(slots=True)
class _Judge:
    """Says whether rules are proved to contradict each other; remembers whether it ever could not tell."""

    problem: Problem
    limits: Limits
    seed: int
    is_sure: bool = True

    def contradicts(self, rules: Sequence[Contradiction]) -> bool:
        if self.limits.met() is not None:
            self.is_sure = False
            return False
        relaxed = keep_only(self.problem, rules)
        windows = narrow_windows(relaxed)
        if windows.is_contradictory:
            return True
        linear = build_model(relaxed, windows).linear
        # Only what a second search without presolve finds too counts as a proof.
        return self._is_infeasible(linear, has_presolve=True) and self._is_infeasible(
            linear, has_presolve=False
        )

    def _is_infeasible(self, linear: LinearModel, *, has_presolve: bool) -> bool:
        answer = solve_whole(
            replace(linear, gain=linear.gain * 0),
            WholeLimits(
                nodes=NODES,
                seconds=self.limits.seconds_left,
                gap=1e-6,
                is_over=lambda iterations: self.limits.met(iterations) is not None,
                has_presolve=has_presolve,
            ),
            seed=self.seed,
        )
        self.limits.spend(answer.iterations)
        if not answer.is_infeasible and answer.x is None:
            self.is_sure = False
        return answer.is_infeasible


def _smallest(
    kept: list[Contradiction], doubted: list[Contradiction], judge: _Judge, *, has_grown: bool
) -> list[Contradiction]:
    """The part of `doubted` that contradicts `kept`, which together are known to contradict each other."""
    if has_grown and judge.contradicts(kept):
        return []
    if len(doubted) <= 1:
        return doubted
    middle = len(doubted) // 2
    first, second = doubted[:middle], doubted[middle:]
    needed = _smallest(kept + first, second, judge, has_grown=True)
    return _smallest(kept + needed, first, judge, has_grown=bool(needed)) + needed


def _category_rules(problem: Problem) -> list[Contradiction]:
    rules = []
    for c in problem.categories:
        for rule, amount, words in (
            (Rule.MIN_SHARE, c.min_share, "must be at least"),
            (Rule.MAX_SHARE, c.max_share, "may be at most"),
            (Rule.MAX_SPEND, c.max_spend, "may spend at most"),
        ):
            if amount is not None:
                share = "" if rule is Rule.MAX_SPEND else " of the whole cost"
                rules.append(
                    Contradiction(rule, (c.id,), None, f"{c.name} {words} {amount_text(amount)}{share}")
                )
    return rules


def _group_rules(problem: Problem) -> list[Contradiction]:
    names = {project.id: project.name for project in problem.projects}

    def listed(group: Sequence[str]) -> str:
        return ", ".join(names.get(name, name) for name in group)

    rules = [
        Contradiction(
            Rule.PRECEDENCE,
            (p.before, p.after),
            None,
            f"{listed([p.after])} waits for {listed([p.before])}"
            + (f" and {p.lag} periods more" if p.lag else ""),
        )
        for p in problem.precedence
    ]
    rules += [
        Contradiction(Rule.EXCLUSIVE, group, None, f"only one of {listed(group)} may run")
        for group in problem.exclusive
    ]
    rules += [
        Contradiction(Rule.ALL_OR_NONE, group, None, f"{listed(group)} run together or not at all")
        for group in problem.all_or_none
    ]
    return rules


def _project_rules(project: Project) -> list[Contradiction]:
    rules = []
    ids = (project.id,)
    if project.earliest or project.latest_start is not None or project.deadline is not None:
        words = [f"starts in period {project.earliest} or later"]
        if project.latest_start is not None:
            words.append(f"by period {project.latest_start}")
        if project.deadline is not None:
            words.append(f"is over before period {project.deadline}")
        rules.append(Contradiction(Rule.WINDOW, ids, None, f"{project.name} {', '.join(words)}"))
    if project.fixed_start is not None:
        text = f"{project.name} is under way since period {project.fixed_start}"
        if project.concept_of is not None:
            text += f", and only one concept of {project.concept_of} can be"
        rules.append(Contradiction(Rule.FIXED, ids, None, text))
    return rules


def _kept_resource(problem: Problem, resource: Resource, kept: set[Key]) -> Resource:
    # Never short: every project at its highest need at once. (A larger number would spoil the scaling.)
    enough = sum(max(0, *p.demand[resource.id]) for p in problem.projects if resource.id in p.demand)
    return replace(
        resource,
        capacity=tuple(
            amount if (Rule.RESOURCE, (resource.id,), t) in kept else max(enough, amount)
            for t, amount in enumerate(resource.capacity)
        ),
    )


def _kept_project(project: Project, kept: set[Key]) -> Project:
    ids = (project.id,)
    has_window = (Rule.WINDOW, ids, None) in kept
    return replace(
        project,
        earliest=project.earliest if has_window else 0,
        latest_start=project.latest_start if has_window else None,
        deadline=project.deadline if has_window else None,
        fixed_start=project.fixed_start if (Rule.FIXED, ids, None) in kept else None,
        is_mandatory=project.is_mandatory
        and (Rule.MANDATORY, (project.concept_of or project.id,), None) in kept,
    )
