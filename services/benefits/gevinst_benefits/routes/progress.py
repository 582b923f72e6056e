"""Progress: where a project is in its phase model (G1, G5)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_benefits.domain.permissions import STEER, VIEW
from gevinst_benefits.routes.phase_models import AcceptLanguage
from gevinst_benefits.schemas.progress import ProgressIn, ProgressOut, SkippedPhaseIn
from gevinst_benefits.usecases import steering
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Progress"])


@router.get("/projects/{project_id}/progress", summary="Where a project is", response_model=ProgressOut)
async def get_progress(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], accept_language: AcceptLanguage = None
) -> Response:
    """The phase, the gates ahead with what they ask, and the gates behind; 404 until it was started."""
    journey = await steering.journey_of(work, project_id)
    return Response(
        _document(journey, accept_language), headers={"ETag": etag(journey.revision)}, media_type=JSON
    )


@router.post(
    "/projects/{project_id}/progress",
    summary="Start on a phase model",
    status_code=201,
    response_model=ProgressOut,
)
async def start_progress(
    project_id: UUID,
    body: ProgressIn,
    work: Annotated[Writing, writes(STEER)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """Put the project at the beginning of a phase model. It follows that model to the end."""
    journey = await steering.start(work, project_id, phase_model=body.phase_model, version=body.version)
    document = _document(journey, accept_language)
    return work.created(document, journey.revision, f"/projects/{project_id}/progress")


@router.post(
    "/projects/{project_id}/progress/skipped-phases",
    summary="Skip a coming phase",
    response_model=ProgressOut,
)
async def skip_phase(
    project_id: UUID,
    body: SkippedPhaseIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(STEER)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """Leave out a coming phase that the model allows to be skipped. Its mandatory items are asked at the
    next gate (G5)."""
    journey = await steering.skip_phase(
        work, project_id, phase=body.phase, reason=body.reason, expected=expected
    )
    if journey is None:
        raise ChangedMeanwhile
    return work.changed(_document(journey, accept_language), journey.revision)


def _document(journey: steering.Journey, accept_language: str | None) -> str:
    return ProgressOut.of(journey, language_of(accept_language)).model_dump_json(exclude_none=True)
