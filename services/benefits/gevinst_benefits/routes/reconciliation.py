"""What was planned against what became of budgets, by benefit, unit and year (M1, M3, E2)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.schemas.reconciliation import BudgetPlanOut, ReconciliationOut, plan_shown, shown
from gevinst_benefits.store.cashable import Which
from gevinst_benefits.usecases import budget_planning, reconciling
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import OddCursor
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Budget adjustments"])
OfUnit = Annotated[UUID | None, Query(description="Only of this unit and those below it.")]
OfYear = Annotated[int | None, Query(ge=1990, le=2200, description="Only of this year.")]
PlanYear = Annotated[int | None, Query(ge=1990, le=2200, description="This year when absent.")]
CSV = "text/csv"
_BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 100_000_000}}


@router.get("/reconciliation", summary="Planned against realised", response_model=ReconciliationOut)
async def list_reconciliation(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    unit: OfUnit = None,
    year: OfYear = None,
    portfolio: Annotated[UUID | None, Query(description="Only of this portfolio's projects.")] = None,
) -> Response:
    """Every benefit that is taken out of budgets, year by year: planned, agreed, booked, verified, realised,
    and why they differ. With a unit, budget lines and savings are those of the unit and of the ones below;
    the other figures are always the whole benefit's."""
    which = Which(unit, portfolio)
    found, then = await reconciling.reconcile(work, which, year=year, after=_after(cursor), limit=limit)
    items = json.dumps([shown(one) for one in found], ensure_ascii=False)
    return page_response(request, items, None if then is None else [then])


@router.get("/units/{unit_id}/budget-plan", summary="A unit's budget plan", response_model=BudgetPlanOut)
async def get_budget_plan(
    unit_id: UUID, work: Annotated[Work, reads(VIEW)], year: PlanYear = None
) -> Response:
    """Every adjustment of the unit and of those below it in a year: what was agreed, booked and reversed on
    each budget line, because of which benefit, and what the units keep."""
    plan = await budget_planning.budget_plan(work, unit_id, year or work.today.year)
    return Response(json.dumps(plan_shown(plan), ensure_ascii=False), media_type=JSON)


@router.get(
    "/units/{unit_id}/budget-plan-table",
    summary="A unit's budget plan as CSV",
    response_class=Response,
    responses={200: {"description": "CSV in UTF-8.", "content": {CSV: _BINARY}}},
)
async def get_budget_plan_table(
    request: Request, unit_id: UUID, work: Annotated[Work, reads(VIEW)], year: PlanYear = None
) -> Response:
    """The plan's lines. Semicolons and decimal commas for Nordic readers, commas and points in English."""
    language = language_of(request.headers.get("accept-language"))
    content = await budget_planning.budget_plan_as_csv(
        work, unit_id, year or work.today.year, has_decimal_comma=language != "en"
    )
    headers = {"Content-Disposition": 'attachment; filename="budget-plan.csv"', "Content-Language": language}
    return Response(content, headers=headers, media_type=CSV)


def _after(cursor: str | None) -> UUID | None:
    place = read_cursor(cursor, length=1)
    try:
        return None if place is None else UUID(place[0])
    except ValueError as error:
        raise OddCursor from error
