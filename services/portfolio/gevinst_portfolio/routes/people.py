"""People."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.people import PersonIn, PersonOut, PersonPageOut
from gevinst_portfolio.store import people
from gevinst_portfolio.usecases import staffing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["People"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/people", summary="The people", response_model=PersonPageOut)
async def list_people(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    subject: Annotated[str | None, Query(max_length=200, description="Only with this `sub`.")] = None,
) -> Response:
    """The people of the organisation, a page at a time."""
    after = read_cursor(cursor, length=2)
    page = await people.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"subject": subject}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/people", summary="Register a person", status_code=201, response_model=PersonOut)
async def register_person(body: PersonIn, work: Annotated[Writing, writes(ADMINISTER)]) -> Response:
    """Register a person under the name that their tokens carry."""
    person_id, stored = await staffing.register_person(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/people/{person_id}")


@router.get("/people/{person_id}", summary="One person", response_model=PersonOut)
async def get_person(person_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The person as registered."""
    return shown(await people.RECORDS.get(work.connection, person_id))


@router.put("/people/{person_id}", summary="Change a person", response_model=PersonOut)
async def change_person(
    person_id: UUID, body: PersonIn, expected: ExpectedRevision, work: Annotated[Writing, writes(ADMINISTER)]
) -> Response:
    """Change all that is kept of the person."""
    stored = await staffing.change_person(work, person_id, **body.model_dump(), expected=expected)
    return changed(work, stored)
