"""Measures that reports propose: decided or declined by another, and followed up (B13)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.monthly_reports import MeasureState
from gevinst_benefits.domain.permissions import DECIDE_MEASURE, FOLLOW_MEASURE, REPORT, VIEW
from gevinst_benefits.schemas.monthly_reports import (
    FollowUpIn,
    MeasureDecisionIn,
    MeasureIn,
    MeasureOut,
    MeasurePageOut,
)
from gevinst_benefits.store import monthly_reports
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import measures
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Monthly reports"])


@router.get("/projects/{project_id}/measures", summary="A project's measures", response_model=MeasurePageOut)
async def list_measures(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: Annotated[MeasureState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """What was proposed and not decided comes first, then what was decided and is under way."""
    await get_project(work.connection, project_id)
    after, filters = read_cursor(cursor, length=2), {"project": project_id, "state": state}
    page = await monthly_reports.MEASURES.page(
        work.connection, sort="attention", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/monthly-reports/{report_id}/measures",
    summary="Propose a measure",
    status_code=201,
    response_model=MeasureOut,
)
async def propose_measure(
    report_id: UUID, body: MeasureIn, work: Annotated[Writing, writes(REPORT)]
) -> Response:
    """Propose a measure with a report that is not submitted yet."""
    measure_id, stored = await measures.propose(work, report_id, body.text)
    return work.created(stored.document, stored.revision, f"/measures/{measure_id}")


@router.get("/measures/{measure_id}", summary="One measure", response_model=MeasureOut)
async def get_measure(measure_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The measure as it is now; `ETag` is its revision."""
    stored = await monthly_reports.MEASURE_RECORDS.get(work.connection, measure_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.post("/measures/{measure_id}/decision", summary="Decide a measure", response_model=MeasureOut)
async def decide_measure(
    measure_id: UUID, body: MeasureDecisionIn, work: Annotated[Writing, writes(DECIDE_MEASURE)]
) -> Response:
    """Decide it with an owner and a deadline, or decline it; once, and not as its proposer (G3)."""
    stored = await measures.decide(work, measure_id, body.ruling())
    return work.changed(stored.document, stored.revision)


@router.put("/measures/{measure_id}/follow-up", summary="Follow a measure up", response_model=MeasureOut)
async def follow_measure_up(
    measure_id: UUID,
    body: FollowUpIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(FOLLOW_MEASURE)],
) -> Response:
    """Say how a decided measure goes: under way, done or dropped."""
    stored = await measures.follow_up(work, measure_id, body.follow_up(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
