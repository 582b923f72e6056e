"""Scenarios told in words, compared, and held against the register of today."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import VIEW_SCENARIO
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.routes.sentences import sayer
from gevinst_portfolio.schemas.scenario_comparisons import (
    ChangedInputsOut,
    ComparisonOut,
    SupposedPageOut,
    changed_input_members,
    comparison_members,
    supposed_members,
)
from gevinst_portfolio.usecases import comparing_scenarios, planning
from gevinst_shared.db.work import Work
from gevinst_shared.values.money import Money
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Scenarios"])
Other = Annotated[
    UUID | None,
    Query(alias="with", description="The scenario to compare with; without it, what is decided today."),
]


@router.get(
    "/scenarios/{scenario_id}/comparison",
    summary="Compare two plans",
    responses=SAYS_NO,
    response_model=ComparisonOut,
)
async def compare_scenarios(
    request: Request,
    scenario_id: UUID,
    work: Annotated[Work, reads(VIEW_SCENARIO)],
    other: Other = None,
) -> Response:
    """Who enters, leaves and moves from this plan to the other; money, load and value side by side; and
    what only one of the two supposes."""
    if other is None:
        compared = await comparing_scenarios.compare_with_today(work, scenario_id)
    else:
        compared = await comparing_scenarios.compare(work, scenario_id, other)
    return Response(written(ComparisonOut, comparison_members(compared, sayer(request))), media_type=JSON)


@router.get(
    "/scenarios/{scenario_id}/assumptions",
    summary="What a scenario supposes, in words",
    response_model=SupposedPageOut,
)
async def get_assumptions(
    request: Request, scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]
) -> Response:
    """Each thing that differs from the portfolio as registered, one sentence each."""
    portfolio, found = await comparing_scenarios.tell_assumptions(work, scenario_id)
    items = supposed_members(found, portfolio.currency, sayer(request))
    return Response(written(SupposedPageOut, {"scenario_id": scenario_id, "items": items}), media_type=JSON)


@router.get(
    "/scenarios/{scenario_id}/changed-inputs",
    summary="What changed since a plan was made",
    response_model=ChangedInputsOut,
)
async def list_changed_inputs(
    request: Request, scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]
) -> Response:
    """Which projects, budgets and capacities are different now from what the plan was made from."""
    portfolio, changes = await planning.list_changed_inputs(work, scenario_id)

    def money_of(minor: int) -> Money:
        return Money.from_minor(minor, portfolio.currency, portfolio.price_year)

    items = [changed_input_members(one, money_of, sayer(request)) for one in changes]
    return Response(written(ChangedInputsOut, {"scenario_id": scenario_id, "items": items}), media_type=JSON)
