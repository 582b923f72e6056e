"""What everybody may read: turned on by portfolio, kept from the public by project, corrected by decision."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, ARRANGE, VIEW
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.openness import (
    ConfidentialityIn,
    ConfidentialityOut,
    OpennessIn,
    OpennessOut,
    PublicNoteIn,
    PublicNoteOut,
    PublicNotePageOut,
)
from gevinst_portfolio.store import decisions, openness
from gevinst_portfolio.usecases import opening
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Openness"])


@router.get("/portfolios/{portfolio_id}/openness", summary="What is public", response_model=OpennessOut)
async def get_openness(portfolio_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Whether everybody may read the portfolio's decisions; 404 until it is said, and then nobody may."""
    return shown(await openness.OPENNESS.get(work.connection, portfolio_id))


@router.put("/portfolios/{portfolio_id}/openness", summary="Set what is public", response_model=OpennessOut)
async def set_openness(
    portfolio_id: UUID, body: OpennessIn, work: Annotated[Writing, writes(ADMINISTER)]
) -> Response:
    """Let everybody read what is decided in the portfolio, without a token: what, when, by which body, under
    which case number, with which outcome. Never reasons, names of people or confidential projects."""
    stored = await opening.set_openness(work, portfolio_id, body.model_dump())
    return work.changed(stored.document, stored.revision)


@router.get(
    "/projects/{project_id}/confidentiality", summary="Is it confidential", response_model=ConfidentialityOut
)
async def get_confidentiality(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Whether the project is kept from the public, and by which law; 404 until it is said: it is not."""
    return shown(await openness.CONFIDENTIALITY.get(work.connection, project_id))


@router.put(
    "/projects/{project_id}/confidentiality",
    summary="Keep a project from the public",
    response_model=ConfidentialityOut,
)
async def set_confidentiality(
    project_id: UUID, body: ConfidentialityIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Nothing of a confidential project is in the public list, feed or page from this moment on, also of
    decisions that were there before."""
    stored = await opening.set_confidentiality(work, project_id, **body.model_dump())
    return work.changed(stored.document, stored.revision)


@router.get(
    "/decisions/{decision_id}/public-notes",
    summary="Corrections and withdrawals",
    response_model=PublicNotePageOut,
)
async def list_public_notes(
    request: Request,
    decision_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """What everybody was told of the decision after it was published."""
    await decisions.get_document(work.connection, decision_id)
    page = await openness.NOTE_LISTING.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"decision": decision_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/decisions/{decision_id}/public-notes",
    summary="Correct or withdraw in public",
    status_code=201,
    response_model=PublicNoteOut,
)
async def add_public_note(
    decision_id: UUID, body: PublicNoteIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Correct what was published, or withdraw it: its case number and day stay, with the note, and nothing
    else. The decision itself never changes (P8). The text is public as it is written."""
    _, stored = await opening.add_note(work, decision_id, body.kind, body.text)
    return work.created(stored.document, stored.revision, f"/decisions/{decision_id}/public-notes")
