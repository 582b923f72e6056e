"""Leave, and who stands in meanwhile."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.permissions import CHOOSE_PREFERENCES
from gevinst_notifications.schemas.absences import AbsenceChangeIn, AbsenceIn, AbsenceOut, AbsencePageOut
from gevinst_notifications.store import absences
from gevinst_notifications.usecases import going_away
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Leave"])
Sort = Annotated[
    Literal["id", "from", "-id", "-from"],
    Query(description="`from` is the first day away; `-` turns the order."),
]


@router.get("/absences", summary="Leave", response_model=AbsencePageOut)
async def list_absences(
    request: Request,
    work: Annotated[Work, reads(CHOOSE_PREFERENCES)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "from",
    person: Annotated[
        UUID | None, Query(description="Only of this person; yourself, unless you administer.")
    ] = None,
) -> Response:
    """Your own leave; everybody's for administrators and the portfolio office."""
    page = await absences.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"person": await going_away.reader_of_list(work, person)},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/absences", summary="Enter leave", status_code=201, response_model=AbsenceOut)
async def enter_absence(body: AbsenceIn, work: Annotated[Writing, writes(CHOOSE_PREFERENCES)]) -> Response:
    """Enter days away. Meanwhile the substitute hears in your place; what else comes waits in the digest of
    the first day back. What must be done and nobody stands in for is mailed all the same."""
    absence_id, stored = await going_away.enter_absence(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/absences/{absence_id}")


@router.get("/absences/{absence_id}", summary="One leave", response_model=AbsenceOut)
async def get_absence(absence_id: UUID, work: Annotated[Work, reads(CHOOSE_PREFERENCES)]) -> Response:
    """The days away, and who stands in."""
    stored = await going_away.get_absence(work, absence_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/absences/{absence_id}", summary="Change leave", response_model=AbsenceOut)
async def change_absence(
    absence_id: UUID,
    body: AbsenceChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(CHOOSE_PREFERENCES)],
) -> Response:
    """Change the days, or who stands in."""
    stored = await going_away.change_absence(work, absence_id, **body.model_dump(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.delete("/absences/{absence_id}", summary="Take leave back", status_code=204, response_model=None)
async def cancel_absence(
    absence_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(CHOOSE_PREFERENCES)]
) -> Response:
    """Hear as usual on these days."""
    if not await going_away.cancel_absence(work, absence_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()
