"""Roll-out in waves (P12)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import CHANGE_PROJECT, VIEW
from gevinst_portfolio.routes.answers import changed, written
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.schemas.waves import RolloutOut, RolloutStopIn, WavesIn
from gevinst_portfolio.usecases import rolling_out
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Projects"])


@router.get("/projects/{project_id}/waves", summary="The roll-out of a project", response_model=RolloutOut)
async def get_rollout(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The waves in order, each in its quarters as far as the project says when it starts."""
    rollout = await rolling_out.read_rollout(work, project_id)
    return Response(written(RolloutOut, rollout), media_type=JSON)


@router.put("/projects/{project_id}/waves", summary="Plan a roll-out", response_model=ProjectOut)
async def plan_waves(
    project_id: UUID,
    body: WavesIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(CHANGE_PROJECT)],
) -> Response:
    """Replace the waves of the project. What a wave takes falls on its units in its own quarters, in every
    plan and load; `If-Match` is the project's revision."""
    waves = [one.value() for one in body.waves]
    stored = await rolling_out.plan_waves(work, project_id, waves, expected=expected)
    return changed(work, stored)


@router.post(
    "/projects/{project_id}/waves/stop", summary="Stop the rest of a roll-out", response_model=ProjectOut
)
async def stop_rollout(
    project_id: UUID,
    body: RolloutStopIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(CHANGE_PROJECT)],
) -> Response:
    """Leave out a wave and those after it, when the one before did not prove itself. What they would have
    taken is free."""
    stored = await rolling_out.stop_rollout(
        work, project_id, number=body.number, reason=body.reason, expected=expected
    )
    return changed(work, stored)
