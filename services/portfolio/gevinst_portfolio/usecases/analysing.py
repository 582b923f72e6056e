"""Asking of a scenario why, what if, and how firm (P7)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.analyses import AnalysisAsked, AnalysisKind, Options
from gevinst_portfolio.domain.permissions import PLAN
from gevinst_portfolio.domain.runs import Ended, Run, RunKind, RunState
from gevinst_portfolio.domain.scenario_estimates import inputs_digest
from gevinst_portfolio.domain.scenario_solving import Scenario
from gevinst_portfolio.events.scenarios import ScenarioAnalysed
from gevinst_portfolio.store import analyses, plan_inputs, portfolios, scenarios
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.usecases.planning import ask, plan_of
from gevinst_portfolio.usecases.running import ask_for_run, reader_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.refusal import Refusal


async def ask_for_analysis(work: Work, scenario_id: UUID, said: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Queue the analysis of the scenario's plan; the run's id, which will be the analysis's, and its record.

    `said` are the members of `AnalysisIn`, as JSON. Raises `NoPlanYet`.
    """
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    work.require(PLAN, await place_of(work.connection, portfolio_id=scenario.portfolio_id))
    plan_of(scenario)
    # What cannot be asked is refused at once, and not by the worker.
    await ask(work.connection, scenario)
    return await ask_for_run(
        work, RunKind.ANALYSE, portfolio_id=scenario.portfolio_id, scenario_id=scenario.id, given=said
    )


async def asked_of(connection: Connection, scenario: Scenario, said: Mapping[str, Any]) -> AnalysisAsked:
    """The question of the analysis as the register is now."""
    asked = await ask(connection, scenario)
    criteria, scores = await plan_inputs.list_scores(connection, scenario.portfolio_id)
    portfolio = await portfolios.get_portfolio(connection, scenario.portfolio_id)
    return AnalysisAsked(
        kind=AnalysisKind(said["kind"]),
        options=Options.read(said["options"]),
        asked=asked,
        criteria=tuple(criteria),
        scores=scores,
        currency=portfolio.currency,
        price_year=portfolio.price_year,
        digest=inputs_digest(asked, criteria, scores),
    )


async def keep_analysis(work: Work, run: Run, wanted: AnalysisAsked, result: Mapping[str, Any]) -> Ended:
    """Write the analysis beside those before it."""
    values = {
        "id": run.id,
        "portfolio_id": run.portfolio_id,
        "scenario_id": wanted.asked.scenario.id,
        "kind": wanted.kind,
        "options": run.input["options"],
        "inputs": wanted.digest,
        "result": result,
        "requested_by": run.requested_by,
        "created_at": work.now,
    }
    fact = ScenarioAnalysed(
        analysis_id=run.id,
        scenario_id=wanted.asked.scenario.id,
        portfolio_id=run.portfolio_id,
        kind=wanted.kind,
    )
    record = recorded(work, fact, subject=subject_of("analyses", run.id))
    await analyses.add_analysis(work.connection, values, record)
    return Ended(RunState.DONE)


async def read_analysis(work: Work, analysis_id: UUID) -> dict[str, Any]:
    """`AnalysisOut` without its sentences, for whoever may see the scenario; or `Unknown`."""
    scenario_id = await analyses.get_scenario_id(work.connection, analysis_id)
    digest = await current_digest(work, scenario_id)
    found = await analyses.get_analysis(work.connection, analysis_id)
    return found | {"is_stale": found["inputs"] != digest}


async def current_digest(work: Work, scenario_id: UUID) -> str:
    """Of what an analysis would be made from now; empty when the scenario cannot be asked any more."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    try:
        asked = await ask(work.connection, scenario)
    except Refusal:
        return ""
    criteria, scores = await plan_inputs.list_scores(work.connection, scenario.portfolio_id)
    return inputs_digest(asked, criteria, scores)
