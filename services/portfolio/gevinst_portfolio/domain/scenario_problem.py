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
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from gevinst_portfolio.domain.plan_problem import (
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
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus, Registration
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_worth import ValueChoice, worths
from gevinst_portfolio.domain.scenarios import BudgetUnknown, CannotForceIn


class Omission(StrEnum):
    """Why a project is not part of the question at all."""

    REPORTED_LIGHTLY = "reported-lightly"
    NOT_ACTIVE = "not-active"
    FORCED_OUT = "forced-out"
    OVER = "over"
    LENGTH_UNKNOWN = "length-unknown"
    COST_UNKNOWN = "cost-unknown"
    VALUE_UNKNOWN = "value-unknown"
    DEPENDS_ON_LEFT_OUT = "depends-on-left-out"


@dataclass(frozen=True, slots=True)
class SharedResource:
    """A role or a unit's capacity for change; `capacity` by quarter, where it is stated."""

    id: UUID
    name: str
    kind: str
    capacity: Mapping[Quarter, Decimal]


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is: money in whole hundredths by (year, kind), and shared resources."""

    money: Mapping[tuple[int, CostKind], int]
    resources: tuple[SharedResource, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a scenario supposes; `money` replaces the portfolio's budget where it names a year and kind."""

    money: Mapping[tuple[int, CostKind], int]
    forced_in: frozenset[UUID] = frozenset()
    forced_out: frozenset[UUID] = frozenset()
    value: ValueChoice = ValueChoice.NET_BENEFIT
    delay_rate: Decimal = Decimal("0.04")


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
    and `CannotForceIn` for a project that is to be forced in and cannot be planned.
    """
    span = _Span(Quarter.at(first.year, 1), first, first.number - 1)
    periods = span.before + quarters
    money = {**supply.money, **assumptions.money}
    limited = {kind for _, kind in money}
    worth = worths(projects, assumptions.value)
    omitted: dict[UUID, Omission] = {}
    planned: dict[UUID, Project] = {}
    for project in projects:
        reason = _omission(project, assumptions, span, has_money=bool(limited), worth=worth.get(project.id))
        if reason is not None:
            omitted[project.id] = reason
        else:
            planned[project.id] = _planned(project, assumptions, span, periods, worth.get(project.id, 0))
    closed = frozenset(one.id for one in projects if one.status is ProjectStatus.CLOSED)
    _omit_dependants(projects, planned, omitted, closed)
    _refuse_forced(projects, assumptions, omitted)
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
    return Question(problem, span.origin, omitted, frozenset(kind.value for kind in limited))


@dataclass(frozen=True, slots=True)
class _Span:
    """Period 0 is `origin`; the scenario begins at `first`, `before` periods later."""

    origin: Quarter
    first: Quarter
    before: int


def is_under_way(project: ProjectFigures, first: Quarter) -> bool:
    """Running, or approved with a start before the scenario begins."""
    if project.status is ProjectStatus.APPROVED:
        begins = first_quarter(project)
        return begins is not None and begins < first
    return project.status is ProjectStatus.RUNNING


def _omission(
    project: ProjectFigures, assumptions: Assumptions, span: _Span, *, has_money: bool, worth: int | None
) -> Omission | None:
    if reason := _not_a_candidate(project, assumptions):
        return reason
    duration = duration_in_quarters(project)
    begins = first_quarter(project)
    if duration is None or (is_under_way(project, span.first) and begins is None):
        return Omission.LENGTH_UNKNOWN
    if has_money and not project.has_known_cost:
        return Omission.COST_UNKNOWN
    if is_under_way(project, span.first):
        assert begins is not None
        return Omission.OVER if begins.index + duration <= span.origin.index else None
    is_free = not _is_forced(project, assumptions)
    return Omission.VALUE_UNKNOWN if is_free and worth is None else None


def _not_a_candidate(project: ProjectFigures, assumptions: Assumptions) -> Omission | None:
    if project.id in assumptions.forced_out:
        return Omission.FORCED_OUT
    if project.status in {ProjectStatus.PAUSED, ProjectStatus.STOPPED, ProjectStatus.CLOSED}:
        return Omission.NOT_ACTIVE
    is_light = project.status is ProjectStatus.PROPOSED and project.registration is Registration.LIGHT
    # P2: what is below the threshold is registered, and not prioritised centrally.
    return Omission.REPORTED_LIGHTLY if is_light and project.id not in assumptions.forced_in else None


def _is_forced(project: ProjectFigures, assumptions: Assumptions) -> bool:
    has_been_decided = project.status is not ProjectStatus.PROPOSED
    return project.is_statutory or has_been_decided or project.id in assumptions.forced_in


def _planned(
    project: ProjectFigures, assumptions: Assumptions, span: _Span, periods: int, worth: int
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
    is_free = fixed is None and not _is_forced(project, assumptions)
    return Project(
        id=str(project.id),
        name=project.name,
        duration=left,
        earliest=first_start,
        deadline=periods if is_free and first_start + left <= periods else None,
        fixed_start=fixed,
        is_mandatory=fixed is None and _is_forced(project, assumptions),
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
    worth: int, duration: int, span: _Span, periods: int, delay_rate: Decimal
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
    resources: Iterable[SharedResource], planned: Iterable[Project], span: _Span, periods: int
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


def _omit_dependants(
    projects: Sequence[ProjectFigures],
    planned: dict[UUID, Project],
    omitted: dict[UUID, Omission],
    closed: frozenset[UUID],
) -> None:
    """A proposal cannot be planned while something that it needs first is no part of the question."""
    while True:
        ready = planned.keys() | closed | {key for key, why in omitted.items() if why is Omission.OVER}
        stuck = [
            project.id
            for project in projects
            if project.id in planned
            and planned[project.id].fixed_start is None
            and not ready.issuperset(project.depends_on)
        ]
        if not stuck:
            return
        for project_id in stuck:
            del planned[project_id]
            omitted[project_id] = Omission.DEPENDS_ON_LEFT_OUT


def _refuse_forced(
    projects: Sequence[ProjectFigures], assumptions: Assumptions, omitted: Mapping[UUID, Omission]
) -> None:
    for project in projects:
        if project.id in assumptions.forced_in and project.id in omitted:
            raise CannotForceIn(name=project.name, reason=omitted[project.id].value)


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
