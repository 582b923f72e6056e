"""Addresses that exist no more: seeing them, lifting them, and reports of mails that came back."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.permissions import MANAGE_SUPPRESSIONS, REPORT_BOUNCES
from gevinst_notifications.schemas.suppressions import (
    BounceIn,
    BounceOut,
    SuppressionIn,
    SuppressionOut,
    SuppressionPageOut,
)
from gevinst_notifications.store import suppressions
from gevinst_notifications.store.suppressions import SUPPRESSIONS
from gevinst_notifications.usecases import bouncing, suppressing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Operations"])
Sort = Annotated[Literal["id", "-id"], Query(description="The order in which they were suppressed.")]


@router.get("/suppressions", summary="Addresses that exist no more", response_model=SuppressionPageOut)
async def list_suppressions(
    request: Request,
    work: Annotated[Work, reads(MANAGE_SUPPRESSIONS)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    address: Annotated[str | None, Query(max_length=320, description="Only this address.")] = None,
) -> Response:
    """The addresses that no mail is sent to, since a mail server said that they do not exist."""
    page = await suppressions.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"address": address},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/suppressions", summary="Write to an address no more", status_code=201, response_model=SuppressionOut
)
async def suppress_address(
    body: SuppressionIn, work: Annotated[Writing, writes(MANAGE_SUPPRESSIONS)]
) -> Response:
    """Send no mail to the address until the suppression is deleted; the person's inbox is not touched."""
    suppression_id, stored = await suppressing.suppress_address(work, body.address)
    return work.created(stored.document, stored.revision, f"/suppressions/{suppression_id}")


@router.get("/suppressions/{suppression_id}", summary="One address", response_model=SuppressionOut)
async def get_suppression(
    suppression_id: UUID, work: Annotated[Work, reads(MANAGE_SUPPRESSIONS)]
) -> Response:
    """What the server said of the address, and of which delivery."""
    stored = await SUPPRESSIONS.get(work.connection, suppression_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.delete(
    "/suppressions/{suppression_id}", summary="Write to it again", status_code=204, response_model=None
)
async def lift_suppression(
    suppression_id: UUID, work: Annotated[Writing, writes(MANAGE_SUPPRESSIONS)], expected: ExpectedRevision
) -> Response:
    """Send mail to the address again. What was given up meanwhile is not sent by itself: replay it."""
    if not await suppressing.lift(work, suppression_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()


@router.post("/bounces", summary="Report a mail that came back", response_model=BounceOut)
async def report_bounce(body: BounceIn, work: Annotated[Writing, writes(REPORT_BOUNCES)]) -> Response:
    """Take in a returned mail: its delivery counts as failed, and when the report says that the address does
    not exist, none is sent there again. For the program that receives our sender's mail."""
    learned = await bouncing.report_bounce(work, body.report)
    answer = BounceOut(failed=learned.failed, suppressed=learned.suppressed)
    return work.answered(answer.model_dump_json())
