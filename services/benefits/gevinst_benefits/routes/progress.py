"""Progress: where a project is in its phase model (G1, G5)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_benefits.domain.permissions import MOVE_MODEL, STEER, VIEW
from gevinst_benefits.schemas.phase_models import ModelChangeIn
from gevinst_benefits.schemas.progress import ProgressIn, ProgressOut, SkippedPhaseIn
from gevinst_benefits.usecases import modelling, steering
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
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
    """Put the project at the beginning of a phase model. It stays on that version, unless it is moved."""
    known = await modelling.model_to_follow(work, body.phase_model, body.version)
    journey = await steering.start(work, project_id, known.model)
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


@router.post(
    "/projects/{project_id}/progress/phase-model",
    summary="Move a project to another phase model",
    response_model=ProgressOut,
)
async def change_progress_model(
    project_id: UUID,
    body: ModelChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(MOVE_MODEL)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """Have the project follow another model or version from here on. It stays in its phase, and is put in
    the phase that you name only when the new model has none of that code."""
    journey = await modelling.move_project(work, project_id, body.change(), expected=expected)
    if journey is None:
        raise ChangedMeanwhile
    return work.changed(_document(journey, accept_language), journey.revision)


def _document(journey: steering.Journey, accept_language: str | None) -> str:
    return ProgressOut.of(journey, language_of(accept_language)).model_dump_json(exclude_none=True)
