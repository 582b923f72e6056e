"""Scores of projects, and the ranking that follows from them (P6)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import SCORE, VIEW
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.schemas.scores import (
    ProjectScoresOut,
    RankedProjectOut,
    RankingPageOut,
    ScoresIn,
    project_scores,
    ranking,
)
from gevinst_portfolio.usecases import scoring
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import OddCursor
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Moment

router = APIRouter(tags=["Scores"])
AsOf = Annotated[
    Moment | None,
    Query(description="As it was at this moment; absent: now.", examples=["2026-11-21T19:24:00Z"]),
]


@router.get("/projects/{project_id}/scores", summary="A project's scores", response_model=ProjectScoresOut)
async def get_project_scores(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], asof: AsOf = None
) -> Response:
    """The scores in force and their total by the criteria of today; a missing score is no zero."""
    scored = await scoring.get_scores(work, project_id, asof)
    document = written(ProjectScoresOut, project_scores(scored))
    return Response(document, headers={"ETag": etag(scored.revision)}, media_type=JSON)


@router.post(
    "/projects/{project_id}/scores",
    summary="Score a project",
    status_code=201,
    response_model=ProjectScoresOut,
)
async def score_project(
    project_id: UUID, body: ScoresIn, work: Annotated[Writing, writes(SCORE)]
) -> Response:
    """Score the project on several criteria at once. Earlier scores stay in its history."""
    given = [scoring.GivenScore(**score.model_dump()) for score in body.scores]
    scored = await scoring.score_project(work, project_id, given)
    document = written(ProjectScoresOut, project_scores(scored))
    return work.created(document, scored.revision, f"/projects/{project_id}/scores")


@router.get(
    "/portfolios/{portfolio_id}/scores", summary="A portfolio's ranking", response_model=RankingPageOut
)
async def list_ranking(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    asof: AsOf = None,
) -> Response:
    """The portfolio's centrally prioritised projects that are not over, best first (P2, P6). Projects
    without any score stand last, and partial totals say what they lack."""
    projects = ranking(await scoring.rank_projects(work, portfolio_id, asof))
    start = _start(projects, read_cursor(cursor, length=1))
    shown = projects[start : start + limit]
    items = ",".join(written(RankedProjectOut, project) for project in shown)
    is_more = start + limit < len(projects)
    return page_response(request, f"[{items}]", [str(shown[-1]["project_id"])] if is_more else None)


def _start(projects: list[dict[str, Any]], place: list[str] | None) -> int:
    """Where the page after the project `place` begins."""
    if place is None:
        return 0
    ids = [str(project["project_id"]) for project in projects]
    if place[0] not in ids:
        raise OddCursor
    return ids.index(place[0]) + 1
