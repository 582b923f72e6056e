"""The portfolio as it was on any past day (P8)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.schemas.snapshots import (
    PortfolioChangePageOut,
    SnapshotOut,
    SnapshotProjectPageOut,
)
from gevinst_portfolio.usecases import looking_back
from gevinst_portfolio.usecases.looking_back import PageOfDay
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, reads
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Portfolios"])
DayText = Annotated[
    Day | None, Query(description="A day at the organisation's place; today when it is left away.")
]


@router.get(
    "/portfolios/{portfolio_id}/snapshot", summary="The portfolio on a day", response_model=SnapshotOut
)
async def get_snapshot(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], day: DayText = None
) -> Response:
    """The portfolio, its budget and the shared resources as they stood at the end of the day, by the clock
    of the organisation's country."""
    found = await looking_back.look_at(work, portfolio_id, day)
    return Response(json.dumps(found, ensure_ascii=False), media_type=JSON)


@router.get(
    "/portfolios/{portfolio_id}/snapshot/projects",
    summary="The projects on a day",
    response_model=SnapshotProjectPageOut,
)
async def list_snapshot_projects(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    day: DayText = None,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every project as it stood at the end of the day, with the last decision about it by then; also what was
    stopped or changed since, by whomever."""
    after = read_cursor(cursor, length=1)
    page = await looking_back.list_projects(work, portfolio_id, day, after=after, limit=limit)
    return _answer(request, page)


@router.get(
    "/portfolios/{portfolio_id}/snapshot/changes",
    summary="What changed between two days",
    response_model=PortfolioChangePageOut,
)
async def list_snapshot_changes(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    since: Annotated[
        Day | None, Query(alias="from", description="The earlier day; the day before when left away.")
    ] = None,
    until: DayText = None,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Which projects entered, left, moved, or changed in status or money from the end of one day to the end
    of another; only those that differ."""
    after = read_cursor(cursor, length=1)
    page = await looking_back.list_changes(work, portfolio_id, since, until, after=after, limit=limit)
    return _answer(request, page)


def _answer(request: Request, page: PageOfDay) -> Response:
    return page_response(request, f"[{','.join(page.items)}]", page.next_place)
