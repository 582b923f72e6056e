"""Making scenarios, having them solved, and showing them to the board (P3, P8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.permissions import PLAN
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.runs import Ended, Run, RunKind, RunState, error_of
from gevinst_portfolio.domain.scenario_assumptions import Supply
from gevinst_portfolio.domain.scenario_inputs import changed_inputs, planning_inputs, question_digest
from gevinst_portfolio.domain.scenario_options import Concepts
from gevinst_portfolio.domain.scenario_plan import PlanReport
from gevinst_portfolio.domain.scenario_problem import scenario_question
from gevinst_portfolio.domain.scenario_solving import Answered, Asked, Scenario, last_plan
from gevinst_portfolio.domain.scenarios import NoPlanYet, PlanOfOtherAssumptions
from gevinst_portfolio.domain.scenarios import ScenarioPublished as IsPublished
from gevinst_portfolio.events.scenarios import (
    ScenarioChanged,
    ScenarioMade,
    ScenarioPublished,
    ScenarioSolved,
)
from gevinst_portfolio.store import concepts, plan_inputs, portfolios, runs, scenarios
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.runs import EVERYBODY
from gevinst_portfolio.usecases.running import ask_for_run, reader_of
from gevinst_portfolio.usecases.supposing import refuse_odd_assumptions
from gevinst_portfolio.usecases.valuing import keep_values
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

WITH_A_PLAN = frozenset({Status.OPTIMAL, Status.GAP})


async def make_scenario(work: Work, portfolio_id: UUID, said: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Make a scenario, private to its author and the office; its id and record.

    `said` are the members of `ScenarioIn`, as JSON.
    """
    await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(PLAN, await place_of(work.connection, portfolio_id=portfolio_id))
    await refuse_odd_assumptions(work, portfolio_id, said["assumptions"])
    scenario_id, values, record = _new_scenario(work, portfolio_id, said)
    return scenario_id, await scenarios.add_scenario(work.connection, values, record)


async def copy_scenario(work: Work, scenario_id: UUID, *, name: str) -> tuple[UUID, Stored]:
    """Make a scenario of one's own that supposes the same, with the plan that answers it; its id and record.

    Whoever made the first, and also when it is published.
    """
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    work.require(PLAN, await place_of(work.connection, portfolio_id=scenario.portfolio_id))
    said = {**scenario.said, "name": name}
    scenario_id, values, record = _new_scenario(work, scenario.portfolio_id, said)
    return scenario_id, await scenarios.add_copy(work.connection, values, scenario, record)


async def change_scenario(
    work: Work, scenario_id: UUID, said: Mapping[str, Any], *, expected: int
) -> Stored | None:
    """Replace all that the scenario says; None when it changed meanwhile.

    Its plan stays until it is solved again, and cannot be published before when it answers something else.
    """
    scenario = await _lock_private(work, scenario_id)
    await refuse_odd_assumptions(work, scenario.portfolio_id, said["assumptions"])
    fact = ScenarioChanged(scenario_id=scenario.id, portfolio_id=scenario.portfolio_id)
    record = recorded(work, fact, subject=subject_of("scenarios", scenario.id))
    return await scenarios.change_scenario(work.connection, scenario.id, said, record, expected=expected)


async def delete_scenario(work: Work, scenario_id: UUID, *, expected: int) -> bool:
    """Take a private scenario away, and call off its solving; False when it changed meanwhile."""
    scenario = await _lock_private(work, scenario_id)
    fact = ScenarioChanged(scenario_id=scenario.id, portfolio_id=scenario.portfolio_id, is_deleted=True)
    record = recorded(work, fact, subject=subject_of("scenarios", scenario.id))
    is_gone = await scenarios.delete_scenario(
        work.connection, scenario.id, record, at=work.now, expected=expected
    )
    if is_gone:
        await runs.cancel_of_scenario(work.connection, scenario.id)
    return is_gone


async def _lock_private(work: Work, scenario_id: UUID) -> Scenario:
    """P8: what the board has seen stays as it is."""
    scenario = await scenarios.lock_scenario(work.connection, scenario_id, reader_of(work))
    work.require(PLAN, await place_of(work.connection, portfolio_id=scenario.portfolio_id))
    if scenario.is_published:
        raise IsPublished
    return scenario


def _new_scenario(
    work: Work, portfolio_id: UUID, said: Mapping[str, Any]
) -> tuple[UUID, dict[str, Any], dict[str, Any]]:
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
    return scenario_id, values, record


async def read_scenario(work: Work, scenario_id: UUID) -> Stored:
    """The scenario, and whether what it was solved from has changed since."""
    reader = reader_of(work)
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader)
    is_changed = None
    if scenario.plan is not None:
        is_changed = bool(await _changes(work.connection, scenario))
    return await scenarios.get_document(work.connection, scenario_id, reader, inputs_changed=is_changed)


async def list_changed_inputs(work: Work, scenario_id: UUID) -> tuple[Portfolio, list[dict[str, Any]]]:
    """What has changed since the scenario's plan was made; nothing while there is no plan."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    return portfolio, await _changes(work.connection, scenario)


async def _changes(connection: Connection, scenario: Scenario) -> list[dict[str, Any]]:
    if scenario.plan_inputs is None:
        return []
    register = await _register(connection, scenario.portfolio_id)
    return changed_inputs(scenario.plan_inputs, _inputs(scenario, register))


async def ask_for_plan(work: Work, scenario_id: UUID) -> tuple[UUID, Stored]:
    """Queue the solving of the scenario; the run's id and record."""
    scenario = await _lock_private(work, scenario_id)
    # What cannot be asked is refused at once, and not by the worker.
    await ask(work.connection, scenario)
    return await ask_for_run(
        work, RunKind.SOLVE, portfolio_id=scenario.portfolio_id, scenario_id=scenario.id, given={}
    )


async def ask(connection: Connection, scenario: Scenario) -> Asked:
    """The question of the scenario as the register is now."""
    register = await _register(connection, scenario.portfolio_id)
    question = scenario_question(
        register.projects,
        register.supply,
        scenario.assumptions,
        first=scenario.first,
        quarters=scenario.quarters,
        concepts=register.concepts,
    )
    before = last_plan(scenario, question)
    return Asked(scenario, question, register.projects, _inputs(scenario, register), before)


async def read_problem(work: Work, scenario_id: UUID) -> Problem:
    """What the optimiser would be asked now, named after the scenario."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    asked = await ask(work.connection, scenario)
    return replace(asked.question.problem, name=scenario.name)


@dataclass(frozen=True, slots=True)
class _Register:
    """All that a scenario's question is made of."""

    projects: Sequence[ProjectFigures]
    supply: Supply
    concepts: Concepts


async def _register(connection: Connection, portfolio_id: UUID) -> _Register:
    return _Register(
        await plan_inputs.list_figures(connection, portfolio_id),
        await plan_inputs.get_supply(connection, portfolio_id),
        await concepts.list_of_portfolio(connection, portfolio_id),
    )


def _inputs(scenario: Scenario, register: _Register) -> dict[str, Any]:
    return planning_inputs(
        register.projects,
        register.supply,
        scenario.assumptions,
        quarters=[scenario.first.plus(count) for count in range(scenario.quarters)],
        said=scenario.said,
        concepts=register.concepts,
    )


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
            "plan_inputs": asked.inputs,
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
    scenario = await _lock_private(work, scenario_id)
    plan = plan_of(scenario)
    if (scenario.plan_inputs or {}).get("assumptions") != question_digest(scenario.said):
        raise PlanOfOtherAssumptions
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


def plan_of(scenario: Scenario) -> Mapping[str, Any]:
    """The scenario's plan; `NoPlanYet` when it has none that keeps all rules."""
    if scenario.plan is None or scenario.plan["status"] not in WITH_A_PLAN:
        raise NoPlanYet
    return scenario.plan


def money_of(document: Mapping[str, Any]) -> Money:
    minor = int(document["amount"].replace(".", ""))
    return Money.from_minor(minor, document["currency"], document["price_year"])
