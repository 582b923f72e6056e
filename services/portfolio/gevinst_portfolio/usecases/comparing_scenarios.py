"""Scenarios told and compared: what they suppose, and what their plans change (P7, P8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.scenario_comparison import plan_comparison, todays_plan
from gevinst_portfolio.domain.scenario_differences import Supposed, everything_supposed
from gevinst_portfolio.domain.scenario_solving import Scenario
from gevinst_portfolio.domain.scenarios import OtherPortfolio
from gevinst_portfolio.store import concepts, plan_inputs, portfolios, resources, scenarios
from gevinst_portfolio.usecases.planning import plan_of
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Compared:
    """`members` are those of `ComparisonOut` without words; what only one of the two supposes beside it."""

    portfolio: Portfolio
    members: Mapping[str, Any]
    only_here: list[Supposed]
    only_in_other: list[Supposed]


async def tell_assumptions(work: Work, scenario_id: UUID) -> tuple[Portfolio, list[Supposed]]:
    """Everything that the scenario supposes, as changes over the portfolio."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    (found,) = await _supposed(work, scenario)
    return portfolio, found


async def compare(work: Work, scenario_id: UUID, other_id: UUID) -> Compared:
    """What changes from this scenario's plan to the other's."""
    reader = reader_of(work)
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader)
    other = await scenarios.get_scenario(work.connection, other_id, reader)
    if scenario.portfolio_id != other.portfolio_id:
        raise OtherPortfolio
    if scenario.plan is None or other.plan is None:
        raise Unknown
    are_alike = _what_counts(scenario) == _what_counts(other)
    found = plan_comparison(plan_of(scenario), plan_of(other), are_values_alike=are_alike)
    here, there = await _supposed(work, scenario, other)
    return Compared(
        await portfolios.get_portfolio(work.connection, scenario.portfolio_id),
        {"scenario_id": str(scenario_id), "other_id": str(other_id), **found},
        [one for one in here if one not in there],
        [one for one in there if one not in here],
    )


async def compare_with_today(work: Work, scenario_id: UUID) -> Compared:
    """What changes from the scenario's plan to what is decided today, on its registered days."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    if scenario.plan is None:
        raise Unknown
    plan = plan_of(scenario)
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    today = todays_plan(
        portfolio,
        await plan_inputs.list_figures(work.connection, portfolio.id),
        await plan_inputs.get_supply(work.connection, portfolio.id),
        await resources.list_resources(work.connection),
        first=scenario.first,
        quarters=scenario.quarters,
    )
    found = plan_comparison(plan, today, are_values_alike=False)
    (here,) = await _supposed(work, scenario)
    return Compared(portfolio, {"scenario_id": str(scenario_id), **found}, here, [])


async def _supposed(work: Work, *asked: Scenario) -> list[list[Supposed]]:
    portfolio_id = asked[0].portfolio_id
    supply = await plan_inputs.get_supply(work.connection, portfolio_id)
    names = {str(resource.id): resource.name for resource in supply.resources}
    names |= await plan_inputs.project_names(work.connection, portfolio_id)
    for key, found in (await concepts.list_of_portfolio(work.connection, portfolio_id)).items():
        names |= {str(one.id): f"{names[str(key)]}: {one.name}" for one in found}
    return [everything_supposed(one.said, names, supply) for one in asked]


def _what_counts(scenario: Scenario) -> tuple[object, ...]:
    """Values are comparable when the same counts over the same time."""
    assumed = scenario.assumptions
    return assumed.value, assumed.delay_rate, scenario.first, scenario.quarters
