"""Bringing a project in without more money or people: leaving out others, or relaxing a rule (P7)."""

from gevinst_portfolio.domain.optimiser.change import Change
from gevinst_portfolio.domain.optimiser.elastic import Lever
from gevinst_portfolio.domain.optimiser.probe import Prober, Verdict
from gevinst_portfolio.domain.optimiser.problem import Number, Problem
from gevinst_portfolio.domain.optimiser.remedy import Remedy
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.optimiser.rules import rules_of


def find_leaving_out(prober: Prober, name: str) -> Remedy | None:
    """A set of projects whose leaving brings the project in, and none of whom can be kept.

    Begins with those that the best plan with the project leaves out, adds those that would take their place
    instead of it, and then takes back one after the other, the most valuable first. Forced projects stay.
    `None` when there is no such set.
    """
    inside = prober.solve(Change(), name, is_in=True)
    if inside.value is None:
        return None
    out = {one for one in prober.base.plan if one not in inside.plan}
    if prober.base.status is not Status.OPTIMAL:
        return _remedy(prober, name, Lever.LEAVING_OUT, _without(out), is_least=False) if out else None
    verdict = prober.ask(name, _without(out))
    while not verdict.is_in:
        outside = prober.solve(_without(out), name, is_in=False)
        more = {one for one in outside.plan if one not in inside.plan} - out
        if not more:
            return None
        out |= more
        verdict = prober.ask(name, _without(out))
    return _fewest(prober, name, out)


def _fewest(prober: Prober, name: str, out: set[str]) -> Remedy | None:
    worth = _best_values(prober.problem)
    while True:
        is_least = True
        for one in sorted(out, key=lambda key: (-worth[key], key)):
            fewer = prober.ask(name, _without(out - {one}))
            if fewer.is_in and fewer.is_proved:
                out = out - {one}
                break
            is_least = is_least and fewer.is_proved
        else:
            return _remedy(prober, name, Lever.LEAVING_OUT, _without(out), is_least=is_least) if out else None


def find_relaxations(prober: Prober, name: str) -> tuple[Remedy, ...]:
    """The rules of which one alone, if it did not count for the project, would bring it in."""
    # Less than one rule is no rule, and today the project is out.
    is_least = prober.base.status is Status.OPTIMAL
    changes = (Change(relaxed=(relaxation,)) for relaxation in rules_of(prober.problem, name))
    found = (_remedy(prober, name, Lever.RULE, change, is_least=is_least) for change in changes)
    return tuple(remedy for remedy in found if remedy is not None)


def _remedy(prober: Prober, name: str, lever: Lever, change: Change, *, is_least: bool) -> Remedy | None:
    verdict: Verdict = prober.ask(name, change)
    after = prober.solve(change, name, is_in=True)
    if not verdict.is_in or after.value is None or prober.base.value is None:
        return None
    return Remedy(
        levers=frozenset({lever}),
        used=frozenset({lever}),
        change=change,
        cost=0.0,
        gain=after.value - prober.base.value,
        plan=after.plan,
        is_enough=verdict.is_proved,
        is_least=is_least,
    )


def _without(names: set[str]) -> Change:
    return Change(without=tuple(sorted(names)))


def _best_values(problem: Problem) -> dict[str, Number]:
    return {project.id: max(project.value_by_start, default=0) for project in problem.projects}
