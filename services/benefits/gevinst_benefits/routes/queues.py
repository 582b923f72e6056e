"""What waits to be done: years to verify, and measurements to take."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.schemas.queues import MeasurementDuePageOut, WaitingPageOut
from gevinst_benefits.store.measurements_due import DUE
from gevinst_benefits.store.verification_queue import QUEUE
from gevinst_benefits.usecases.verifying import with_planned
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import reads
from gevinst_shared.web.shapes import Day

router = APIRouter()
YearSort = Annotated[Literal["year", "-year"], Query(description="`-` turns the order.")]
DaySort = Annotated[Literal["day", "-day"], Query(description="`-` turns the order.")]
YearFilter = Annotated[int | None, Query(ge=1990, le=2200, description="Only this year.")]
ProjectFilter = Annotated[UUID | None, Query(description="Only this project's.")]
UnitFilter = Annotated[UUID | None, Query(description="Only what this unit answers for.")]
RoleFilter = Annotated[
    Literal["benefit-owner", "unit-leader"] | None, Query(description="Only what this role answers for.")
]
Until = Annotated[
    Day | None,
    Query(description="Due on this day or before; absent: within a month.", examples=["2027-01-31"]),
]
_SOON = timedelta(31)


@router.get(
    "/verification-queue",
    summary="What waits to be verified",
    tags=["Verifications"],
    response_model=WaitingPageOut,
)
async def list_waiting(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: YearSort = "year",
    year: YearFilter = None,
    project: ProjectFilter = None,
    unit: UnitFilter = None,
) -> Response:
    """Years of confirmed benefits that have ended and are not verified, from the first year that is planned,
    for as long as the benefit lasts, ten years at most; each with what it was planned to give."""
    page = await QUEUE.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"before": work.today.year, "year": year, "project": project, "unit": unit},
    )
    return page_response(request, await with_planned(work, page.items), page.next_place)


@router.get(
    "/measurements-due",
    summary="What is to be measured",
    tags=["Measurements"],
    response_model=MeasurementDuePageOut,
)
async def list_due(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: DaySort = "day",
    until: Until = None,
    project: ProjectFilter = None,
    role: RoleFilter = None,
    unit: UnitFilter = None,
) -> Response:
    """Due days that no measurement has met, late ones included, and who answers for each (B6)."""
    page = await DUE.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "today": work.today,
            "until": until or work.today + _SOON,
            "project": project,
            "role": role,
            "unit": unit,
        },
    )
    return page_response(request, page.items, page.next_place)
