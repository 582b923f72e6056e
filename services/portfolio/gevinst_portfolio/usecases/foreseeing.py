"""Project storms shown before they happen: of today's plan, and of any scenario's (P3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from gevinst_portfolio.domain.capacity import Load, Resource, Taker, loads
from gevinst_portfolio.domain.concepts import figures_with
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_profiles import ProjectFigures, first_quarter, need_profiles
from gevinst_portfolio.domain.projects import Need, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_candidates import is_under_way
from gevinst_portfolio.domain.scenario_plan import chosen_concepts, first_quarters
from gevinst_portfolio.domain.scenario_rules import ScenarioRules, changed_capacity
from gevinst_portfolio.domain.scenario_solving import Scenario
from gevinst_portfolio.domain.storms import (
    Placed,
    Storm,
    UnstatedChange,
    YearOfSpending,
    coming_storms,
    unstated_changes,
    years_of_spending,
)
from gevinst_portfolio.store import budgets, concepts, plan_inputs, portfolios, resources, scenarios, units
from gevinst_portfolio.store.budgets import BudgetVersion
from gevinst_portfolio.usecases.planning import plan_of
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown

_TODAY = frozenset({ProjectStatus.APPROVED, ProjectStatus.RUNNING, ProjectStatus.PROPOSED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the outlook is asked for; proposals count in today's plan only when they are wanted."""

    resource_id: UUID | None = None
    unit_id: UUID | None = None
    only_overloaded: bool = False
    with_proposals: bool = True


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a start plan asks for beside what there is.

    `unplaced` are projects without a start: what they take falls nowhere yet.
    """

    portfolio: Portfolio
    scenario: Scenario | None
    since: Quarter
    resources: Sequence[tuple[Resource, Sequence[Load]]]
    years: Sequence[YearOfSpending]
    storms: Sequence[Storm]
    unplaced: Sequence[ProjectFigures]
    unstated: Sequence[UnstatedChange]


async def storms_of_portfolio(work: Work, portfolio_id: UUID, wanted: Wanted) -> Outlook:
    """The outlook of today's plan: running, approved and proposed work with its days as registered."""
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    statuses = _TODAY if wanted.with_proposals else _TODAY - {ProjectStatus.PROPOSED}
    projects = await plan_inputs.list_figures(work.connection, portfolio_id)
    placed = [Placed(one, first_quarter(one)) for one in projects if one.status in statuses]
    return await _outlook(work, portfolio, None, placed, wanted)


async def storms_of_scenario(work: Work, scenario_id: UUID, wanted: Wanted) -> Outlook:
    """The outlook of the scenario's plan, with its own money and capacity.

    `Unknown` before it was solved, `NoPlanYet` when no plan keeps all rules.
    """
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    if scenario.plan is None:
        raise Unknown
    starts = first_quarters(dict(plan_of(scenario)))
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    projects = await plan_inputs.list_figures(work.connection, scenario.portfolio_id)
    picks = chosen_concepts(dict(plan_of(scenario)))
    found = await concepts.list_of_portfolio(work.connection, scenario.portfolio_id) if picks else {}
    known = {one.id: one for several in found.values() for one in several}
    projects = tuple(figures_with(one, known[picks[one.id]]) if one.id in picks else one for one in projects)
    placed = [Placed(one, _start(one, scenario, starts)) for one in projects if one.id in starts]
    return await _outlook(work, portfolio, scenario, placed, wanted)


def _start(project: ProjectFigures, scenario: Scenario, starts: Mapping[UUID, Quarter]) -> Quarter | None:
    # What is under way began before the plan's first quarter, and its costs count from then.
    return first_quarter(project) if is_under_way(project, scenario.first) else starts[project.id]


async def _outlook(
    work: Work,
    portfolio: Portfolio,
    scenario: Scenario | None,
    placed: Sequence[Placed],
    wanted: Wanted,
) -> Outlook:
    since = Quarter.of(work.today)
    offered = await resources.list_resources(work.connection)
    await _refuse_unknown(work, wanted, offered)
    takers = [_taker(one) for one in placed]
    takers += await resources.list_takers_elsewhere(work.connection, portfolio.id)
    if scenario is not None:
        offered = [_supposed(resource, scenario.assumptions.rules) for resource in offered]
    taken = {resource_id for one in placed for resource_id in need_profiles(one.project)}
    loaded = [
        (resource, loads(resource, takers))
        for resource in offered
        if resource.id in taken and _is_wanted(resource, wanted)
    ]
    years: Sequence[YearOfSpending] = ()
    if wanted.resource_id is wanted.unit_id is None:
        budget = await budgets.get_last(work.connection, portfolio.id)
        years = _years(placed, budget, scenario)
    storms = coming_storms(loaded, years, since=since)
    if wanted.only_overloaded:
        loaded = [(each, [load for load in found if load.is_overloaded]) for each, found in loaded]
        loaded = [(each, found) for each, found in loaded if found]
        years = [year for year in years if year.overload]
    projects = [one.project for one in placed]
    return Outlook(
        portfolio,
        scenario,
        since,
        loaded,
        years,
        storms,
        [one.project for one in placed if one.start is None],
        unstated_changes(projects, [each for each in offered if _is_wanted(each, wanted)]),
    )


async def _refuse_unknown(work: Work, wanted: Wanted, offered: Sequence[Resource]) -> None:
    if wanted.resource_id is not None and wanted.resource_id not in {one.id for one in offered}:
        raise Unknown(pointer="/query/resource")
    if wanted.unit_id is not None:
        await units.RECORDS.get(work.connection, wanted.unit_id)


def _years(
    placed: Sequence[Placed], budget: BudgetVersion, scenario: Scenario | None
) -> list[YearOfSpending]:
    money = {key: int(amount.scaleb(2)) for key, amount in budget.years.items()}
    if scenario is None:
        return years_of_spending(money, budget.roll_over, placed)
    assumed = scenario.assumptions
    rolls = assumed.rules.roll_over or budget.roll_over
    return years_of_spending({**money, **assumed.money}, rolls, placed)


def _taker(one: Placed) -> Taker:
    start = None if one.start is None else one.start.first_day
    needs = tuple(Need(key, amounts) for key, amounts in need_profiles(one.project).items())
    return Taker(one.project.id, one.project.name, start, needs, one.project.status)


def _supposed(resource: Resource, rules: ScenarioRules) -> Resource:
    """The resource with the capacity that the scenario supposes."""
    changes = [change for change in rules.capacity if change.resource_id == resource.id]
    if not changes:
        return resource
    known = {quarter: Decimal(str(amount)) for quarter, amount in resource.capacity.items()}
    capacity = changed_capacity(resource.name, known, changes)
    return replace(resource, capacity={quarter: float(amount) for quarter, amount in capacity.items()})


def _is_wanted(resource: Resource, wanted: Wanted) -> bool:
    is_resource = wanted.resource_id in {None, resource.id}
    return is_resource and wanted.unit_id in {None, resource.unit_id}
