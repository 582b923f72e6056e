"""What projects are worth to a scenario, and where that came from (E2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import VIEW_SCENARIO
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.schemas.scenario_values import ValuesOut
from gevinst_portfolio.usecases.valuing import read_values
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Scenarios"])


@router.get("/scenarios/{scenario_id}/values", summary="What projects are worth", response_model=ValuesOut)
async def get_scenario_values(scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]) -> Response:
    """How the scenario counts value, and for each project of the portfolio which scores and which version of
    the business case gave it; or why it is not known. With a plan they are those that it was made from."""
    return Response(written(ValuesOut, await read_values(work, scenario_id)), media_type=JSON)
