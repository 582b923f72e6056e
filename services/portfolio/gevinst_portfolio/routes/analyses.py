"""Analyses: why, what if, and how firm (P7)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.analyses import AnalysisKind
from gevinst_portfolio.domain.permissions import PLAN, VIEW_SCENARIO
from gevinst_portfolio.routes.analysis_sentences import with_sentences
from gevinst_portfolio.schemas.analyses import AnalysisIn, AnalysisOut, AnalysisPageOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.store import analyses
from gevinst_portfolio.usecases import analysing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Analyses"])


@router.get("/analyses/{analysis_id}", summary="One analysis", response_model=AnalysisOut)
async def get_analysis(
    request: Request, analysis_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]
) -> Response:
    """The analysis with its result, in sentences too where there is something to say, and whether what it
    was made from has changed since. Private like its scenario."""
    found = await analysing.read_analysis(work, analysis_id)
    said = with_sentences(found, language_of(request.headers.get("accept-language")))
    headers = {"ETag": etag(found["revision"])}
    return Response(json.dumps(said, ensure_ascii=False), headers=headers, media_type=JSON)


@router.get(
    "/scenarios/{scenario_id}/analyses", summary="A scenario's analyses", response_model=AnalysisPageOut
)
async def list_analyses(
    request: Request,
    scenario_id: UUID,
    work: Annotated[Work, reads(VIEW_SCENARIO)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    kind: Annotated[AnalysisKind | None, Query(description="Only of this kind.")] = None,
) -> Response:
    """What was asked of the scenario's plan, the newest first, and which answers are stale."""
    digest = await analysing.current_digest(work, scenario_id)
    page = await analyses.LISTING.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"scenario": scenario_id, "kind": kind},
    )
    items = [one | {"is_stale": one["inputs"] != digest} for one in json.loads(page.items)]
    return page_response(request, json.dumps(items, ensure_ascii=False), page.next_place)


@router.post(
    "/scenarios/{scenario_id}/analyses", summary="Analyse a scenario", status_code=202, response_model=RunOut
)
async def analyse_scenario(
    scenario_id: UUID, body: AnalysisIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Ask why projects are out and what would bring them in, what more or less money would give, how firm
    the plan is, or what a plain ranking would have chosen. The analysis has the id of its run."""
    said = body.model_dump(mode="json", exclude_none=True)
    run_id, stored = await analysing.ask_for_analysis(work, scenario_id, said)
    return work.accepted(stored.document, f"/runs/{run_id}")
