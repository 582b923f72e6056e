"""Charts: the figures of other operations as specification, picture or table, by `Accept`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gevinst_portfolio.domain.permissions import VIEW, VIEW_SCENARIO
from gevinst_portfolio.store.themes import find_theme
from gevinst_portfolio.usecases import drawing
from gevinst_shared.charts.specification import View
from gevinst_shared.db.work import Work
from gevinst_shared.web.charts import CHART_ANSWERS, Asked, ChartRequest
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Charts"])
_PACKAGE = "gevinst_portfolio"


@router.get(
    "/portfolios/{portfolio_id}/charts/bubbles",
    summary="Value and feasibility, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_portfolio_bubbles(
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    asked: Asked,
    criterion: Annotated[
        UUID | None, Query(description="Stands to the right instead of feasibility: risk, say.")
    ] = None,
) -> Response:
    """The ranked projects: value in points upwards, feasibility to the right, cost as size. Feasibility is
    the lowest level of the chosen or recommended concept (P9). What is not known is in the table only."""
    view = await _view(work, asked)
    return asked.answer(await drawing.draw_bubbles(work, portfolio_id, criterion, view), view)


@router.get(
    "/portfolios/{portfolio_id}/charts/roadmap",
    summary="The roadmap, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_portfolio_roadmap(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked
) -> Response:
    """The projects that are not over, on their registered days, those that begin first on top."""
    view = await _view(work, asked)
    return asked.answer(await drawing.draw_roadmap(work, portfolio_id, view), view)


@router.get(
    "/portfolios/{portfolio_id}/charts/load-map",
    summary="Load on people and units, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_portfolio_load(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked
) -> Response:
    """How much of each shared role, and of each unit's capacity for change, today's plan takes quarter by
    quarter, as far as the width has room (P3, P4)."""
    view = await _view(work, asked)
    return asked.answer(await drawing.draw_load(work, portfolio_id, view), view)


@router.get(
    "/scenarios/{scenario_id}/charts/roadmap",
    summary="A scenario's roadmap, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_scenario_roadmap(
    scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)], asked: Asked
) -> Response:
    """The projects that the scenario's plan has chosen, when it starts them; 404 before it was solved."""
    view = await _view(work, asked)
    return asked.answer(await drawing.draw_scenario_roadmap(work, scenario_id, view), view)


@router.get(
    "/scenarios/{scenario_id}/charts/load-map",
    summary="A scenario's load, drawn",
    response_class=Response,
    responses={**CHART_ANSWERS, **SAYS_NO},
)
async def draw_scenario_load(
    scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)], asked: Asked
) -> Response:
    """The load for the starts of the scenario's plan, with the capacity that it supposes."""
    view = await _view(work, asked)
    return asked.answer(await drawing.draw_scenario_load(work, scenario_id, view), view)


@router.get(
    "/analyses/{analysis_id}/charts/efficient-frontier",
    summary="The efficient frontier, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_analysis_frontier(
    analysis_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)], asked: Asked
) -> Response:
    """What more or less money would give, as an analysis of the kind `frontier` found it (P7)."""
    view = await _view(work, asked)
    return asked.answer(await drawing.draw_frontier(work, analysis_id, view), view)


async def _view(work: Work, asked: ChartRequest) -> View:
    return asked.view(_PACKAGE, await find_theme(work.connection, work.organisation))
