"""Awards: drawn, repaid out of verified benefits, returned, written off (M2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import AWARD, BOOK_BENEFIT, RUN_POOL, VIEW
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.pool_applications import instalments
from gevinst_portfolio.schemas.pool_awards import (
    AwardOut,
    AwardPageOut,
    DrawdownIn,
    MovementIn,
    RepaymentIn,
    RepaymentPlanIn,
    TransactionOut,
    VerifiedBenefitIn,
    VerifiedBenefitOut,
    VerifiedBenefitPageOut,
    WriteOffIn,
)
from gevinst_portfolio.store import pool_awards
from gevinst_portfolio.usecases import lending
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Pools"])
_ONE = "/pool-awards/{award_id}"
Runs = Annotated[Writing, writes(RUN_POOL)]


@router.get("/pool-awards", summary="Awards out of pools", response_model=AwardPageOut)
async def list_awards(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    pool: Annotated[UUID | None, Query(description="Only out of this pool.")] = None,
    project: Annotated[UUID | None, Query(description="Only to this project.")] = None,
) -> Response:
    """Awards with where they stand, the newest first."""
    after, filters = read_cursor(cursor, length=2), {"pool": pool, "project": project}
    page = await pool_awards.LISTING.page(
        work.connection, sort="-id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.get(_ONE, summary="One award", response_model=AwardOut)
async def get_award(award_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The award with its plans in force and its balances."""
    return shown(await pool_awards.get_document(work.connection, award_id))


@router.post(f"{_ONE}/drawdowns", summary="Draw for a phase", status_code=201, response_model=TransactionOut)
async def draw(award_id: UUID, body: DrawdownIn, work: Runs) -> Response:
    """Pay out what is planned for a phase, once a gate has let the project into it."""
    return _posted(work, await lending.draw(work, award_id, body.phase, _movement(body)))


@router.post(f"{_ONE}/repayments", summary="Repay", status_code=201, response_model=TransactionOut)
async def repay(award_id: UUID, body: RepaymentIn, work: Runs) -> Response:
    """Take back what was lent: out of verified benefits as far as there are such, or out of other money."""
    made = await lending.repay(work, award_id, _movement(body), out_of_benefits=body.out_of_benefits)
    return _posted(work, made)


@router.post(f"{_ONE}/recoveries", summary="Recover", status_code=201, response_model=TransactionOut)
async def recover(award_id: UUID, body: MovementIn, work: Runs) -> Response:
    """Take in money for an award on which nothing is owed: after a write-off, or of a grant."""
    return _posted(work, await lending.recover(work, award_id, _movement(body)))


@router.post(f"{_ONE}/gains", summary="Pass a gain on", status_code=201, response_model=TransactionOut)
async def pass_on_gain(award_id: UUID, body: MovementIn, work: Runs) -> Response:
    """Pass verified benefits on to the common purse, once they have repaid the loan."""
    return _posted(work, await lending.pass_on_gain(work, award_id, _movement(body)))


@router.post(f"{_ONE}/returns", summary="Return to the pool", status_code=201, response_model=TransactionOut)
async def return_to_pool(award_id: UUID, body: MovementIn, work: Runs) -> Response:
    """Give back what will not be drawn. When a project is stopped this happens by itself (G6)."""
    return _posted(work, await lending.return_to_pool(work, award_id, _movement(body)))


@router.post(f"{_ONE}/write-offs", summary="Write off", status_code=201, response_model=TransactionOut)
async def write_off(award_id: UUID, body: WriteOffIn, work: Annotated[Writing, writes(AWARD)]) -> Response:
    """The board gives up what is owed, with its reason."""
    made = await lending.write_off(work, award_id, body.amount.value(), reason=body.reason)
    return _posted(work, made)


@router.put(f"{_ONE}/repayment-plan", summary="Set the repayment plan anew", response_model=AwardOut)
async def set_repayment_plan(
    award_id: UUID, body: RepaymentPlanIn, expected: ExpectedRevision, work: Runs
) -> Response:
    """Put a new plan in force; the earlier ones stay in the record. It must add up to what was drawn and
    can still be drawn."""
    plan = instalments(body.repayments)
    stored = await lending.set_repayment_plan(work, award_id, plan, reason=body.reason, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, expected + 1)


@router.post(
    f"{_ONE}/verified-benefits",
    summary="Verify and book a benefit",
    status_code=201,
    response_model=VerifiedBenefitOut,
)
async def book_benefit(
    award_id: UUID, body: VerifiedBenefitIn, work: Annotated[Writing, writes(BOOK_BENEFIT)]
) -> Response:
    """Verify a benefit and book it. Who is signed in is who verified it, and is never its owner (G3)."""
    members = {**body.model_dump(), "amount": body.amount.value()}
    _, stored = await lending.book_benefit(work, award_id, lending.VerifiedBenefit(**members))
    return work.created(stored.document, stored.revision, f"/pool-awards/{award_id}/verified-benefits")


@router.get(
    f"{_ONE}/verified-benefits", summary="An award's verified benefits", response_model=VerifiedBenefitPageOut
)
async def list_verified_benefits(
    request: Request,
    award_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """What was verified, by whom, and the transactions that booked it."""
    await pool_awards.get_pool_id(work.connection, award_id)
    after, filters = read_cursor(cursor, length=2), {"award": award_id}
    page = await pool_awards.BENEFITS.page(
        work.connection, sort="id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


def _movement(body: MovementIn) -> lending.Movement:
    return lending.Movement(body.amount.value(), body.occurred_on, body.text)


def _posted(work: Writing, made: tuple[UUID, Stored]) -> Response:
    transaction_id, stored = made
    return work.created(stored.document, stored.revision, f"/pool-transactions/{transaction_id}")
