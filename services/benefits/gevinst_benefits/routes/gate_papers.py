"""Gate papers: what a board needs to decide a gate, as PDF or as a Word document."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.usecases.presenting_gates import paper_of_gate
from gevinst_shared.db.work import Work
from gevinst_shared.web.paper_responses import PAPER_ANSWERS, AskedPaper
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Gates"])


@router.get(
    "/gates/{gate_id}/paper", summary="A gate's paper", response_class=Response, responses=PAPER_ANSWERS
)
async def get_gate_paper(gate_id: UUID, work: Annotated[Work, reads(VIEW)], asked: AskedPaper) -> Response:
    """What a board needs to decide the gate, in your language: the recommendation, what changed since the
    gate before, the case in figures with its cash flow, benefits by ledger, and the checklist with what is
    open. Everything is of the frozen basis, whose SHA-256 it names. Ask for PDF or DOCX with `Accept`."""
    return asked.answer(await paper_of_gate(work, gate_id, asked.language))
