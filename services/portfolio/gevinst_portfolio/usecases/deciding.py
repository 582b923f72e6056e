"""The board decides from a published scenario, and the projects follow (P8)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.decisions import Approval, DecisionKind, Effect, approval
from gevinst_portfolio.domain.permissions import DECIDE
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import CostOfYear
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_plan import chosen_concepts
from gevinst_portfolio.domain.scenario_solving import Scenario
from gevinst_portfolio.domain.scenarios import NotPublished, ScenarioDecided
from gevinst_portfolio.events.board import DecisionMade
from gevinst_portfolio.events.projects import ProjectApproved, ProjectRescheduled
from gevinst_portfolio.store import decisions, portfolios, scenarios
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.plan_inputs import figures
from gevinst_portfolio.store.runs import EVERYBODY
from gevinst_portfolio.usecases.conceiving import settle_concept
from gevinst_portfolio.usecases.planning import money_of, plan_of
from gevinst_portfolio.usecases.recording import Basis, Decided, keep_decision, meeting_of
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


async def decide(work: Work, scenario_id: UUID, basis: Basis) -> tuple[UUID, Stored]:
    """Record the board's decision and move the chosen projects; its id and record.

    Projects that the plan left out stay as they are. The decision follows the portfolio's last one.
    """
    scenario = await scenarios.lock_scenario(work.connection, scenario_id, EVERYBODY)
    work.require(DECIDE, await place_of(work.connection, portfolio_id=scenario.portfolio_id))
    if not scenario.is_published:
        # Who may not see the scenario yet shall not learn that it is there.
        await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
        raise NotPublished
    await portfolios.hold(work.connection, scenario.portfolio_id)
    if await decisions.find_of_scenario(work.connection, scenario_id) is not None:
        raise ScenarioDecided
    kind = DecisionKind.SCENARIO
    meeting_id = await meeting_of(work, basis, scenario.portfolio_id, kind, scenario_id=scenario_id)
    decision_id = new_id()
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    for concept_id in chosen_concepts(dict(plan_of(scenario))).values():
        await settle_concept(work, concept_id, reason=basis.reasons)
    done = await _move_projects(work, scenario, portfolio, decision_id)
    values = {
        "id": decision_id,
        "kind": kind,
        "scenario_id": scenario.id,
        "meeting_id": meeting_id,
        "left_out": [UUID(one["project_id"]) for one in plan_of(scenario)["left_out"]],
    }
    fact = _fact(work, scenario, portfolio, decision_id, basis)
    return decision_id, await keep_decision(work, portfolio, basis, fact, values, done)


def _fact(
    work: Work, scenario: Scenario, portfolio: Portfolio, decision_id: UUID, basis: Basis
) -> DecisionMade:
    plan = plan_of(scenario)
    return DecisionMade(
        decision_id=decision_id,
        scenario_id=scenario.id,
        portfolio_id=portfolio.id,
        portfolio_name=portfolio.name,
        scenario_name=scenario.name,
        case_number=basis.case_number,
        decided_on=work.today,
        approved_count=plan["selected_count"],
        left_out_count=plan["left_out_count"],
        total_cost=money_of(plan["total_cost"]),
    )


async def _move_projects(
    work: Work, scenario: Scenario, portfolio: Portfolio, decision_id: UUID
) -> list[Decided]:
    """What the decision does to each chosen project; done where it changes one."""
    chosen = {UUID(one["project_id"]): one for one in plan_of(scenario)["selected"]}
    rows = await decisions.lock_projects(work.connection, list(chosen))
    done, moves = [], []
    for row in rows:
        planned = chosen[row["id"]]
        start, end = Quarter.read(planned["start"]), Quarter.read(planned["end"])
        after = approval(figures(row), start, end, today=work.today)
        done.append(Decided(row, after.effect, after.status, after.start, after.end))
        if after.effect is not Effect.UNCHANGED:
            moves.append(_move(work, portfolio, decision_id, row, after))
    await decisions.move_projects(work.connection, moves)
    return done


def _move(
    work: Work, portfolio: Portfolio, decision_id: UUID, row: asyncpg.Record, after: Approval
) -> Mapping[str, Any]:
    columns = {
        "id": row["id"],
        "status": after.status,
        "start": after.start,
        "end": after.end,
        "cost_by_year": cost_lines(after.cost_by_year),
    }
    said = {
        **dict(row),
        **columns,
        "project_name": row["name"],
        "portfolio_name": portfolio.name,
        "decision_id": decision_id,
        "starts_on": after.start,
        "new_start": after.start,
        "previous_start": row["start"],
    }
    kind = ProjectApproved if after.effect is Effect.APPROVED else ProjectRescheduled
    fact = kind.of(said, project_id=row["id"])
    return columns | recorded(work, fact, subject=subject_of("projects", row["id"]))


def cost_lines(costs: Sequence[CostOfYear]) -> list[dict[str, Any]]:
    """The cost per year as the project's column holds it."""
    return [{"year": one.year, "kind": one.kind, "amount": f"{one.amount:.2f}"} for one in costs]
