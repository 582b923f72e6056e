"""Monthly reports: drafted from what is known, submitted, corrected openly, and seen when late (B13)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.monthly_reports import Month
from gevinst_benefits.domain.permissions import REPORT, SET_REPORTING, VIEW
from gevinst_benefits.routes.report_answers import changes_shown, duty_shown, summary_shown
from gevinst_benefits.schemas.monthly_reports import (
    CorrectionIn,
    DutyPageOut,
    KnownOut,
    MonthIn,
    MonthlyReportOut,
    MonthlyReportPageOut,
    ReportChangesOut,
    ReportContentIn,
    ReportingPracticeIn,
    ReportingPracticeOut,
    ReportSummaryOut,
    ReportVersionPageOut,
)
from gevinst_benefits.store import monthly_reports
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.store.report_duties import Among
from gevinst_benefits.usecases import overseeing_reports, reporting
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import OddCursor, Unknown
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Monthly reports"])
OfMonth = Annotated[
    str | None, Query(max_length=7, description="Such as 2026-10; the month before this one when absent.")
]
OfPortfolio = Annotated[UUID | None, Query(description="Only of this portfolio's projects.")]
OfProgramme = Annotated[UUID | None, Query(description="Only of this programme's projects.")]


@router.get("/reporting-practice", summary="When projects report", response_model=ReportingPracticeOut)
async def get_reporting_practice(work: Annotated[Work, reads(VIEW)]) -> Response:
    """From which month on, and by which working day after it; 404 until it is set, and then nobody owes."""
    found = await monthly_reports.find_practice(work.connection, work.organisation)
    if found is None:
        raise Unknown
    return Response(found["document"], headers={"ETag": etag(found["revision"])}, media_type=JSON)


@router.put("/reporting-practice", summary="Set when projects report", response_model=ReportingPracticeOut)
async def set_reporting_practice(
    body: ReportingPracticeIn, work: Annotated[Writing, writes(SET_REPORTING)]
) -> Response:
    """Have every project that runs in a month, from that month on, report by a working day after it."""
    stored = await reporting.set_practice(work, body.due_working_day, Month.read(body.from_month))
    return work.changed(stored.document, stored.revision)


@router.get(
    "/projects/{project_id}/monthly-reports",
    summary="A project's reports",
    response_model=MonthlyReportPageOut,
)
async def list_monthly_reports(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Drafts and submitted reports, the newest month first."""
    await get_project(work.connection, project_id)
    after, filters = read_cursor(cursor, length=2), {"project": project_id}
    page = await monthly_reports.REPORTS.page(
        work.connection, sort="-month", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/monthly-reports",
    summary="Draft a report",
    status_code=201,
    response_model=MonthlyReportOut,
)
async def draft_monthly_report(
    project_id: UUID, body: MonthIn, work: Annotated[Writing, writes(REPORT)]
) -> Response:
    """Begin the month's report with what was said last. A project has one report a month."""
    report_id, stored = await reporting.draft(work, project_id, Month.read(body.month))
    return work.created(stored.document, stored.revision, f"/monthly-reports/{report_id}")


@router.get("/monthly-reports/{report_id}", summary="One report", response_model=MonthlyReportOut)
async def get_monthly_report(report_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The report as it stands now; `ETag` is its revision."""
    stored = await monthly_reports.RECORDS.get(work.connection, report_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/monthly-reports/{report_id}", summary="Change a draft", response_model=MonthlyReportOut)
async def change_monthly_report(
    report_id: UUID,
    body: ReportContentIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(REPORT)],
) -> Response:
    """Change what the draft says."""
    content = body.model_dump(mode="json", exclude_none=True)
    stored = await reporting.change(work, report_id, content, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.post(
    "/monthly-reports/{report_id}/submission", summary="Submit a report", response_model=MonthlyReportOut
)
async def submit_monthly_report(report_id: UUID, work: Annotated[Writing, writes(REPORT)]) -> Response:
    """Submit the draft. What it says is kept as a version that never changes."""
    stored = await reporting.submit(work, report_id)
    return work.changed(stored.document, stored.revision)


@router.post(
    "/monthly-reports/{report_id}/correction", summary="Correct a report", response_model=MonthlyReportOut
)
async def correct_monthly_report(
    report_id: UUID, body: CorrectionIn, work: Annotated[Writing, writes(REPORT)]
) -> Response:
    """Open a submitted report as a draft again; submitted anew it is the next version."""
    stored = await reporting.reopen(work, report_id, body.reason)
    return work.changed(stored.document, stored.revision)


@router.get(
    "/monthly-reports/{report_id}/versions", summary="What was submitted", response_model=ReportVersionPageOut
)
async def list_report_versions(
    request: Request,
    report_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every version word for word, with what was known of the project on the day; the newest first."""
    await monthly_reports.RECORDS.get(work.connection, report_id)
    after, filters = read_cursor(cursor, length=2), {"report": report_id}
    page = await monthly_reports.VERSIONS.page(
        work.connection, sort="-number", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.get(
    "/monthly-reports/{report_id}/changes", summary="What changed since", response_model=ReportChangesOut
)
async def get_report_changes(report_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What the report says otherwise than the one submitted before it."""
    since, found = await reporting.changes_since(work, report_id)
    return Response(json.dumps(changes_shown(since, found), ensure_ascii=False), media_type=JSON)


@router.get("/monthly-reports/{report_id}/known", summary="What is known", response_model=KnownOut)
async def get_report_known(report_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What the service knows of the project today, to write the draft by: benefits, open conditions, overdue
    actions, measurements and measures, and this year's planned cost."""
    known = await reporting.known_now(work, report_id)
    return Response(json.dumps(known, ensure_ascii=False), media_type=JSON)


@router.get("/report-duties", summary="Who owes a report", response_model=DutyPageOut)
async def list_report_duties(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    month: OfMonth = None,
    portfolio: OfPortfolio = None,
    programme: OfProgramme = None,
) -> Response:
    """Every project that ran in the month, with its report or without: late ones first, and how late."""
    among = Among(portfolio, programme)
    found = await overseeing_reports.duties(work, _month(work, month), among)
    begin = _place(cursor)
    items = json.dumps([duty_shown(one) for one in found[begin : begin + limit]], ensure_ascii=False)
    then = begin + limit
    return page_response(request, items, [str(then)] if then < len(found) else None)


@router.get("/report-summary", summary="All reports together", response_model=ReportSummaryOut)
async def get_report_summary(
    work: Annotated[Work, reads(VIEW)],
    month: OfMonth = None,
    portfolio: OfPortfolio = None,
    programme: OfProgramme = None,
) -> Response:
    """How many projects are green, yellow, red or missing in each area. A missing report is never green."""
    wanted = _month(work, month)
    found = await overseeing_reports.duties_of_known(work, wanted, Among(portfolio, programme))
    return Response(json.dumps(summary_shown(wanted, found)), media_type=JSON)


def _month(work: Work, text: str | None) -> Month:
    return Month.of(work.today).before if text is None else Month.read(text)


def _place(cursor: str | None) -> int:
    """Where in the list the page begins."""
    place = read_cursor(cursor, length=1)
    if place is None:
        return 0
    if not place[0].isdecimal() or len(place[0]) > 9:
        raise OddCursor
    return int(place[0])
