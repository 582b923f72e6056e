"""Gates: proposed by one, decided by another, on a frozen basis (G2–G6)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import DECIDE_GATE, PROPOSE_GATE, VIEW
from gevinst_benefits.schemas.gates import BasisOut, DecisionIn, DecisionOut, GateIn, GateOut, GatePageOut
from gevinst_benefits.store import gates
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import deciding, proposing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Gates"])
Sort = Annotated[Literal["id", "-id"], Query(description="The order of proposal; `-` turns it.")]


@router.get("/gates/{gate_id}", summary="One gate", response_model=GateOut)
async def get_gate(gate_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The gate with its answers, its decision if there is one, and what changed since the gate that was
    decided before: net present value, costs, benefits, lines, and every member of the frozen copy."""
    stored = await gates.get_document(work.connection, gate_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get("/gates/{gate_id}/basis", summary="What a gate stands on", response_model=BasisOut)
async def get_gate_basis(gate_id: UUID, work: Annotated[Work, reads(VIEW)]) -> BasisOut:
    """The frozen copy of business case, benefit plan and checklist, as it was when the gate was proposed."""
    basis = await gates.get_basis(work.connection, gate_id)
    return BasisOut.model_validate(
        {"gate_id": str(gate_id), "canonical": basis.canonical, "sha256": basis.sha256}
    )


@router.get("/projects/{project_id}/gates", summary="A project's gates", response_model=GatePageOut)
async def list_gates(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    decided: Annotated[bool | None, Query(description="Only those that are decided, or are not.")] = None,
) -> Response:
    """The project's gates, the latest first."""
    await get_project(work.connection, project_id)
    page = await gates.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id, "decided": decided},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/gates", summary="Propose a gate", status_code=201, response_model=GateOut
)
async def propose_gate(
    project_id: UUID, body: GateIn, work: Annotated[Writing, writes(PROPOSE_GATE)]
) -> Response:
    """Put a gate of the current phase before its deciders. The latest business case, the benefit plan and
    the answers are frozen."""
    gate_id, stored = await proposing.propose(work, project_id, body.draft())
    return work.created(stored.document, stored.revision, f"/gates/{gate_id}")


@router.post(
    "/gates/{gate_id}/decision", summary="Decide a gate", status_code=201, response_model=DecisionOut
)
async def decide_gate(
    gate_id: UUID, body: DecisionIn, work: Annotated[Writing, writes(DECIDE_GATE)]
) -> Response:
    """Decide the gate, once, as someone other than its proposer (G3). A stop closes the project's benefits
    or moves them to another project (G6)."""
    stored = await deciding.decide(work, gate_id, body.draft())
    return work.created(stored.document, stored.revision, f"/gates/{gate_id}")
