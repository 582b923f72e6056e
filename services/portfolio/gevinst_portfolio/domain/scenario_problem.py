"""From the register to the optimiser's question (P3, P4, P5).

Periods are calendar quarters from the first quarter of the scenario's first year; those before the
scenario begins are there so that budgets of whole years count all that a year has to pay.

- **Candidates** are the central proposals (P2). A running project, and an approved one that has begun, is
  fixed and takes what is left of it; one that is approved for later stays in and may move; statutory
  proposals are forced in (P5). Paused, stopped and closed work takes nothing.
- **Money** of a year is there for the whole year and lapses at its end; the last year of the scenario
  counts with the share of its quarters that the scenario reaches.
- **People and change load** are there per quarter; a quarter without a stated limit has none.
- **Value** is counted as far as a project is carried out within the scenario, and falls with delay by
  `delay_rate` a year, so that late starts are not free. A free project that can be over within the
  scenario must be; one that is too long for that may run beyond it.

Missing is not zero (B6): a proposal whose cost, value or length is unknown is not planned, and is named.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Number,
    Precedence,
    Problem,
    Project,
    Resource,
)
from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    cost_profiles,
    duration_in_quarters,
    first_quarter,
    need_profiles,
)
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, SharedResource, Span, Supply
from gevinst_portfolio.domain.scenario_candidates import (
    Omission,
    is_forced,
    is_under_way,
    omission_of,
    omit_dependants,
    refuse_forced,
)
from gevinst_portfolio.domain.scenario_worth import worths
from gevinst_portfolio.domain.scenarios import BudgetUnknown, NothingToPlan


@dataclass(frozen=True, slots=True)
class Question:
    """The optimiser's problem; period 0 is `first`. `omitted` is everything that is no part of it.

    `limited` are the kinds of money that the scenario limits; the others' budgets can never run out.
    """

    problem: Problem
    first: Quarter
    omitted: Mapping[UUID, Omission]
    limited: frozenset[str]

    @property
    def digest(self) -> str:
        """The same for the same question, whatever its parts are called: tells whether a plan is stale."""
        nameless = replace(
            self.problem,
            name="",
            projects=tuple(replace(project, name="") for project in self.problem.projects),
            resources=tuple(replace(resource, name="") for resource in self.problem.resources),
        )
        return hashlib.sha256(f"{self.first} {nameless!r}".encode()).hexdigest()


def scenario_question(
    projects: Sequence[ProjectFigures],
    supply: Supply,
    assumptions: Assumptions,
    *,
    first: Quarter,
    quarters: int,
) -> Question:
    """The question of a scenario of `quarters` quarters from `first`.

    Raises `BudgetUnknown` when a kind of money is limited in some years of the scenario and not in others,
    `CannotForceIn` for a project that is to be forced in and cannot be planned, and `NothingToPlan` when
    no project is left.
    """
    span = Span(Quarter.at(first.year, 1), first, first.number - 1)
    periods = span.before + quarters
    money = {**supply.money, **assumptions.money}
    limited = {kind for _, kind in money}
    worth = worths(projects, assumptions.value)
    omitted: dict[UUID, Omission] = {}
    planned: dict[UUID, Project] = {}
    for project in projects:
        reason = omission_of(project, assumptions, span, has_money=bool(limited), worth=worth.get(project.id))
        if reason is not None:
            omitted[project.id] = reason
        else:
            planned[project.id] = _planned(project, assumptions, span, periods, worth.get(project.id, 0))
    closed = frozenset(one.id for one in projects if one.status is ProjectStatus.CLOSED)
    omit_dependants(projects, planned, omitted, closed)
    refuse_forced(projects, assumptions, omitted)
    problem = Problem(
        name="scenario",
        periods=periods,
        must_finish=False,
        projects=tuple(planned.values()),
        budgets=(
            *(_budget(kind, money, span.origin, periods) for kind in sorted(limited)),
            *(_endless(kind, planned.values(), periods) for kind in sorted(set(CostKind) - limited)),
        ),
        resources=tuple(_resources(supply.resources, planned.values(), span, periods)),
        precedence=tuple(_precedence(projects, planned)),
        exclusive=tuple(_exclusions(projects, planned)),
    )
    if not planned:
        raise NothingToPlan(count=len(projects))
    return Question(problem, span.origin, omitted, frozenset(kind.value for kind in limited))


def _planned(
    project: ProjectFigures, assumptions: Assumptions, span: Span, periods: int, worth: int
) -> Project:
    duration = duration_in_quarters(project)
    assert duration is not None
    begins = first_quarter(project)
    fixed = earliest = None
    done = 0
    if is_under_way(project, span.first):
        assert begins is not None
        fixed = max(0, begins.index - span.origin.index)
        done = max(0, span.origin.index - begins.index)
    elif project.status is ProjectStatus.PROPOSED and begins is not None:
        earliest = begins.index - span.origin.index
    left = duration - done
    first_start = 0 if fixed is not None else max(span.before, earliest or 0)
    is_free = fixed is None and not is_forced(project, assumptions)
    return Project(
        id=str(project.id),
        name=project.name,
        duration=left,
        earliest=first_start,
        deadline=periods if is_free and first_start + left <= periods else None,
        fixed_start=fixed,
        is_mandatory=fixed is None and is_forced(project, assumptions),
        cost={
            kind.value: profile[done:]
            for kind, profile in cost_profiles(project, duration).items()
            if any(profile[done:])
        },
        demand={
            str(resource): tuple(map(_exact, amounts[done:]))
            for resource, amounts in need_profiles(project).items()
            if any(amounts[done:])
        },
        value_by_start=_value_by_start(worth, left, span, periods, assumptions.delay_rate),
    )


def _value_by_start(
    worth: int, duration: int, span: Span, periods: int, delay_rate: Decimal
) -> tuple[int, ...]:
    """Whole units: the worth by the share carried out within the scenario, less what the delay costs."""
    values = []
    for start in range(periods):
        share = Fraction(min(duration, periods - start), duration)
        years = max(0, start - span.before) / 4
        values.append(round(worth * share * Fraction(1 / (1 + float(delay_rate)) ** years)))
    return tuple(values)


def _budget(
    kind: CostKind, money: Mapping[tuple[int, CostKind], int], origin: Quarter, periods: int
) -> Budget:
    inflow = [0] * periods
    for period in range(0, periods, 4):
        year = origin.plus(period).year
        if (year, kind) not in money:
            raise BudgetUnknown(kind=kind.value, year=year)
        inflow[period] = money[year, kind] * min(4, periods - period) // 4
    return Budget(kind.value, kind.value, tuple(inflow), carry=Carry.CAPPED, carry_cap=0, year_length=4)


def _endless(kind: CostKind, planned: Iterable[Project], periods: int) -> Budget:
    """More than all projects together can spend."""
    most = sum(max(amount, 0) for project in planned for amount in project.cost.get(kind.value, ()))
    return Budget(kind.value, kind.value, (most + 1,) + (0,) * (periods - 1), carry=Carry.POOL)


def _resources(
    resources: Iterable[SharedResource], planned: Iterable[Project], span: Span, periods: int
) -> Iterable[Resource]:
    taken: dict[str, Number] = {}
    for project in planned:
        for name, amounts in project.demand.items():
            taken[name] = taken.get(name, 0) + sum(amounts)
    for resource in resources:
        everything = taken.get(str(resource.id))
        if everything is None:
            continue
        limits = [
            resource.capacity.get(span.origin.plus(period)) if period >= span.before else None
            for period in range(periods)
        ]
        capacity = tuple(everything if limit is None else _exact(limit) for limit in limits)
        yield Resource(str(resource.id), resource.name, resource.kind, capacity)


def _precedence(projects: Sequence[ProjectFigures], planned: Mapping[UUID, Project]) -> Iterable[Precedence]:
    for project in projects:
        if project.id in planned and planned[project.id].fixed_start is None:
            for before in project.depends_on:
                if before in planned:
                    yield Precedence(str(before), str(project.id))


def _exclusions(
    projects: Sequence[ProjectFigures], planned: Mapping[UUID, Project]
) -> Iterable[tuple[str, ...]]:
    pairs = {
        tuple(sorted((str(project.id), str(other))))
        for project in projects
        for other in project.excludes
        if project.id in planned and other in planned
    }
    return sorted(pairs)


def _exact(amount: Decimal) -> Number:
    exact = Fraction(amount)
    return exact.numerator if exact.denominator == 1 else exact
