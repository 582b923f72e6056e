"""Who owns benefits, who did before, and which owners' roles nobody holds (B2, B11)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.schemas.agreements import AgreementEntryIn, AgreementEntryOut, AgreementPageOut
from gevinst_benefits.schemas.benefits import BenefitOut
from gevinst_benefits.schemas.owners import HandOverIn, OwnerChangePageOut, VacantOwnerPageOut
from gevinst_benefits.store import agreements, benefits, owners
from gevinst_benefits.usecases.agreeing import record_step
from gevinst_benefits.usecases.owning import hand_over
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Owners"])
VacantSort = Annotated[Literal["since", "-since", "id", "-id"], Query(description="`-` turns the order.")]


@router.get("/vacant-owners", summary="Owners' roles that nobody holds", response_model=VacantOwnerPageOut)
async def list_vacant_owners(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: VacantSort = "since",
    unit: Annotated[UUID | None, Query(description="Only in this unit and below it.")] = None,
) -> Response:
    """Benefits whose owner nobody is, by role and unit. Each was told once, at once (B2)."""
    page = await owners.VACANT.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"unit": unit},
    )
    return page_response(request, page.items, page.next_place)


@router.get(
    "/benefits/{benefit_id}/owners", summary="A benefit's owners until now", response_model=OwnerChangePageOut
)
async def list_owner_changes(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Each change of the benefit's owner, oldest first."""
    await benefits.get_row(work.connection, benefit_id)
    page = await owners.HISTORY.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"benefit": benefit_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/benefits/{benefit_id}/owners", summary="Hand a benefit over", response_model=BenefitOut)
async def hand_benefit_over(
    benefit_id: UUID, body: HandOverIn, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Give the benefit another owner, who has to confirm it before its estimate counts (B2)."""
    stored = await hand_over(work, benefit_id, body.owner(), reason=body.reason, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.get(
    "/benefits/{benefit_id}/agreement-entries",
    summary="The agreement with another body",
    response_model=AgreementPageOut,
)
async def list_agreement_entries(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """The steps of the agreement on a benefit that falls with another body; the newest one holds (B11)."""
    await benefits.get_row(work.connection, benefit_id)
    page = await agreements.LISTING.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"benefit": benefit_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/benefits/{benefit_id}/agreement-entries",
    summary="Record a step of the agreement",
    status_code=201,
    response_model=AgreementEntryOut,
)
async def record_agreement_step(
    benefit_id: UUID, body: AgreementEntryIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Record what was proposed to the other body, or what it answered. From the first step on, the benefit
    is not in our sums, but for the part that we keep of a shared one."""
    stored = await record_step(work, benefit_id, body.draft())
    return work.created(stored.document, stored.revision, f"/benefits/{benefit_id}/agreement-entries")
