"""Budget adjustments: phased and agreed, booked and reversed (M1)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import AGREE_ADJUSTMENT, BOOK_ADJUSTMENT, DRAFT_ADJUSTMENT, VIEW
from gevinst_benefits.schemas.budget_adjustments import (
    BookingIn,
    EntriesOut,
    EntryOut,
    EntryPageOut,
    PhasingChangeIn,
    PhasingIn,
    PhasingOut,
    PhasingPageOut,
    PracticeIn,
    PracticeOut,
    ReversalIn,
    minor,
)
from gevinst_benefits.store import benefits, budget_entries, budget_phasings
from gevinst_benefits.usecases import booking, phasing
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Budget adjustments"])
OfUnit = Annotated[UUID | None, Query(description="Only of this unit and those below it.")]
OfYear = Annotated[int | None, Query(ge=1990, le=2200, description="Only of this year.")]


@router.get("/budget-practice", summary="When savings are booked", response_model=PracticeOut)
async def get_budget_practice(work: Annotated[Work, reads(VIEW)]) -> Response:
    """At once, or as far as the controller has verified; 404 until it is set, and then it is at once."""
    stored = await budget_phasings.find_practice_document(work.connection)
    if stored is None:
        raise Unknown
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/budget-practice", summary="Set when savings are booked", response_model=PracticeOut)
async def set_budget_practice(
    body: PracticeIn, work: Annotated[Writing, writes(BOOK_ADJUSTMENT)]
) -> Response:
    """Set the organisation's practice; what is booked stays, and a phasing may say otherwise."""
    stored = await phasing.set_practice(work, body.practice)
    return work.changed(stored.document, stored.revision)


@router.get(
    "/benefits/{benefit_id}/budget-phasings", summary="A benefit's phasings", response_model=PhasingPageOut
)
async def list_phasings(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Drafts, what is in force, and what was in force before; the newest first."""
    await benefits.get_row(work.connection, benefit_id)
    after, filters = read_cursor(cursor, length=2), {"benefit": benefit_id}
    page = await budget_phasings.LISTING.page(
        work.connection, sort="-id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/benefits/{benefit_id}/budget-phasings",
    summary="Draft a phasing",
    status_code=201,
    response_model=PhasingOut,
)
async def draft_phasing(
    benefit_id: UUID, body: PhasingIn, work: Annotated[Writing, writes(DRAFT_ADJUSTMENT)]
) -> Response:
    """Propose what a confirmed budget reduction changes in a unit's budget, account by account and year by
    year: costs first, growing savings after."""
    phasing_id, stored = await phasing.draft(work, benefit_id, body.draft())
    return work.created(stored.document, stored.revision, f"/budget-phasings/{phasing_id}")


@router.get("/budget-phasings/{phasing_id}", summary="One phasing", response_model=PhasingOut)
async def get_phasing(phasing_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The phasing with its lines; `ETag` is its revision."""
    stored = await budget_phasings.RECORDS.get(work.connection, phasing_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/budget-phasings/{phasing_id}", summary="Change a draft", response_model=PhasingOut)
async def change_phasing(
    phasing_id: UUID,
    body: PhasingChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(DRAFT_ADJUSTMENT)],
) -> Response:
    """Change the lines of a draft. What was agreed does not change: draft another, which takes its place."""
    stored = await phasing.change(work, phasing_id, body.change(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.post(
    "/budget-phasings/{phasing_id}/agreement", summary="Agree to a phasing", response_model=PhasingOut
)
async def agree_to_phasing(phasing_id: UUID, work: Annotated[Writing, writes(AGREE_ADJUSTMENT)]) -> Response:
    """Agree as a leader of the unit or an owner of the benefit, and not as the one who drafted it (G3)."""
    stored = await phasing.agree(work, phasing_id)
    return work.changed(stored.document, stored.revision)


@router.post(
    "/budget-phasings/{phasing_id}/withdrawal", summary="Withdraw a draft", response_model=PhasingOut
)
async def withdraw_phasing(phasing_id: UUID, work: Annotated[Writing, writes(DRAFT_ADJUSTMENT)]) -> Response:
    """Take a draft back; it stays to be read."""
    stored = await phasing.withdraw(work, phasing_id)
    return work.changed(stored.document, stored.revision)


@router.post(
    "/budget-phasings/{phasing_id}/bookings",
    summary="Book lines of a phasing",
    status_code=201,
    response_model=EntriesOut,
)
async def book_lines(
    phasing_id: UUID, body: BookingIn, work: Annotated[Writing, writes(BOOK_ADJUSTMENT)]
) -> Response:
    """Book lines of the phasing in force, all or none: no more than was agreed, than the benefit gives in the
    year or, where that is the practice, than the controller has verified."""
    step = None if body.index is None else body.index.step()
    lines = [line.line() for line in body.lines]
    made = await booking.book(work, phasing_id, lines, step, reason=body.reason)
    items = ",".join(stored.document for stored in made)
    return work.created(f'{{"items":[{items}]}}', 1, "/budget-entries")


@router.get("/budget-entries", summary="What was booked", response_model=EntryPageOut)
async def list_entries(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    benefit: Annotated[UUID | None, Query(description="Only because of this benefit.")] = None,
    unit: OfUnit = None,
    year: OfYear = None,
) -> Response:
    """Bookings and reversals, the newest first."""
    after = read_cursor(cursor, length=2)
    filters = {"benefit": benefit, "unit": unit, "year": year}
    page = await budget_entries.LISTING.page(
        work.connection, sort="-id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.get("/budget-entries/{entry_id}", summary="One entry", response_model=EntryOut)
async def get_entry(entry_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The entry, and what of it was reversed."""
    stored = await budget_entries.RECORDS.get(work.connection, entry_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.post(
    "/budget-entries/{entry_id}/reversals",
    summary="Reverse an entry",
    status_code=201,
    response_model=EntryOut,
)
async def reverse_entry(
    entry_id: UUID, body: ReversalIn, work: Annotated[Writing, writes(BOOK_ADJUSTMENT)]
) -> Response:
    """Take an entry back, wholly or in part, by a new entry; never more than is left of it."""
    amount = None if body.amount is None else minor(body.amount)
    reversal_id, stored = await booking.reverse(work, entry_id, amount=amount, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/budget-entries/{reversal_id}")
