"""Phase models: the phases and gates that a project can follow (G1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from gevinst_benefits.domain.permissions import ARRANGE, VIEW
from gevinst_benefits.schemas.phase_models import (
    PhaseModelIn,
    PhaseModelListOut,
    PhaseModelOut,
    PhaseModelSummaryOut,
    RetirementIn,
)
from gevinst_benefits.store.phase_models import Known, find_model, known_models
from gevinst_benefits.usecases import modelling
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Phase models"])

ModelCode = Annotated[str, Path(max_length=60, examples=["prosjektveiviseren"])]


@router.get("/phase-models", summary="The phase models", response_model=PhaseModelListOut)
async def list_phase_models(
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """Every phase model that a project can follow, in your language."""
    language = language_of(accept_language)
    found = [PhaseModelSummaryOut.of(known, language) for known in await known_models(work.connection)]
    listed = PhaseModelListOut.model_construct(items=found)
    return Response(listed.model_dump_json(exclude_none=True), media_type=JSON)


@router.get("/phase-models/{code}", summary="One phase model", response_model=PhaseModelOut)
async def get_phase_model(
    code: ModelCode,
    work: Annotated[Work, reads(VIEW)],
    version: Annotated[str | None, Query(max_length=20, description="The newest when absent.")] = None,
    accept_language: AcceptLanguage = None,
) -> Response:
    """The model with its phases, gates and checklists, in your language."""
    known = await find_model(work.connection, code, version)
    return Response(_document(known, accept_language), media_type=JSON)


@router.post("/phase-models", summary="Make a phase model", status_code=201, response_model=PhaseModelOut)
async def make_phase_model(
    body: PhaseModelIn, work: Annotated[Writing, writes(ARRANGE)], accept_language: AcceptLanguage = None
) -> Response:
    """Add a phase model of your own, or a new version of one. It is refused with the place at fault. A text
    that is missing in a language is shown in the model's own."""
    known = await modelling.make_model(work, body.model_dump(mode="json", exclude_none=True))
    return work.created(_document(known, accept_language), 1, f"/phase-models/{known.model.code}")


@router.post("/phase-models/{code}/retirement", summary="Retire a phase model", response_model=PhaseModelOut)
async def retire_phase_model(
    code: ModelCode,
    body: RetirementIn,
    work: Annotated[Writing, writes(ARRANGE)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """Let no more projects start on a version of your own. Those that follow it go on."""
    known = await modelling.retire_model(work, code, version=body.version, reason=body.reason)
    return work.changed(_document(known, accept_language), 1)


def _document(known: Known, accept_language: str | None) -> str:
    return PhaseModelOut.whole(known, language_of(accept_language)).model_dump_json(exclude_none=True)
