"""Phase models: the phases and gates that a project can follow (G1)."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.schemas.phase_models import PhaseModelListOut, PhaseModelOut, PhaseModelSummaryOut
from gevinst_benefits.store.phase_models import get_model, shipped_models
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Phase models"])
AcceptLanguage = Annotated[
    str | None,
    Header(
        alias="Accept-Language",
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
        description="nb, nn, da, sv or en; English when none of them is asked for.",
        examples=["nb"],
    ),
]


@router.get("/phase-models", summary="The phase models", response_model=PhaseModelListOut)
async def list_phase_models(
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
) -> PhaseModelListOut:
    """Every phase model that a project can follow, in your language."""
    language = language_of(accept_language)
    return PhaseModelListOut(items=[PhaseModelSummaryOut.of(model, language) for model in shipped_models()])


@router.get(
    "/phase-models/{code}",
    summary="One phase model",
    response_model=PhaseModelOut,
    response_model_exclude_none=True,
)
async def get_phase_model(
    code: Annotated[str, Path(max_length=60, examples=["prosjektveiviseren"])],
    work: Annotated[Work, reads(VIEW)],
    version: Annotated[str | None, Query(max_length=20, description="The newest when absent.")] = None,
    accept_language: AcceptLanguage = None,
) -> PhaseModelOut:
    """The model with its phases, gates and checklists, in your language."""
    return PhaseModelOut.whole(get_model(code, version), language_of(accept_language))
