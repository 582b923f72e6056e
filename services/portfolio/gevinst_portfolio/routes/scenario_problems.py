"""A scenario as a problem for the optimiser, to be taken home."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.optimiser.writing import problem_text
from gevinst_portfolio.domain.permissions import VIEW_SCENARIO
from gevinst_portfolio.schemas.scenario_problems import ProblemOut
from gevinst_portfolio.usecases import planning
from gevinst_shared.db.work import Work
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Scenarios"])


@router.get(
    "/scenarios/{scenario_id}/problem",
    summary="A scenario's problem",
    responses=SAYS_NO,
    response_model=ProblemOut,
)
async def get_problem(scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]) -> Response:
    """What the optimiser is asked, as the register is now, in the format `gevinst-plan/1`: `gevinst optimise`
    solves it and `gevinst check` judges plans for it. Periods are quarters from the first of the scenario's
    first year; money is in hundredths, and of yearly budgets what a year has is there at its beginning."""
    problem = await planning.read_problem(work, scenario_id)
    return Response(problem_text(problem), media_type=JSON)
