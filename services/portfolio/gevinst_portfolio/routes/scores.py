"""Scores of projects, and the ranking that follows from them (P6)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import SCORE, VIEW
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.schemas.scores import (
    AsOfDay,
    GivenScorePageOut,
    ProjectScoresOut,
    RankedProjectOut,
    RankingPageOut,
    ScoresIn,
    project_scores,
    ranking,
)
from gevinst_portfolio.store import projects, scores
from gevinst_portfolio.usecases import scoring
from gevinst_portfolio.usecases.modelling import end_of
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import OddCursor
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Scores"])
Sort = Annotated[Literal["id", "-id"], Query(description="`-` turns the order.")]


@router.get("/projects/{project_id}/scores", summary="A project's scores", response_model=ProjectScoresOut)
async def get_project_scores(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], day: AsOfDay = None
) -> Response:
    """Each scorer's last score, what they come to by criterion with the spread, and the total by the model
    in force; a missing score is no zero. With `day` as they were when that day ended: the
    same scores, weights and total as then."""
    scored = await scoring.get_scores(work, project_id, end_of(work, day))
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
    """Score the project on several criteria at once. What the same scorer gave before is replaced, and stays
    in the history; the scores of others stand beside."""
    given = [scoring.SaidScore(**score.model_dump()) for score in body.scores]
    scored = await scoring.score_project(work, project_id, given)
    document = written(ProjectScoresOut, project_scores(scored))
    return work.created(document, scored.revision, f"/projects/{project_id}/scores")


@router.get(
    "/projects/{project_id}/scores/history",
    summary="Every score that a project was given",
    response_model=GivenScorePageOut,
)
async def list_given_scores(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    criterion: Annotated[UUID | None, Query(description="Only on this criterion.")] = None,
    scored_by: Annotated[str | None, Query(max_length=300, description="Only by this scorer.")] = None,
) -> Response:
    """Who scored, when and why, by which version of the model: also what was replaced since (P6)."""
    await projects.get_row(work.connection, project_id)
    page = await scores.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id, "criterion": criterion, "scored_by": scored_by},
    )
    return page_response(request, page.items, page.next_place)


@router.get(
    "/portfolios/{portfolio_id}/scores", summary="A portfolio's ranking", response_model=RankingPageOut
)
async def list_ranking(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    day: AsOfDay = None,
) -> Response:
    """The portfolio's centrally prioritised projects that are not over, best first (P2, P6). Partial
    totals have no rank, for they compare with no other; projects without any score stand last.
    With `day` the scores and weights are those of that day; the projects are today's."""
    ranked = ranking(await scoring.rank_projects(work, portfolio_id, end_of(work, day)))
    start = _start(ranked, read_cursor(cursor, length=1))
    shown = ranked[start : start + limit]
    items = ",".join(written(RankedProjectOut, project) for project in shown)
    is_more = start + limit < len(ranked)
    return page_response(request, f"[{items}]", [str(shown[-1]["project_id"])] if is_more else None)


def _start(projects: list[dict[str, Any]], place: list[str] | None) -> int:
    """Where the page after the project `place` begins."""
    if place is None:
        return 0
    ids = [str(project["project_id"]) for project in projects]
    if place[0] not in ids:
        raise OddCursor
    return ids.index(place[0]) + 1
