"""Drawing: the same figures as the JSON operations give, as charts."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.analyses import AnalysisKind
from gevinst_portfolio.domain.charts import bubbles, frontier, load_map, roadmap
from gevinst_portfolio.domain.concepts import Concept, ConceptState
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import ENDED, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scoring import Criterion
from gevinst_portfolio.store import concepts, criteria, plan_inputs, portfolios, scenarios
from gevinst_portfolio.usecases import analysing, foreseeing, scoring
from gevinst_portfolio.usecases.foreseeing import Outlook, Wanted
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.specification import View
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown

_DECIDED = frozenset({ProjectStatus.APPROVED, ProjectStatus.RUNNING})
_GONE = ENDED | {ProjectStatus.MERGED}
# A heat map's cell needs about so many pixels.
_CELL, _MOST_QUARTERS = 44, 12


async def draw_bubbles(work: Work, portfolio_id: UUID, criterion_id: UUID | None, view: View) -> Chart:
    """The portfolio's ranked projects by value and feasibility, or by value and one criterion.

    Feasibility is the lowest level that the chosen or recommended concept has in any dimension (P9).
    """
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    criterion = None if criterion_id is None else await _criterion(work, portfolio_id, criterion_id)
    ranked = await scoring.rank_projects(work, portfolio_id)
    known = {one.id: one for one in await plan_inputs.list_figures(work.connection, portfolio_id)}
    found = await concepts.list_of_portfolio(work.connection, portfolio_id)
    projects = [
        bubbles.Bubble(
            name=one.name,
            is_decided=ProjectStatus(one.status) in _DECIDED,
            value=_points(one),
            feasibility=_feasibility(found.get(one.project_id, ()))
            if criterion is None
            else _criterion_points(one, criterion),
            cost=_money(known[one.project_id].cost_minor),
        )
        for one in ranked
    ]
    low, high = (1.0, 5.0) if criterion is None else (0.0, 100.0)
    axis = None if criterion is None else criterion.name
    drawn = bubbles.Bubbles(
        portfolio.name, portfolio.currency, portfolio.price_year, axis, low, high, projects
    )
    return bubbles.chart(drawn, view)


async def draw_frontier(work: Work, analysis_id: UUID, view: View) -> Chart:
    """The frontier that an analysis found; `Unknown` for an analysis of another kind."""
    analysis = await analysing.read_analysis(work, analysis_id)
    if analysis["kind"] != AnalysisKind.FRONTIER:
        raise Unknown
    scenario = await scenarios.get_scenario(work.connection, UUID(analysis["scenario_id"]), reader_of(work))
    portfolio = await portfolios.get_portfolio(work.connection, scenario.portfolio_id)
    found = analysis["frontier"]
    points = [_frontier_point(place, one, found["enters"]) for place, one in enumerate(found["points"])]
    drawn = frontier.Frontier(scenario.name, portfolio.currency, portfolio.price_year, points)
    return frontier.chart(drawn, view)


async def draw_roadmap(work: Work, portfolio_id: UUID, view: View) -> Chart:
    """The portfolio's projects that are not over, on their registered days."""
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    figures = await plan_inputs.list_figures(work.connection, portfolio_id)
    projects = [
        roadmap.Stretch(one.name, _state(one), one.start, one.end)
        for one in figures
        if one.status not in _GONE
    ]
    return roadmap.chart(roadmap.Roadmap(portfolio.name, work.today, projects), view)


async def draw_scenario_roadmap(work: Work, scenario_id: UUID, view: View) -> Chart:
    """The starts of the scenario's plan; `Unknown` before it was solved."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    if scenario.plan is None:
        raise Unknown
    known = {one.id: one for one in await plan_inputs.list_figures(work.connection, scenario.portfolio_id)}
    projects = [
        roadmap.Stretch(
            name=one["project_name"],
            state=_state_of(known.get(UUID(one["project_id"]))),
            start=date.fromisoformat(one["starts_on"]),
            end=date.fromisoformat(one["ends_on"]),
        )
        for one in scenario.plan["selected"]
    ]
    return roadmap.chart(roadmap.Roadmap(scenario.name, work.today, projects), view)


async def draw_load(work: Work, portfolio_id: UUID, view: View) -> Chart:
    """What today's plan takes of people and of units' capacity for change, quarter by quarter (P3, P4)."""
    outlook = await foreseeing.storms_of_portfolio(work, portfolio_id, Wanted())
    return load_map.chart(_load_map(outlook.portfolio.name, outlook, view), view)


async def draw_scenario_load(work: Work, scenario_id: UUID, view: View) -> Chart:
    """The same for the starts of the scenario's plan, with the capacity that it supposes."""
    outlook = await foreseeing.storms_of_scenario(work, scenario_id, Wanted())
    assert outlook.scenario is not None
    return load_map.chart(_load_map(outlook.scenario.name, outlook, view), view)


async def _criterion(work: Work, portfolio_id: UUID, criterion_id: UUID) -> Criterion:
    model = await criteria.get_model(work.connection, portfolio_id)
    found = model.find(criterion_id)
    if found is None:
        raise Unknown
    return found


def _points(one: scoring.RankedProject) -> float | None:
    """As the ranking says it: rounded, and none for what is partly scored only where nothing is."""
    points = one.found.total.points
    return None if points is None else round(points, 4)


def _criterion_points(one: scoring.RankedProject, criterion: Criterion) -> float | None:
    scored = one.found.criteria.get(criterion.id)
    return None if scored is None else round(100 * min(1.0, max(0.0, scored.share)), 4)


def _feasibility(found: Sequence[Concept]) -> float | None:
    """A chain is as strong as its weakest link; none where nothing is assessed."""
    chosen = [one for one in found if one.state is ConceptState.CHOSEN]
    asked = chosen or [one for one in found if one.is_recommended]
    levels = [assessed.level for one in asked for assessed in one.feasibility]
    return float(min(levels)) if levels else None


def _money(minor: int | None) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-2)


def _frontier_point(
    place: int, point: Mapping[str, Any], enters: Sequence[Mapping[str, Any]]
) -> frontier.Point:
    return frontier.Point(
        factor=point["factor"],
        money=Decimal(point["money"]["amount"]),
        value=point.get("value"),
        bound=point.get("bound"),
        selected=len(point["selected"]),
        enters=tuple(one["project_name"] for one in enters if one["point"] == place),
    )


def _state(one: ProjectFigures) -> roadmap.State:
    match one.status:
        case ProjectStatus.APPROVED | ProjectStatus.RUNNING:
            return "decided"
        case ProjectStatus.PAUSED:
            return "paused"
        case _:
            return "proposed"


def _state_of(one: ProjectFigures | None) -> roadmap.State:
    return "proposed" if one is None else _state(one)


def _load_map(name: str, outlook: Outlook, view: View) -> load_map.LoadMap:
    taken = [
        load.quarter
        for _, loads in outlook.resources
        for load in loads
        if load.taken and load.quarter >= outlook.since
    ]
    fit = min(_MOST_QUARTERS, max(3, int(view.inner * 0.62 / _CELL)))
    count = min(fit, max(taken).index - outlook.since.index + 1) if taken else 0
    quarters: list[Quarter] = [outlook.since.plus(at) for at in range(count)]
    rows = [
        load_map.Row(
            name=resource.name,
            measure=resource.measure,
            is_change=resource.unit_id is not None,
            cells=[load_map.Cell(str(load.quarter), load.capacity, load.taken) for load in loads],
        )
        for resource, loads in outlook.resources
    ]
    return load_map.LoadMap(name, [str(quarter) for quarter in quarters], rows)
