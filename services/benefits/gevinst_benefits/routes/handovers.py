"""Handovers: from the project to the line, with the papers that go along (G9)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.permissions import RECEIVE, STEER, VIEW
from gevinst_benefits.schemas.handovers import (
    HandoverIn,
    HandoverOut,
    HandoverPageOut,
    HandoverRefusalIn,
    PapersIn,
    ShortcomingsOut,
)
from gevinst_benefits.store import handovers
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import handing_over
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Handovers"])


@router.get(
    "/projects/{project_id}/handovers", summary="A project's handovers", response_model=HandoverPageOut
)
async def list_handovers(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """The project's handovers, the latest first; one that was refused stays beside its successor."""
    await get_project(work.connection, project_id)
    after, filters = read_cursor(cursor, length=2), {"project": project_id}
    page = await handovers.LISTING.page(
        work.connection, sort="-id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/handovers",
    summary="Open a handover",
    status_code=201,
    response_model=HandoverOut,
)
async def open_handover(
    project_id: UUID, body: HandoverIn, work: Annotated[Writing, writes(STEER)]
) -> Response:
    """Begin to hand the project over to a unit. Every paper is missing at first; one handover at a time."""
    handover_id, stored = await handing_over.open_handover(work, project_id, body.receiving_unit_id)
    return work.created(stored.document, stored.revision, f"/handovers/{handover_id}")


@router.get("/handovers/{handover_id}", summary="One handover", response_model=HandoverOut)
async def get_handover(handover_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The handover with its papers."""
    stored = await handovers.RECORDS.get(work.connection, handover_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get(
    "/handovers/{handover_id}/shortcomings", summary="What is missing", response_model=ShortcomingsOut
)
async def list_handover_shortcomings(handover_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What stands between the project and the line: papers that are missing, and open benefits without an
    indicator, a confirmed estimate, or somebody who holds the owner's role."""
    missing = await handing_over.shortcomings(work, handover_id)
    return Response(ShortcomingsOut.of(missing).model_dump_json(exclude_none=True), media_type=JSON)


@router.put("/handovers/{handover_id}/papers", summary="Keep papers", response_model=HandoverOut)
async def keep_handover_papers(
    handover_id: UUID, body: PapersIn, expected: ExpectedRevision, work: Annotated[Writing, writes(STEER)]
) -> Response:
    """Say of some papers where they are, or why they are not relevant. The others stay as they are."""
    papers = [one.value() for one in body.papers]
    return _answer(work, await handing_over.keep_papers(work, handover_id, papers, expected=expected))


@router.post("/handovers/{handover_id}/offer", summary="Offer a handover", response_model=HandoverOut)
async def offer_handover(
    handover_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(STEER)]
) -> Response:
    """Offer the project to the line. Refused while anything is missing."""
    return _answer(work, await handing_over.offer(work, handover_id, expected=expected))


@router.post("/handovers/{handover_id}/acceptance", summary="Accept a handover", response_model=HandoverOut)
async def accept_handover(
    handover_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(RECEIVE)]
) -> Response:
    """Take the project over, as a leader in the receiving unit who does not lead the project."""
    return _answer(work, await handing_over.accept(work, handover_id, expected=expected))


@router.post("/handovers/{handover_id}/refusal", summary="Refuse a handover", response_model=HandoverOut)
async def refuse_handover(
    handover_id: UUID,
    body: HandoverRefusalIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(RECEIVE)],
) -> Response:
    """Do not take the project over, and say what is missing. The next gate may step back, or a new handover
    is opened."""
    stored = await handing_over.refuse(work, handover_id, body.missing, reason=body.reason, expected=expected)
    return _answer(work, stored)


def _answer(work: Writing, stored: Stored | None) -> Response:
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
