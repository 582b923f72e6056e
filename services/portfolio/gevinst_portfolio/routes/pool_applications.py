"""Applications to pools: made, assessed, decided (M2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import APPLY_TO_POOL, ASSESS_APPLICATION, AWARD, VIEW
from gevinst_portfolio.domain.pools import ApplicationState
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.pool_applications import (
    AssessmentIn,
    AwardIn,
    PoolApplicationIn,
    PoolApplicationOut,
    PoolApplicationPageOut,
    ReasonIn,
    instalments,
    planned,
)
from gevinst_portfolio.schemas.pool_awards import AwardOut
from gevinst_portfolio.store import pool_applications
from gevinst_portfolio.usecases import pool_applying
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Pools"])
_ONE = "/pool-applications/{pool_application_id}"


@router.post(
    "/pool-rounds/{round_id}/applications",
    summary="Apply to a pool",
    status_code=201,
    response_model=PoolApplicationOut,
)
async def apply_to_pool(
    round_id: UUID, body: PoolApplicationIn, work: Annotated[Writing, writes(APPLY_TO_POOL)]
) -> Response:
    """Apply for a loan with its repayment plan, or for a grant, while the round is open."""
    asked = pool_applying.PoolApplication(
        body.project_id,
        body.kind,
        body.amount.value(),
        body.purpose,
        planned(body.drawdowns),
        instalments(body.repayments),
    )
    application_id, stored = await pool_applying.apply_to_pool(work, round_id, asked)
    return work.created(stored.document, stored.revision, f"/pool-applications/{application_id}")


@router.get("/pool-applications", summary="Applications to pools", response_model=PoolApplicationPageOut)
async def list_pool_applications(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    pool: Annotated[UUID | None, Query(description="Only to this pool.")] = None,
    round_: Annotated[UUID | None, Query(alias="round", description="Only in this round.")] = None,
    project: Annotated[UUID | None, Query(description="Only for this project.")] = None,
    state: Annotated[ApplicationState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """Applications, the newest first."""
    filters = {"pool": pool, "round": round_, "project": project, "state": state}
    page = await pool_applications.LISTING.page(
        work.connection, sort="-id", limit=limit, after=read_cursor(cursor, length=2), filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.get(_ONE, summary="One application", response_model=PoolApplicationOut)
async def get_pool_application(pool_application_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The application, its assessment, and what became of it."""
    return shown(await pool_applications.RECORDS.get(work.connection, pool_application_id))


@router.post(f"{_ONE}/assessment", summary="Assess an application", response_model=PoolApplicationOut)
async def assess_pool_application(
    pool_application_id: UUID,
    body: AssessmentIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ASSESS_APPLICATION)],
) -> Response:
    """Say what speaks for and against it, for the board. It may be assessed anew until it is decided."""
    members = body.model_dump()
    return changed(work, await pool_applying.assess(work, pool_application_id, **members, expected=expected))


@router.post(f"{_ONE}/withdrawal", summary="Take an application back", response_model=PoolApplicationOut)
async def withdraw_pool_application(
    pool_application_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(APPLY_TO_POOL)]
) -> Response:
    """Take the application back before it is decided."""
    return changed(work, await pool_applying.withdraw(work, pool_application_id, expected=expected))


@router.post(f"{_ONE}/refusal", summary="Refuse an application", response_model=PoolApplicationOut)
async def refuse_pool_application(
    pool_application_id: UUID,
    body: ReasonIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(AWARD)],
) -> Response:
    """The board says no, with its reason; nobody decides on what they applied for themselves (G3)."""
    stored = await pool_applying.refuse(work, pool_application_id, reason=body.reason, expected=expected)
    return changed(work, stored)


@router.post(f"{_ONE}/award", summary="Award", status_code=201, response_model=AwardOut)
async def award_pool_application(
    pool_application_id: UUID,
    body: AwardIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(AWARD)],
) -> Response:
    """The board gives a loan or a grant, and the money is set aside at once: never more than is free."""
    made = await pool_applying.award(work, pool_application_id, _decision(body), expected=expected)
    if made is None:
        raise ChangedMeanwhile
    return work.created(made[1].document, made[1].revision, f"/pool-awards/{made[0]}")


def _decision(body: AwardIn) -> pool_applying.AwardDecision:
    return pool_applying.AwardDecision(
        body.kind,
        body.amount.value(),
        body.conditions,
        body.reason,
        None if body.drawdowns is None else planned(body.drawdowns),
        None if body.repayments is None else instalments(body.repayments),
    )
