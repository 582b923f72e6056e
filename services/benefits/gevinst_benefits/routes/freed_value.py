"""What freed time and money is used for (B14)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.schemas.freed_value import (
    FreedValueOut,
    FreedValueUseIn,
    FreedValueUseOut,
    FreedValueUsePageOut,
)
from gevinst_benefits.store import benefits
from gevinst_benefits.store import freed_value as store
from gevinst_benefits.usecases import using_freed_value
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Freed value"])


@router.get(
    "/benefits/{benefit_id}/freed-value", summary="What is freed, and its use", response_model=FreedValueOut
)
async def get_freed_value(benefit_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What the benefit is planned to free in each year, and what of it has a use. More used than freed is
    flagged, not refused: the plan may still change."""
    members = await using_freed_value.freed_value(work, benefit_id)
    return Response(json.dumps(members, ensure_ascii=False), media_type=JSON)


@router.get(
    "/benefits/{benefit_id}/freed-value-uses",
    summary="Uses of freed value",
    response_model=FreedValueUsePageOut,
)
async def list_freed_value_uses(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    year: Annotated[int | None, Query(ge=1990, le=2200, description="Only of this year.")] = None,
) -> Response:
    """Everything that was recorded, corrected entries included."""
    await benefits.get_row(work.connection, benefit_id)
    named, after = {"benefit": benefit_id, "year": year}, read_cursor(cursor, length=2)
    page = await store.LISTING.page(work.connection, sort="id", limit=limit, after=after, filters=named)
    return page_response(request, page.items, page.next_place)


@router.post(
    "/benefits/{benefit_id}/freed-value-uses",
    summary="Record a use of freed value",
    status_code=201,
    response_model=FreedValueUseOut,
)
async def record_freed_value_use(
    benefit_id: UUID, body: FreedValueUseIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Say what is used for what. Hours become money only here, by an hourly cost and its source (C7)."""
    stored = await using_freed_value.record_use(work, benefit_id, body.draft())
    return work.created(stored.document, stored.revision, f"/benefits/{benefit_id}/freed-value-uses")
