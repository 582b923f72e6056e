"""The budget of a portfolio (P4)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import SET_MONEY, VIEW
from gevinst_portfolio.domain.projects import CostOfYear
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.schemas.budgets import BudgetIn, BudgetOut, budget_position
from gevinst_portfolio.usecases import budgeting
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Capacity"])


@router.get("/portfolios/{portfolio_id}/budget", summary="A portfolio's budget", response_model=BudgetOut)
async def get_budget(portfolio_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Money per year and kind: what there is, what approved and running projects plan, and what is free.
    `ETag` is the version of the budget; it does not move when projects do."""
    position = await budgeting.get_budget(work, portfolio_id)
    document = written(BudgetOut, budget_position(position))
    return Response(document, headers={"ETag": etag(position.budget.version)}, media_type=JSON)


@router.put("/portfolios/{portfolio_id}/budget", summary="Set a portfolio's budget", response_model=BudgetOut)
async def set_budget(
    portfolio_id: UUID,
    body: BudgetIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(SET_MONEY)],
) -> Response:
    """Put a new version of the whole budget in force; `If-Match: "0"` for the first. Earlier versions
    stay in the record."""
    years = [CostOfYear(each.year, each.kind, each.amount) for each in body.years]
    frame = budgeting.Frame(years, body.roll_over.value(pointer="/body/roll_over/cap"), body.reason)
    position = await budgeting.set_budget(work, portfolio_id, frame, expected=expected)
    if position is None:
        raise ChangedMeanwhile
    return work.changed(written(BudgetOut, budget_position(position)), position.budget.version)
