"""What a forced project lacks when there is nothing else (P5)."""

from collections.abc import Sequence

from gevinst_portfolio.domain.optimiser.change import Addition
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.elastic import prices_by_share
from gevinst_portfolio.domain.optimiser.need import needed_additions
from gevinst_portfolio.domain.optimiser.problem import (
    Problem,
    Project,
    amount_text,
    members_by_name,
    possible_starts,
)
from gevinst_portfolio.domain.optimiser.result import Alone


def shortages_alone(problem: Problem) -> tuple[Alone, ...]:
    """What the first forced project that does not fit even when it is alone lacks, start by start and
    concept by concept.

    Nothing when each fits, and where a project may free money or people (P11): then being alone proves
    nothing. Check: a cost of 7 on a budget of 5 lacks 2.
    """
    if any(map(frees, problem.projects)):
        return ()
    members = members_by_name(problem)
    forced = dict.fromkeys(one.forced_name for one in problem.projects if one.forced_name is not None)
    found = (_shortages(problem, members[name]) for name in forced)
    return next(filter(None, found), ())


def least_shortage(problem: Problem, shortages: Sequence[Alone]) -> Alone:
    """The one that is the smallest share of all there is."""
    prices = prices_by_share(problem)
    return min(
        shortages,
        key=lambda one: sum(prices[more.rule, more.id] * float(more.amount) for more in one.lacking),
    )


def alone_text(problem: Problem, alone: Alone) -> str:
    """What it lacks, in the problem's own units."""
    return ", ".join(_lacking_text(problem, more) for more in alone.lacking)


def frees(project: Project) -> bool:
    """Whether others have more money or people because of it (P11)."""
    profiles = (*project.cost.values(), *project.demand.values())
    return any(amount < 0 for profile in profiles for amount in profile)


def _shortages(problem: Problem, members: Sequence[Project]) -> tuple[Alone, ...]:
    found = []
    for project in members:
        for start in possible_starts(problem, project):
            lacking = needed_additions(problem, {project.id: start})
            if not lacking:
                return ()
            found.append(Alone(project.id, start, lacking))
    return tuple(found)


def _lacking_text(problem: Problem, more: Addition) -> str:
    parts = problem.budgets if more.rule is Rule.BUDGET else problem.resources
    name = next(part.name for part in parts if part.id == more.id)
    length = next((b.year_length for b in problem.budgets if b.id == more.id), 1)
    last = min(more.period + length, problem.periods) - 1
    when = f"period {more.period}" if last <= more.period else f"periods {more.period} to {last}"
    return f"{name} lacks {amount_text(more.amount)} in {when}"
