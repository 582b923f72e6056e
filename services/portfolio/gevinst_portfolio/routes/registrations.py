"""Overruling a portfolio's entry threshold (P2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.routes.answers import changed
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.schemas.registrations import RegistrationIn
from gevinst_portfolio.usecases import thresholds
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.session import Writing, writes

router = APIRouter(tags=["Projects"])


@router.put(
    "/projects/{project_id}/registration", summary="Overrule the threshold", response_model=ProjectOut
)
async def overrule_threshold(
    project_id: UUID,
    body: RegistrationIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Prioritise a project centrally, or let it be reported lightly, whatever the threshold says: with a
    reason, and where the portfolio allows it. Without `registration` the threshold decides again."""
    stored = await thresholds.overrule_threshold(
        work, project_id, registered=body.registration, reason=body.reason, expected=expected
    )
    return changed(work, stored)
