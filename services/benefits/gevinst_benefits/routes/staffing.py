"""The staff of units, and what is counted twice (B12)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import STAFF, VIEW
from gevinst_benefits.schemas.staffing import FindingPageOut, StaffingIn, StaffingOut
from gevinst_benefits.usecases import staffing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Double counting"])


@router.get("/double-counting", summary="What is counted twice", response_model=FindingPageOut)
async def list_double_counting(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    unit: Annotated[UUID | None, Query(description="Only in this unit and below it.")] = None,
    portfolio: Annotated[UUID | None, Query(description="Only among this portfolio's plans.")] = None,
) -> Response:
    """Units and years in which two benefits claim one budget line, or in which more time is freed than the
    unit has people: across all plans, as their dates are now."""
    after = read_cursor(cursor, length=1)
    items, following = await staffing.double_counting(
        work, unit_id=unit, portfolio_id=portfolio, limit=limit, after=after
    )
    return page_response(request, json.dumps(items, ensure_ascii=False), following)


@router.get("/units/{unit_id}/staffing", summary="A unit's staff", response_model=StaffingOut)
async def get_staffing(unit_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """How many people the unit has, by year; `ETag` is its revision, 0 before anybody has said so."""
    stored = await staffing.get_staffing(work, unit_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/units/{unit_id}/staffing", summary="Record a unit's staff", response_model=StaffingOut)
async def record_staffing(
    unit_id: UUID, body: StaffingIn, expected: ExpectedRevision, work: Annotated[Writing, writes(STAFF)]
) -> Response:
    """Say how many people the unit has in each year; what was said before is replaced."""
    years = [one.value() for one in body.years]
    stored = await staffing.record_staffing(work, unit_id, years, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
