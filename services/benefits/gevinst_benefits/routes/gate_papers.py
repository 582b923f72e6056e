"""Gate papers: what a board needs to decide a gate, as PDF or as a Word document."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.routes.negotiation import chosen_media
from gevinst_benefits.routes.paper_responses import OFFERED, PaperResponse
from gevinst_benefits.routes.phase_models import AcceptLanguage
from gevinst_benefits.usecases.presenting_gates import paper_of_gate
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Gates"])
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=1000,
        description="The `ETag` of the paper that you have: 304 while it is the latest.",
        examples=['"1"'],
    ),
]
_BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 50_000_000}}


@router.get(
    "/gates/{gate_id}/paper",
    summary="A gate's paper",
    response_class=Response,
    responses={
        200: {"description": "A tagged PDF, or a Word document.", "content": dict.fromkeys(OFFERED, _BINARY)},
        304: {"description": "The paper that you have is the latest."},
        406: {"description": "Not available in that form."},
    },
)
async def get_gate_paper(
    request: Request,
    gate_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
    known: IfNoneMatch = None,
) -> Response:
    """What a board needs to decide the gate, in your language: the recommendation, what changed since the
    gate before, the case in figures with its cash flow, benefits by ledger, and the checklist with what is
    open. Everything is of the frozen basis, whose SHA-256 it names. Ask for PDF or DOCX with `Accept`."""
    media = chosen_media(request.headers.get("accept"), OFFERED)
    paper = await paper_of_gate(work, gate_id, language_of(accept_language))
    return PaperResponse(paper, media, known=known)
