"""What an FTE costs: the organisation's own dated settings."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import SET_SALARY_COST, VIEW
from gevinst_benefits.schemas.salary_costs import SalaryCostIn, SalaryCostOut, SalaryCostPageOut
from gevinst_benefits.store import salary_costs
from gevinst_benefits.usecases import costing
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Business cases"])
Sort = Annotated[Literal["valid_from", "-valid_from"], Query(description="`-` turns the order.")]


@router.get("/salary-costs", summary="What an FTE costs", response_model=SalaryCostPageOut)
async def list_salary_costs(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-valid_from",
) -> Response:
    """Every setting, the latest first; each holds until the next one of its currency."""
    page = await salary_costs.LISTING.page(
        work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/salary-costs", summary="Set what an FTE costs", status_code=201, response_model=SalaryCostOut)
async def set_salary_cost(body: SalaryCostIn, work: Annotated[Writing, writes(SET_SALARY_COST)]) -> Response:
    """Set what an FTE costs and works in a year, from a day on. Formulas call the two `salary_per_fte` and
    `hours_per_fte`; a version takes over what is in force when it is written."""
    _, stored = await costing.set_salary_cost(work, body.value())
    return work.created(stored.document, stored.revision, "/salary-costs")
