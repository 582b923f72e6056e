"""Installations of a benefit: does each carry what it costs? (B15)"""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.schemas.installations import InstallationPageOut, InstallationsIn, InstallationsOut
from gevinst_benefits.store import benefits
from gevinst_benefits.store import installations as store
from gevinst_benefits.usecases import installing
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Installations"])
InstallationSort = Annotated[
    Literal["id", "day", "name", "-id", "-day", "-name"], Query(description="`-` turns the order.")
]


@router.get(
    "/benefits/{benefit_id}/installations",
    summary="A benefit's installations",
    response_model=InstallationPageOut,
)
async def list_installations(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: InstallationSort = "id",
    unit: Annotated[UUID | None, Query(description="Only at this unit.")] = None,
    carries: Annotated[bool | None, Query(description="`false`: those that do not carry their cost.")] = None,
) -> Response:
    """What is installed where since when, and whether each kind carries its cost."""
    await benefits.get_row(work.connection, benefit_id)
    named, after = {"benefit": benefit_id, "unit": unit, "carries": carries}, read_cursor(cursor, length=2)
    page = await store.LISTING.page(work.connection, sort=sort, limit=limit, after=after, filters=named)
    return page_response(request, installing.with_verdicts(page.items), page.next_place)


@router.post(
    "/benefits/{benefit_id}/installations",
    summary="Record installations",
    status_code=201,
    response_model=InstallationsOut,
)
async def record_installations(
    benefit_id: UUID, body: InstallationsIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Record up to five hundred at a time; a code that is known is brought up to what is sent."""
    drafts = [one.draft() for one in body.installations]
    summary = await installing.record_installations(work, benefit_id, drafts)
    return work.created(json.dumps(summary), 1, f"/benefits/{benefit_id}/installations")
