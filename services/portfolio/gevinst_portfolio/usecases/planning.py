"""Making scenarios, having them solved, and showing them to the board (P3, P8)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.permissions import PLAN
from gevinst_portfolio.domain.runs import Ended, Run, RunKind, RunState, error_of
from gevinst_portfolio.domain.scenario_comparison import plan_comparison
from gevinst_portfolio.domain.scenario_plan import PlanReport
from gevinst_portfolio.domain.scenario_problem import scenario_question
from gevinst_portfolio.domain.scenario_solving import Answered, Asked, Scenario
from gevinst_portfolio.domain.scenarios import ForcedBothWays, NoPlanYet, OtherPortfolio
from gevinst_portfolio.domain.scenarios import ScenarioPublished as IsPublished
from gevinst_portfolio.events import ScenarioMade, ScenarioPublished, ScenarioSolved
from gevinst_portfolio.store import plan_inputs, portfolios, scenarios
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.references import refuse_unknown_references
from gevinst_portfolio.store.runs import EVERYBODY
from gevinst_portfolio.usecases.running import ask_for_run, reader_of
from gevinst_portfolio.usecases.valuing import keep_values
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

WITH_A_PLAN = frozenset({Status.OPTIMAL, Status.GAP})


async def make_scenario(work: Work, portfolio_id: UUID, said: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Make a scenario, private to its author and the office; its id and record.

    `said` are the members of `ScenarioIn`, as JSON.
    """
    await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(PLAN, await place_of(work.connection, portfolio_id=portfolio_id))
    await _refuse_odd_forcing(work, portfolio_id, said["assumptions"])
    scenario_id = new_id()
    fact = ScenarioMade(scenario_id=scenario_id, portfolio_id=portfolio_id)
    record = recorded(work, fact, subject=subject_of("scenarios", scenario_id))
    values = {
        **said,
        "id": scenario_id,
        "portfolio_id": portfolio_id,
        "author": work.actor.subject,
        "created_at": work.now,
    }
    return scenario_id, await scenarios.add_scenario(work.connection, values, record)


async def read_scenario(work: Work, scenario_id: UUID) -> Stored:
    """The scenario, and whether what it was solved from has changed since."""
    reader = reader_of(work)
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader)
    digest = "" if scenario.plan is None else await _digest(work.connection, scenario)
    return await scenarios.get_document(work.connection, scenario_id, reader, digest=digest)


async def ask_for_plan(work: Work, scenario_id: UUID) -> tuple[UUID, Stored]:
    """Queue the solving of the scenario; the run's id and record."""
    scenario = await scenarios.lock_scenario(work.connection, scenario_id, reader_of(work))
    work.require(PLAN, await place_of(work.connection, portfolio_id=scenario.portfolio_id))
    if scenario.is_published:
        raise IsPublished
    # What cannot be asked is refused at once, and not by the worker.
    await ask(work.connection, scenario)
    return await ask_for_run(
        work, RunKind.SOLVE, portfolio_id=scenario.portfolio_id, scenario_id=scenario.id, given={}
    )


async def ask(connection: Connection, scenario: Scenario) -> Asked:
    """The question of the scenario as the register is now."""
    projects = await plan_inputs.list_figures(connection, scenario.portfolio_id)
    supply = await plan_inputs.get_supply(connection, scenario.portfolio_id)
    question = scenario_question(
        projects, supply, scenario.assumptions, first=scenario.first, quarters=scenario.quarters
    )
    return Asked(scenario, question, projects)


async def keep_plan(work: Work, run: Run, answered: Answered) -> Ended:
    """Write the plan to its scenario, unless that was published meanwhile or there is nothing to keep."""
    asked, solution = answered.asked, answered.solution
    portfolio = await portfolios.get_portfolio(work.connection, run.portfolio_id)
    report = PlanReport.of(
        asked.question,
        solution,
        asked.projects,
        currency=portfolio.currency,
        price_year=portfolio.price_year,
    )
    scenario = await scenarios.lock_scenario(work.connection, asked.scenario.id, EVERYBODY)
    if scenario.is_published:
        return Ended(RunState.FAILED, None, error_of(IsPublished()))
    if solution.status is not Status.UNKNOWN or scenario.plan is None:
        values = {
            "plan": report.document(),
            "plan_inputs": asked.question.digest,
            "plan_run_id": run.id,
            "solved_at": work.now,
        }
        fact = ScenarioSolved(
            scenario_id=scenario.id, portfolio_id=scenario.portfolio_id, status=solution.status.value
        )
        record = recorded(work, fact, subject=subject_of("scenarios", scenario.id))
        await scenarios.keep_plan(work.connection, scenario.id, values, record)
        # E2: later scores and cases change the values, and not where this plan's came from.
        await keep_values(work, run, asked)
    return Ended(RunState.DONE, report.summary())


async def publish_scenario(work: Work, scenario_id: UUID, *, expected: int) -> Stored | None:
    """Show the scenario and its plan to the board; None when it changed meanwhile."""
    scenario = await scenarios.lock_scenario(work.connection, scenario_id, reader_of(work))
    work.require(PLAN, await place_of(work.connection, portfolio_id=scenario.portfolio_id))
    if scenario.is_published:
        raise IsPublished
    plan = plan_of(scenario)
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    fact = ScenarioPublished(
        scenario_id=scenario.id,
        portfolio_id=portfolio.id,
        portfolio_name=portfolio.name,
        scenario_name=scenario.name,
        selected_count=plan["selected_count"],
        left_out_count=plan["left_out_count"],
        total_cost=money_of(plan["total_cost"]),
    )
    record = recorded(work, fact, subject=subject_of("scenarios", scenario.id))
    return await scenarios.publish(
        work.connection, scenario.id, at=work.now, by=work.actor.subject, expected=expected, record=record
    )


async def compare(work: Work, scenario_id: UUID, other_id: UUID) -> dict[str, Any]:
    """`ComparisonOut`: what changes from this scenario's plan to the other's."""
    reader = reader_of(work)
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader)
    other = await scenarios.get_scenario(work.connection, other_id, reader)
    if scenario.portfolio_id != other.portfolio_id:
        raise OtherPortfolio
    found = plan_comparison(plan_of(scenario), plan_of(other))
    return {"scenario_id": str(scenario_id), "other_id": str(other_id), **found}


def plan_of(scenario: Scenario) -> Mapping[str, Any]:
    """The scenario's plan; `NoPlanYet` when it has none that keeps all rules."""
    if scenario.plan is None or scenario.plan["status"] not in WITH_A_PLAN:
        raise NoPlanYet
    return scenario.plan


def money_of(document: Mapping[str, Any]) -> Money:
    minor = int(document["amount"].replace(".", ""))
    return Money.from_minor(minor, document["currency"], document["price_year"])


async def _refuse_odd_forcing(work: Work, portfolio_id: UUID, assumptions: Mapping[str, Any]) -> None:
    forced_in, forced_out = set(assumptions["forced_in"]), set(assumptions["forced_out"])
    if both := forced_in & forced_out:
        raise ForcedBothWays(count=len(both), pointer="/body/assumptions/forced_out")
    references = {
        "receiving_unit_ids": [],
        "depends_on": list(map(UUID, forced_in)),
        "excludes": list(map(UUID, forced_out)),
        "programme_id": [],
        "resource_ids": [],
    }
    await refuse_unknown_references(work.connection, portfolio_id, references)


async def _digest(connection: Connection, scenario: Scenario) -> str:
    """Of the question as it would be asked now; empty when it cannot be asked any more."""
    try:
        return (await ask(connection, scenario)).question.digest
    except Refusal:
        return ""
