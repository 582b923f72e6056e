"""From the register to the optimiser's question (P3, P4, P5).

Periods are calendar quarters from the first quarter of the scenario's first year; those before the
scenario begins are there so that budgets of whole years count all that a year has to pay.

- **Candidates** are the central proposals (P2). A running project, and an approved one that has begun, is
  fixed and takes what is left of it; one that is approved for later stays in and may move; statutory
  proposals are forced in (P5). Paused, stopped and closed work takes nothing.
- **Money** of a year is there for the whole year and lapses at its end, but for investment money that the
  budget lets roll on; the last year of the scenario counts with the share of its quarters that the
  scenario reaches.
- **People and change load** are there per quarter, less what other portfolios' decided work takes of them;
  a quarter without a stated limit has none.
- **Starts** keep the project's own window and deadline, the lags of its dependencies, and what the scenario
  supposes (P5): groups, shares of categories, most starts, chosen starts.
- **Value** is counted as far as a project is carried out within the scenario, and falls with delay by
  `delay_rate` a year, so that late starts are not free. A proposal that is free, or forced in by the
  scenario alone, must be over within it if it can be; one that is too long for that may run beyond it.

Missing is not zero (B6): a proposal whose cost, value or length is unknown is not planned, and is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from gevinst_portfolio.domain.capacity import CarryChoice, RollOver
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
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Span, Supply
from gevinst_portfolio.domain.scenario_candidates import (
    ForcedBy,
    Omission,
    Planned,
    forced_by,
    has_begun,
    is_forced,
    is_under_way,
    omission_of,
    omit_followers,
    refuse_forced,
    why_no_option,
)
from gevinst_portfolio.domain.scenario_money import QUARTERS_OF_YEAR, within_reach
from gevinst_portfolio.domain.scenario_options import (
    NO_CONCEPTS,
    Concepts,
    Option,
    options_asked,
    with_projects_forced_in,
    worth_of_options,
)
from gevinst_portfolio.domain.scenario_rules import (
    Periods,
    ScenarioRules,
    category_rules,
    changed_capacity,
    groups_of,
    most_starts,
    window_in_periods,
)
from gevinst_portfolio.domain.scenarios import BudgetUnknown, CannotPin, NothingToPlan


@dataclass(frozen=True, slots=True)
class Question:
    """The optimiser's problem; period 0 is `first`. `omitted` is everything that is no part of it.

    `limited` are the kinds of money that the scenario limits; the others' budgets can never run out.
    `forced_by` says why projects are in that are not free to stay out. `options` has every project of the
    problem, by its id there. `money` is what whole years have, in hundredths, also where the scenario ends
    within the year.
    """

    problem: Problem
    first: Quarter
    omitted: Mapping[UUID, Omission]
    limited: frozenset[str]
    forced_by: Mapping[str, ForcedBy] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    money: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def quarters_within(self, period: int) -> int:
        """How many quarters of the period's year the scenario reaches."""
        return min(QUARTERS_OF_YEAR, self.problem.periods - period // QUARTERS_OF_YEAR * QUARTERS_OF_YEAR)


def scenario_question(
    projects: Sequence[ProjectFigures],
    supply: Supply,
    assumptions: Assumptions,
    *,
    first: Quarter,
    quarters: int,
    concepts: Concepts = NO_CONCEPTS,
) -> Question:
    """The question of a scenario of `quarters` quarters from `first`.

    A proposal with several concepts is asked once for each of them, of which at most one is chosen (P9).

    Raises `BudgetUnknown` when a kind of money is limited in some years of the scenario and not in others,
    `CannotForceIn` for a project that is to be forced in and cannot be planned, `CannotPin` for a start
    that cannot be chosen, `CapacityUnknown`, `CapacityBelowZero` and `CategoryEmpty` for rules that
    mean nothing here, and `NothingToPlan` when no project is left.
    """
    span = Span(Quarter.at(first.year, 1), first, first.number - 1)
    assumptions = with_projects_forced_in(assumptions, concepts)
    periods = span.before + quarters
    _refuse_odd_pins(projects, assumptions, span, periods)
    money = {**supply.money, **assumptions.money}
    limited = {kind for _, kind in money}
    found = {project.id: options_asked(project, concepts, assumptions) for project in projects}
    options = [option for each in found.values() for option in each]
    planned, omitted = _planned_and_omitted(options, assumptions, span, periods, has_money=bool(limited))
    omitted |= {
        project.id: why_no_option(project, assumptions) for project in projects if not found[project.id]
    }
    omit_followers(projects, planned, omitted, assumptions.rules.all_or_none)
    refuse_forced(projects, assumptions, omitted)
    chosen, rules = tuple(one for found in planned.values() for one in found), assumptions.rules
    rolls = rules.roll_over or supply.roll_over
    problem = Problem(
        name="scenario",
        periods=periods,
        must_finish=False,
        projects=chosen,
        budgets=(
            *(_budget(kind, money, rolls, span.origin, periods) for kind in sorted(limited)),
            *(_endless(kind, chosen, periods) for kind in sorted(set(CostKind) - limited)),
        ),
        resources=tuple(_resources(supply, rules, chosen, span, periods)),
        categories=tuple(category_rules(rules.categories, chosen)),
        precedence=tuple(_precedence(projects, planned)),
        exclusive=(*_exclusions(projects, planned), *groups_of(rules.exclusive, planned)),
        all_or_none=tuple(groups_of(rules.all_or_none, planned)),
        max_starts=most_starts(rules.most_starts, chosen, periods),
    )
    if not planned:
        raise NothingToPlan(count=len(projects))
    known = {option.key: option for option in options}
    asked = {one.id: known[one.id] for one in chosen}
    reasons = {key: forced_by(one.figures, assumptions, span) for key, one in asked.items()}
    forced = {key: reason for key, reason in reasons.items() if reason is not None}
    kinds = frozenset(kind.value for kind in limited)
    yearly = {(year, kind.value): minor for (year, kind), minor in money.items()}
    return Question(problem, span.origin, omitted, kinds, forced, asked, yearly)


def _planned_and_omitted(
    options: Sequence[Option], assumptions: Assumptions, span: Span, periods: int, *, has_money: bool
) -> tuple[dict[UUID, tuple[Project, ...]], dict[UUID, Omission]]:
    """A project is omitted when none of its options can be planned, for the reason of the first."""
    worth = worth_of_options(options, assumptions.value)
    decay = [_decay(max(0, start - span.before), assumptions.delay_rate) for start in range(periods)]
    omitted: dict[UUID, Omission] = {}
    planned: dict[UUID, tuple[Project, ...]] = {}
    for option in options:
        project = option.figures
        known = worth.get(option.key)
        reason = omission_of(project, assumptions, span, has_money=has_money, worth=known)
        if reason is None:
            candidate = _planned(option, assumptions, span, known or 0, decay)
            if candidate.is_forced or _has_start(candidate, periods):
                planned[project.id] = (*planned.get(project.id, ()), candidate)
                continue
            reason = Omission.NO_START
        omitted.setdefault(project.id, reason)
    return planned, {key: reason for key, reason in omitted.items() if key not in planned}


def _refuse_odd_pins(
    projects: Sequence[ProjectFigures], assumptions: Assumptions, span: Span, periods: int
) -> None:
    pins = assumptions.rules.pins
    for project in projects if pins else ():
        quarter = pins.get(project.id, span.first)
        is_inside = span.before <= quarter.index - span.origin.index < periods
        if project.id in pins and (is_under_way(project, span.first) or not is_inside):
            raise CannotPin(name=project.name, quarter=quarter)


def _planned(
    option: Option, assumptions: Assumptions, span: Span, worth: int, decay: Sequence[Fraction]
) -> Project:
    project = option.figures
    duration = duration_in_quarters(project)
    assert duration is not None
    done, fixed = 0, None
    if is_under_way(project, span.first):
        begins = first_quarter(project)
        assert begins is not None
        fixed = max(0, begins.index - span.origin.index)
        done = max(0, span.origin.index - begins.index)
    timed = Periods(0, None, None) if fixed is not None else _times(project, assumptions, span)
    left, first_start = duration - done, timed.earliest or 0
    limited = {limit.category for limit in assumptions.rules.categories}
    is_free = fixed is None and not is_forced(project, assumptions)
    ends = timed.deadline
    # Forcing in by the scenario changes whether, not how: else it could raise the value of a plan.
    is_undecided = project.status is ProjectStatus.PROPOSED and not project.is_statutory
    is_bounded = fixed is None and is_undecided and project.id not in assumptions.rules.pins
    if is_bounded and first_start + left <= len(decay):
        ends = len(decay) if ends is None else min(ends, len(decay))
    return Project(
        id=option.key,
        name=project.name,
        concept_of=option.concept_of,
        duration=left,
        category=project.category if project.category in limited else None,
        earliest=first_start,
        latest_start=timed.latest_start,
        deadline=ends,
        fixed_start=fixed,
        is_mandatory=fixed is None and not is_free,
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
        value_by_start=_value_by_start(worth, left, decay),
    )


def _times(project: ProjectFigures, assumptions: Assumptions, span: Span) -> Periods:
    """When work that has not begun may start, and before which period it must be over."""
    asked = window_in_periods(project.window, span.origin)
    pin = assumptions.rules.pins.get(project.id)
    if pin is not None:
        at = pin.index - span.origin.index
        latest = at if asked.latest_start is None else min(at, asked.latest_start)
        return Periods(max(at, asked.earliest or 0), latest, asked.deadline)
    earliest, begins = asked.earliest, first_quarter(project)
    if earliest is None and project.status is ProjectStatus.PROPOSED and begins is not None:
        earliest = begins.index - span.origin.index
    return Periods(max(span.before, earliest or 0), asked.latest_start, asked.deadline)


def _has_start(project: Project, periods: int) -> bool:
    last = periods - 1
    if project.latest_start is not None:
        last = min(last, project.latest_start)
    if project.deadline is not None:
        last = min(last, project.deadline - project.duration)
    return project.earliest <= last


def _decay(quarters: int, delay_rate: Decimal) -> Fraction:
    """What a delay of so many quarters leaves of a value."""
    return Fraction(1 / (1 + float(delay_rate)) ** (quarters / 4))


def _value_by_start(worth: int, duration: int, decay: Sequence[Fraction]) -> tuple[int, ...]:
    """Whole units: the worth by the share carried out within the scenario, less what the delay costs."""
    periods = len(decay)
    found = []
    for start, left in enumerate(decay):
        below = duration * left.denominator
        above = worth * min(duration, periods - start) * left.numerator
        found.append((2 * above + below) // (2 * below))
    return tuple(found)


def _budget(
    kind: CostKind,
    money: Mapping[tuple[int, CostKind], int],
    rolls: RollOver,
    origin: Quarter,
    periods: int,
) -> Budget:
    inflow = [0] * periods
    for period in range(0, periods, QUARTERS_OF_YEAR):
        year = origin.plus(period).year
        if (year, kind) not in money:
            raise BudgetUnknown(kind=kind.value, year=year)
        inflow[period] = within_reach(money[year, kind], min(QUARTERS_OF_YEAR, periods - period))
    name, inflows = kind.value, tuple(inflow)
    if kind is CostKind.INVESTMENT and rolls.carry is CarryChoice.POOL:
        return Budget(name, name, inflows, carry=Carry.POOL, year_length=QUARTERS_OF_YEAR)
    # Money for operation, and what does not roll on, lapses with its year: nothing of it is carried.
    cap = (rolls.cap_minor or 0) if kind is CostKind.INVESTMENT else 0
    return Budget(name, name, inflows, carry=Carry.CAPPED, carry_cap=cap, year_length=QUARTERS_OF_YEAR)


def _endless(kind: CostKind, planned: Iterable[Project], periods: int) -> Budget:
    """More than all projects together can spend."""
    most = sum(max(amount, 0) for project in planned for amount in project.cost.get(kind.value, ()))
    return Budget(kind.value, kind.value, (most + 1,) + (0,) * (periods - 1), carry=Carry.POOL)


def _resources(
    supply: Supply, rules: ScenarioRules, planned: Iterable[Project], span: Span, periods: int
) -> Iterable[Resource]:
    taken: dict[str, Number] = {}
    for project in planned:
        for name, amounts in project.demand.items():
            taken[name] = taken.get(name, 0) + sum(amounts)
    for resource in supply.resources:
        changes = [change for change in rules.capacity if change.resource_id == resource.id]
        stated = changed_capacity(resource.name, resource.capacity, changes)
        everything = taken.get(str(resource.id))
        if everything is None:
            continue
        gone = supply.taken.get(resource.id, {})
        quarters = [span.origin.plus(period) for period in range(periods)]
        limits = [stated.get(quarter) if quarter >= span.first else None for quarter in quarters]
        capacity = tuple(
            everything if limit is None else _exact(max(Decimal(0), limit - gone.get(quarter, Decimal(0))))
            for quarter, limit in zip(quarters, limits, strict=True)
        )
        yield Resource(str(resource.id), resource.name, resource.kind, capacity)


def _precedence(projects: Sequence[ProjectFigures], planned: Planned) -> Iterable[Precedence]:
    for project in projects:
        if project.id in planned and not has_begun(planned[project.id]):
            lags = {lag.project_id: lag.quarters for lag in project.lags}
            for before in project.depends_on:
                if before in planned:
                    yield Precedence(str(before), str(project.id), lags.get(before, 0))


def _exclusions(projects: Sequence[ProjectFigures], planned: Planned) -> Iterable[tuple[str, ...]]:
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
