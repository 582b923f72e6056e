"""What the cases of several projects may come to together (C5)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.schemas.joint_simulations import MOST_DRAWS, JointSimulationOut
from gevinst_benefits.store.joint_simulations import joint_simulation_json
from gevinst_benefits.usecases import drawing_together
from gevinst_benefits.usecases.evaluating import LARGEST_SEED
from gevinst_shared.db.work import Work
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Business cases"])
Draws = Annotated[int, Query(ge=100, le=MOST_DRAWS, description="How many.")]
Seed = Annotated[int | None, Query(ge=0, le=LARGEST_SEED, description="Absent: one of its own.")]


@router.get(
    "/programmes/{programme_id}/simulation",
    summary="What a programme's cases may come to",
    response_model=JointSimulationOut,
    responses=SAYS_NO,
)
async def simulate_programme(
    programme_id: UUID, work: Annotated[Work, reads(VIEW)], draws: Draws = 5000, seed: Seed = None
) -> JointSimulationOut:
    """The newest cases of the programme's projects drawn together: what they share by name, they share."""
    used, found = await drawing_together.simulate_programme(work, programme_id, seed=seed, draws=draws)
    return JointSimulationOut.model_validate(joint_simulation_json(found, seed=used, draws=draws))


@router.get(
    "/portfolios/{portfolio_id}/simulation",
    summary="What a portfolio's cases may come to",
    response_model=JointSimulationOut,
    responses=SAYS_NO,
)
async def simulate_portfolio(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], draws: Draws = 5000, seed: Seed = None
) -> JointSimulationOut:
    """The newest cases of the portfolio's projects drawn together. Projects whose assumptions hang on one
    factor rise and fall together, so that the sum is less sure than its parts suggest. What was stopped,
    rejected or merged is not counted."""
    used, found = await drawing_together.simulate_portfolio(work, portfolio_id, seed=seed, draws=draws)
    return JointSimulationOut.model_validate(joint_simulation_json(found, seed=used, draws=draws))
