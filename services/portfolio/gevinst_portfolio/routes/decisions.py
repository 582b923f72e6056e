"""The board's decisions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import DECIDE, VIEW
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.decisions import DecisionIn, DecisionOut, DecisionPageOut
from gevinst_portfolio.store import decisions
from gevinst_portfolio.usecases.deciding import decide
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Decisions"])


@router.post(
    "/scenarios/{scenario_id}/decisions",
    summary="Decide from a scenario",
    status_code=201,
    response_model=DecisionOut,
)
async def decide_from_scenario(
    scenario_id: UUID, body: DecisionIn, work: Annotated[Writing, writes(DECIDE)]
) -> Response:
    """Decide as the published scenario's plan says: what it chose is approved with its start, or moved, or
    running at once when its start has come; what it left out stays proposed. Only the board decides."""
    decision_id, stored = await decide(work, scenario_id, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/decisions/{decision_id}")


@router.get("/decisions/{decision_id}", summary="One decision", response_model=DecisionOut)
async def get_decision(decision_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Who decided what, when and why, from which scenario."""
    stored = await decisions.get_document(work.connection, decision_id)
    return shown(stored)


@router.get("/decisions", summary="The board's decisions", response_model=DecisionPageOut)
async def list_decisions(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
    scenario: Annotated[UUID | None, Query(description="Only from this scenario.")] = None,
) -> Response:
    """Decisions, the newest first."""
    page = await decisions.LISTING.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"portfolio": portfolio, "scenario": scenario},
    )
    return page_response(request, page.items, page.next_place)
