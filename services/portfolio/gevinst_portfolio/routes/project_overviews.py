"""What the projects of a portfolio or programme come to."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.schemas.project_overviews import ProjectsOverviewOut, overview_members
from gevinst_portfolio.store import project_overviews
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Portfolios"])


@router.get(
    "/portfolios/{portfolio_id}/overview",
    summary="What a portfolio's projects come to",
    response_model=ProjectsOverviewOut,
)
async def get_portfolio_overview(portfolio_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """How many projects there are by status, and what those that are not over cost and give, as far as it is
    known; of how many it is not known stands beside each sum."""
    return Response(json.dumps(await portfolio_members(work, portfolio_id)), media_type=JSON)


@router.get(
    "/programmes/{programme_id}/overview",
    summary="What a programme's projects come to",
    response_model=ProjectsOverviewOut,
)
async def get_programme_overview(programme_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The same of the programme's projects, in its portfolio's currency and price year."""
    return Response(json.dumps(await programme_members(work, programme_id)), media_type=JSON)


async def portfolio_members(work: Work, portfolio_id: UUID) -> dict[str, Any]:
    """The members of the portfolio's overview."""
    name, statuses, sums = await project_overviews.of_portfolio(work.connection, portfolio_id)
    return overview_members(portfolio_id, name, statuses, sums)


async def programme_members(work: Work, programme_id: UUID) -> dict[str, Any]:
    """The members of the programme's overview."""
    name, statuses, sums = await project_overviews.of_programme(work.connection, programme_id)
    return overview_members(programme_id, name, statuses, sums)
