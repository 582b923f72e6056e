"""Showing what each project's value in a scenario came from (E2)."""

from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.runs import Run
from gevinst_portfolio.domain.scenario_solving import Asked
from gevinst_portfolio.domain.scenario_values import values_document
from gevinst_portfolio.store import plan_inputs, portfolios, scenarios, valuations
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work


async def read_values(work: Work, scenario_id: UUID) -> dict[str, Any]:
    """`ValuesOut`: as the scenario's plan was made from, or as they are now while there is no plan."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    found = await valuations.find_of_plan(work.connection, scenario_id)
    if found is None:
        portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
        projects = await plan_inputs.list_figures(work.connection, scenario.portfolio_id)
        rule = scenario.assumptions.value
        found = values_document(projects, rule, currency=portfolio.currency, price_year=portfolio.price_year)
    return {"scenario_id": str(scenario_id), **found}


async def keep_values(work: Work, run: Run, asked: Asked) -> None:
    """Keep what the plan of this run was valued by."""
    portfolio = await portfolios.get_portfolio(work.connection, run.portfolio_id)
    rule = asked.scenario.assumptions.value
    found = values_document(
        asked.projects, rule, currency=portfolio.currency, price_year=portfolio.price_year
    )
    await valuations.add_valuation(work.connection, work.organisation, run.id, found, work.now)
