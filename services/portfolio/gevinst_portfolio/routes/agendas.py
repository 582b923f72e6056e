"""The agendas of the board's meetings (P8)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_portfolio.domain.permissions import ARRANGE, VIEW_MEETING
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.meetings import AgendaItemIn, AgendaItemOut, AgendaPageOut, ItemWithdrawalIn
from gevinst_portfolio.store import meetings
from gevinst_portfolio.usecases import setting_agendas
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Meetings"])


@router.get("/meetings/{meeting_id}/agenda-items", summary="A meeting's agenda", response_model=AgendaPageOut)
async def list_agenda(
    request: Request,
    meeting_id: UUID,
    work: Annotated[Work, reads(VIEW_MEETING)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """The items in their order; those that were taken off are still told."""
    await meetings.MEETINGS.get(work.connection, meeting_id)
    page = await meetings.ITEMS.page(
        work.connection,
        sort="position",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"meeting": meeting_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/meetings/{meeting_id}/agenda-items",
    summary="Put an item on the agenda",
    status_code=201,
    response_model=AgendaItemOut,
)
async def add_agenda_item(
    meeting_id: UUID, body: AgendaItemIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """A scenario to decide, a proposal, a stop, a status or information, with its papers."""
    item_id, stored = await setting_agendas.add_item(work, meeting_id, body.said(), reason=body.reason)
    return work.created(stored.document, stored.revision, f"/agenda-items/{item_id}")


@router.get("/agenda-items/{agenda_item_id}", summary="One agenda item", response_model=AgendaItemOut)
async def get_agenda_item(agenda_item_id: UUID, work: Annotated[Work, reads(VIEW_MEETING)]) -> Response:
    """The item, its papers, and the decisions on it."""
    return shown(await meetings.AGENDA.get(work.connection, agenda_item_id))


@router.put("/agenda-items/{agenda_item_id}", summary="Change an agenda item", response_model=AgendaItemOut)
async def change_agenda_item(
    agenda_item_id: UUID,
    body: AgendaItemIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Replace the item. One that was decided stays as it was."""
    stored = await setting_agendas.change_item(
        work, agenda_item_id, body.said(), reason=body.reason, expected=expected
    )
    return changed(work, stored)


@router.post(
    "/agenda-items/{agenda_item_id}/withdrawal",
    summary="Take an item off the agenda",
    response_model=AgendaItemOut,
)
async def withdraw_agenda_item(
    agenda_item_id: UUID,
    body: ItemWithdrawalIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Take it off; it is still told that it was there."""
    stored = await setting_agendas.withdraw_item(work, agenda_item_id, reason=body.reason, expected=expected)
    return changed(work, stored)
