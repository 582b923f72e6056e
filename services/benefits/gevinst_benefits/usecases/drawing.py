"""Drawing: the same figures as the JSON operations give, as charts."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.checks import TreeFinding, tree_findings
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree
from gevinst_benefits.domain.charts import (
    benefit_tree,
    cash_flow,
    gate_strip,
    npv_distribution,
    tornado,
)
from gevinst_benefits.domain.charts import planned_against_realised as realised
from gevinst_benefits.domain.gates.gates import Outcome
from gevinst_benefits.domain.gates.phase_models import Phase
from gevinst_benefits.domain.tree_picture.layout import Layout, layout_of
from gevinst_benefits.store import business_cases
from gevinst_benefits.store.arrangements import find_name
from gevinst_benefits.store.cashable import Which
from gevinst_benefits.store.overview_scopes import Scope, ScopeKind
from gevinst_benefits.store.overview_units import units_with_staff
from gevinst_benefits.store.overview_work import projects_in
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import evaluating
from gevinst_benefits.usecases.mapping_benefits import tree_of
from gevinst_benefits.usecases.reconciling import all_reconciled
from gevinst_benefits.usecases.steering import Journey, journey_of
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.specification import View
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown

SayFindings = Callable[[BenefitTree, Sequence[TreeFinding]], Sequence[benefit_tree.Problem]]


async def draw_realised_in_portfolio(work: Work, portfolio_id: UUID, view: View) -> Chart:
    """Planned against realised of every benefit in the portfolio that is taken out of budgets."""
    if not await projects_in(work.connection, Scope(ScopeKind.PORTFOLIO, portfolio_id)):
        raise Unknown
    name = await find_name(work.connection, portfolio_id)
    return await _realised(work, Which(portfolio_id=portfolio_id), name, view)


async def draw_realised_in_unit(work: Work, unit_id: UUID, view: View) -> Chart:
    """The same of every benefit that the unit, or one below it, owns or has in its budget."""
    units = await units_with_staff(work.connection, unit_id)
    (name,) = (str(row["name"]) for row in units if row["id"] == unit_id)
    return await _realised(work, Which(unit_id=unit_id), name, view)


async def draw_realised_in(work: Work, scope: Scope, name: str | None, view: View) -> Chart:
    """The same of a project, a programme, a portfolio or a unit that is known to be there."""
    assert scope.id is not None
    which = {
        ScopeKind.PROJECT: Which(project_id=scope.id),
        ScopeKind.PROGRAMME: Which(programme_id=scope.id),
        ScopeKind.PORTFOLIO: Which(portfolio_id=scope.id),
        ScopeKind.UNIT: Which(unit_id=scope.id),
    }[scope.kind]
    return await _realised(work, which, name, view)


async def draw_tree(
    work: Work,
    project_id: UUID,
    view: View,
    say: SayFindings,
) -> Chart:
    """The project's benefit tree; `say` tells what does not hold, in the reader's language."""
    kept = await tree_of(work, project_id)

    def problems() -> Sequence[benefit_tree.Problem]:
        return say(kept.tree, tree_findings(kept.tree))

    return await tree_chart(kept.tree, kept.project_name, problems, view)


async def tree_chart(
    tree: BenefitTree,
    name: str,
    problems: Callable[[], Sequence[benefit_tree.Problem]],
    view: View,
    *,
    heading: str = "title",
) -> Chart:
    """A tree that was read already; `problems` are asked for away from the event loop."""

    def drawn() -> Chart:
        return benefit_tree.chart(name, benefit_tree.Drawn(tree, _layout(tree), problems(), heading), view)

    # Away from the event loop: a large tree takes seconds.
    return await asyncio.to_thread(drawn)


async def draw_gates(work: Work, project_id: UUID, view: View) -> Chart:
    """The project's phases and gates."""
    project = await get_project(work.connection, project_id)
    journey = await journey_of(work, project_id)
    phases = [_phase(journey, phase, view.words.language) for phase in journey.model.phases]
    return gate_strip.chart(gate_strip.Strip(project.name, journey.progress.state, phases), view)


async def draw_cash_flow(work: Work, case_id: UUID, view: View) -> Chart:
    """The version's costs and benefits by year, as they were computed when it was written."""
    stored = await business_cases.get_document(work.connection, case_id)
    case = json.loads(stored.document)
    return cash_flow_of(case, await _name_of(work, UUID(case["project_id"])), view)


def cash_flow_of(case: Mapping[str, Any], project: str, view: View) -> Chart:
    """The same of a version as it is answered (`BusinessCaseOut`)."""
    result = case["results"]
    series = {name: [Decimal(amount) for amount in result[name]] for name in cash_flow.FIELDS}
    found = cash_flow.CashFlow(
        project=project,
        number=case["number"],
        currency=case["currency"],
        price_year=case["price_year"],
        years=result["years"],
        net_present_value=Decimal(result["net_present_value"]),
        payback_year=result.get("payback_year"),
        **series,
    )
    return cash_flow.chart(found, view)


async def draw_tornado(work: Work, case_id: UUID, view: View) -> Chart:
    """How far each assumption and factor of the version moves its value; factors come last."""
    case, found = await evaluating.sensitivity(work, case_id)
    words = view.words
    bars = [
        tornado.Bar(
            one.name,
            words.number(one.low, places=6),
            words.number(one.high, places=6),
            one.npv_at_low,
            one.npv_at_high,
        )
        for one in found.assumptions
    ]
    bars += [tornado.Bar(one.name, "P10", "P90", one.npv_at_p10, one.npv_at_p90) for one in found.factors]
    project = await _name_of(work, case.project_id)
    frame = case.frame
    known = tornado.Tornado(project, frame.currency, frame.price_year, found.net_present_value, bars)
    return tornado.chart(known, view)


async def draw_distribution(work: Work, case_id: UUID, view: View) -> Chart:
    """What the version may come to, drawn with its own seed."""
    case, found, percentiles = await evaluating.drawn_with_percentiles(work, case_id)
    project = await _name_of(work, case.project_id)
    if found is None:
        return npv_distribution.chart(project, None, view)
    known = npv_distribution.Distribution(
        project=project,
        currency=case.frame.currency,
        price_year=case.frame.price_year,
        draws=found.draws,
        computed=found.computed,
        mean=found.mean.value,
        p10=found.p10.value,
        p50=found.p50.value,
        p90=found.p90.value,
        probability_above_zero=found.probability_above_zero.value,
        percentiles=percentiles,
    )
    return npv_distribution.chart(project, known, view)


@lru_cache(maxsize=64)
def _layout(tree: BenefitTree) -> Layout:
    """Trees are looked at more often than changed, and a layout takes a hundred times as long as the rest."""
    return layout_of(tree)


def _phase(journey: Journey, phase: Phase, language: str) -> gate_strip.PhaseOfStrip:
    progress, model = journey.progress, journey.model
    gates = [gate for gate in (phase.gate, phase.repeat_gate) if gate is not None]
    codes = {gate.code: gate for gate in gates}
    # The latest first: a phase that is run again shows its last decision.
    last = next((one for one in journey.history if one["gate"] in codes), None)
    gate = phase.gate if last is None else codes[last["gate"]]
    shown = gate_strip.GateOfStrip(
        code=gate.code,
        name=gate.names[language],
        outcome=None if last is None else Outcome(last["outcome"]),
        decided_on=None if last is None else date.fromisoformat(last["decided_on"]),
        is_reopened=progress.reopened is not None and progress.reopened.gate == gate.code,
    )
    at, here = model.position(phase.code), model.position(progress.phase)
    state: gate_strip.State = "current" if at == here else "passed" if at < here else "ahead"
    if phase.code in progress.skipped_phases:
        state = "skipped"
    return gate_strip.PhaseOfStrip(phase.names[language], state, shown)


async def _name_of(work: Work, project_id: UUID) -> str:
    return (await get_project(work.connection, project_id)).name


async def _realised(work: Work, which: Which, name: str | None, view: View) -> Chart:
    found = []
    async for one in all_reconciled(work, which, year=None):
        assert one.benefit.estimate.money_per_year is not None  # only money is reconciled
        found.append(realised.BenefitYears(one.benefit.estimate.money_per_year, one.years))
    return realised.chart(name, realised.together(found, today=work.today.year), view)
