"""Charts: the figures of other operations as specification, picture or table, by `Accept`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.routes.tree_sentences import saying
from gevinst_benefits.store.themes import find_theme
from gevinst_benefits.usecases import drawing
from gevinst_shared.charts.specification import View
from gevinst_shared.db.work import Work
from gevinst_shared.web.charts import CHART_ANSWERS, Asked, ChartRequest
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Charts"])
_PACKAGE = "gevinst_benefits"


@router.get(
    "/portfolios/{portfolio_id}/charts/planned-against-realised",
    summary="Planned against realised, drawn",
    response_class=Response,
    responses={**CHART_ANSWERS, **SAYS_NO},
)
async def draw_portfolio_realisation(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked
) -> Response:
    """What the portfolio's benefits were to take out of budgets, year by year, what was booked, and what was
    found realised. What nobody has verified is missing, not zero. Money of one currency and price year."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_realised_in_portfolio(work, portfolio_id, view), view)


@router.get(
    "/units/{unit_id}/charts/planned-against-realised",
    summary="A unit's planned against realised, drawn",
    response_class=Response,
    responses={**CHART_ANSWERS, **SAYS_NO},
)
async def draw_unit_realisation(unit_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked) -> Response:
    """The same for the benefits that the unit and those below it own or have in their budgets."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_realised_in_unit(work, unit_id, view), view)


@router.get(
    "/projects/{project_id}/charts/benefit-tree",
    summary="A project's benefit tree, drawn",
    response_class=Response,
    responses={**CHART_ANSWERS, **SAYS_NO},
)
async def draw_project_tree(project_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked) -> Response:
    """From technology over change and benefit to goal, in layers with few crossings (B3, B4). As wide as its
    columns, whatever `width` says; its table is nested lists, and one row for each connection."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_tree(work, project_id, view, saying(asked.language)), view)


@router.get(
    "/projects/{project_id}/charts/gate-strip",
    summary="A project's gates, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_project_gates(project_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked) -> Response:
    """The phases of the project's model in a row, the last decision of each gate, and where the project is
    (G1); 404 until it was started on a model."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_gates(work, project_id, view), view)


@router.get(
    "/business-cases/{case_id}/charts/cash-flow",
    summary="A version's cash flow, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_case_cash_flow(case_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked) -> Response:
    """Costs and benefits by year, not discounted, what they come to, and when the case has paid back."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_cash_flow(work, case_id, view), view)


@router.get(
    "/business-cases/{case_id}/charts/tornado",
    summary="Which assumptions matter most, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_case_tornado(case_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked) -> Response:
    """How far each assumption with a range moves the net present value, the others as they are (C5)."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_tornado(work, case_id, view), view)


@router.get(
    "/business-cases/{case_id}/charts/npv-distribution",
    summary="What a version may come to, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_case_distribution(case_id: UUID, work: Annotated[Work, reads(VIEW)], asked: Asked) -> Response:
    """Twenty equally likely outcomes of the version's own simulation, with P10, P50 and P90 (C5)."""
    view = await view_of(work, asked)
    return asked.answer(await drawing.draw_distribution(work, case_id, view), view)


async def view_of(work: Work, asked: ChartRequest) -> View:
    """How this reader sees the charts of this service."""
    return asked.view(_PACKAGE, await find_theme(work.connection, work.organisation))
