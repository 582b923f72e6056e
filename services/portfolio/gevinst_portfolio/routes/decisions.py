"""The board's decisions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.decisions import DecisionKind
from gevinst_portfolio.domain.permissions import DECIDE, VIEW
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.decisions import DecisionIn, DecisionOut, DecisionPageOut, RulingIn
from gevinst_portfolio.store import decisions, portfolios
from gevinst_portfolio.usecases.deciding import decide
from gevinst_portfolio.usecases.ruling import rule
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes
from gevinst_shared.web.shapes import Day

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
    decision_id, stored = await decide(work, scenario_id, body.basis())
    return work.created(stored.document, stored.revision, f"/decisions/{decision_id}")


@router.post(
    "/portfolios/{portfolio_id}/decisions",
    summary="Decide about one project",
    status_code=201,
    response_model=DecisionOut,
)
async def decide_about_project(
    portfolio_id: UUID, body: RulingIn, work: Annotated[Writing, writes(DECIDE)]
) -> Response:
    """Approve, pause, stop, resume, close, reject or postpone. A pause and a stop free money, people and
    change load of the quarters after today (G6); what was spent stays spent. Only the board decides."""
    decision_id, stored = await rule(work, portfolio_id, body.project_id, body.ruling(), body.basis())
    return work.created(stored.document, stored.revision, f"/decisions/{decision_id}")


@router.get(
    "/portfolios/{portfolio_id}/decisions", summary="The decision log", response_model=DecisionPageOut
)
async def list_portfolio_decisions(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    project: Annotated[UUID | None, Query(description="Only those that name this project.")] = None,
    meeting: Annotated[UUID | None, Query(description="Only of this meeting.")] = None,
    kind: Annotated[DecisionKind | None, Query(description="Only of this kind.")] = None,
    case: Annotated[str | None, Query(max_length=100, description="Only under this case number.")] = None,
    since: Annotated[Day | None, Query(alias="from", description="Decided on this day or later.")] = None,
    until: Annotated[Day | None, Query(description="Decided on this day or earlier.")] = None,
) -> Response:
    """What the board decided, the newest first, with every project's status before and after."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    page = await decisions.LISTING.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "portfolio": portfolio_id,
            "project": project,
            "meeting": meeting,
            "kind": kind,
            "case": case,
            "from": since,
            "until": until,
        },
    )
    return page_response(request, page.items, page.next_place)


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
