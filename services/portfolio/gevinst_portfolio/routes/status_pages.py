"""Status pages: a project's register entry, or what many projects come to, for people and frames."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.domain.status_pages import project_page, projects_page
from gevinst_portfolio.routes.project_overviews import portfolio_members, programme_members
from gevinst_portfolio.store import projects
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import reads
from gevinst_shared.web.status_pages import STATUS_ANSWERS, StatusAsked

router = APIRouter(tags=["Status pages"])
_PACKAGE = "gevinst_portfolio"


@router.get(
    "/projects/{project_id}/status-page",
    summary="A project as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_project_status(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked
) -> Response:
    """Where the project stands with the board, its cost and benefit, its start and end: the same figures as
    `GET /projects/{project_id}`."""
    stored = await projects.look_up(work.connection, work.organisation, project_id)
    return asked.answer(project_page(json.loads(stored.document), asked.words(_PACKAGE)))


@router.get(
    "/portfolios/{portfolio_id}/status-page",
    summary="A portfolio's projects as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_portfolio_status(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked
) -> Response:
    """What the portfolio's projects come to: the same figures as its overview."""
    members = await portfolio_members(work, portfolio_id)
    return asked.answer(projects_page("portfolio", members, asked.words(_PACKAGE)))


@router.get(
    "/programmes/{programme_id}/status-page",
    summary="A programme's projects as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_programme_status(
    programme_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked
) -> Response:
    """What the programme's projects come to: the same figures as its overview."""
    members = await programme_members(work, programme_id)
    return asked.answer(projects_page("programme", members, asked.words(_PACKAGE)))
