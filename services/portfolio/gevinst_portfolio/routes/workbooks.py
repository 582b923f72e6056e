"""A portfolio as a workbook to fill in, and its projects as CSV."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.usecases.presenting import portfolio_as_workbook, projects_as_csv
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Workbooks"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
BYTES = "application/octet-stream"
_BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 100_000_000}}
Timing = Annotated[UUID | None, Query(description="The scenario whose plan times the projects.")]


@router.get(
    "/portfolios/{portfolio_id}/workbook",
    summary="A portfolio as a workbook",
    response_class=Response,
    responses={
        200: {"description": "An Excel workbook (.xlsx).", "content": {XLSX: _BINARY, BYTES: _BINARY}},
        **SAYS_NO,
    },
)
async def get_workbook(
    request: Request, portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], scenario: Timing = None
) -> Response:
    """Projects, your scores, capacity, budget and plan with live formulas: a changed start shows at once
    what it does to load and money. Change the yellow cells and upload the file to see what would change."""
    language = language_of(request.headers.get("accept-language"))
    content = await portfolio_as_workbook(work, portfolio_id, scenario_id=scenario, language=language)
    headers = {"Content-Disposition": 'attachment; filename="portfolio.xlsx"', "Content-Language": language}
    return Response(content, headers=headers, media_type=XLSX)


@router.get(
    "/portfolios/{portfolio_id}/project-table",
    summary="A portfolio's projects as CSV",
    response_class=Response,
    responses={200: {"description": "CSV in UTF-8.", "content": {CSV: _BINARY}}},
)
async def get_project_table(
    request: Request, portfolio_id: UUID, work: Annotated[Work, reads(VIEW)]
) -> Response:
    """The projects, one a row. Semicolons and decimal commas for Nordic readers, commas and points in
    English. Change it and upload it to see what would change."""
    language = language_of(request.headers.get("accept-language"))
    content = await projects_as_csv(work, portfolio_id, language=language)
    headers = {"Content-Disposition": 'attachment; filename="projects.csv"', "Content-Language": language}
    return Response(content, headers=headers, media_type=CSV)
