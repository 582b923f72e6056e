"""Verifications: what was really realised of a benefit, year by year (G3)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import VERIFY, VIEW
from gevinst_benefits.schemas.verifications import VerificationIn, VerificationOut, VerificationPageOut
from gevinst_benefits.store import benefits, verifications
from gevinst_benefits.usecases import verifying
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Verifications"])
Sort = Annotated[Literal["year", "-year"], Query(description="`-` turns the order.")]
YearFilter = Annotated[int | None, Query(ge=1990, le=2200, description="Only of this year.")]


@router.get(
    "/benefits/{benefit_id}/verifications",
    summary="What was verified of a benefit",
    response_model=VerificationPageOut,
)
async def list_verifications(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "year",
    year: YearFilter = None,
) -> Response:
    """Every entry, corrected ones included. A year without an entry is not verified, which is not zero."""
    await benefits.get_row(work.connection, benefit_id)
    page = await verifications.VERIFICATIONS.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"benefit": benefit_id, "year": year},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/benefits/{benefit_id}/verifications",
    summary="Verify a year",
    status_code=201,
    response_model=VerificationOut,
)
async def verify_year(
    benefit_id: UUID, body: VerificationIn, work: Annotated[Writing, writes(VERIFY)]
) -> Response:
    """Record what was really realised in a year, on which evidence, as a controller who is not the owner
    (G3). One entry is in force for a year; a correction names it and says why."""
    stored = await verifying.verify_year(work, benefit_id, body.finding())
    return work.created(stored.document, stored.revision, f"/benefits/{benefit_id}/verifications")
