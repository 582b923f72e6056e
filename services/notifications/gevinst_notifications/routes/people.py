"""What is kept of people: given to them, and erased."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_notifications.domain.permissions import CHOOSE_PREFERENCES, ERASE_PEOPLE
from gevinst_notifications.schemas.exports import ExportOut
from gevinst_notifications.usecases import erasing
from gevinst_shared.db.work import Work
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["People"])


@router.get(
    "/people/{person_id}/export", summary="Everything that is kept of a person", response_model=ExportOut
)
async def export_person(person_id: UUID, work: Annotated[Work, reads(CHOOSE_PREFERENCES)]) -> Response:
    """Everything that this service keeps of you or, for administrators, of anybody."""
    document = await erasing.get_export(work, person_id)
    headers = {"Content-Disposition": f'attachment; filename="person-{person_id}.json"'}
    return Response(document, headers=headers, media_type=JSON)


@router.post(
    "/people/{person_id}/erasure",
    summary="Erase a person",
    status_code=204,
    response_model=None,
    responses=SAYS_NO,
)
async def erase_person(person_id: UUID, work: Annotated[Writing, writes(ERASE_PEOPLE)]) -> Response:
    """Take away the inbox, preferences, followings, leave, calendars and digests of a person, and the name,
    address and subject wherever they stand in what others were told. What waits to be sent to them is not
    sent. It cannot be taken back; the person's register is with the portfolio service."""
    await erasing.erase_person(work, person_id)
    return work.done()
