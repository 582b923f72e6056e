"""What you must do, as a small page: for yourself, and in a frame with your own ticket."""

from typing import Annotated

from fastapi import APIRouter, Response

from gevinst_notifications.clients.mail_texts import catalogues
from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.members import Term
from gevinst_notifications.domain.permissions import USE_INBOX
from gevinst_notifications.domain.status_pages import duties_page
from gevinst_notifications.domain.wording import Language, formatted
from gevinst_notifications.store import duties, people
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import reads
from gevinst_shared.web.status_pages import STATUS_ANSWERS, StatusAsked

router = APIRouter(tags=["Status pages"])
_PACKAGE = "gevinst_notifications"


@router.get(
    "/duties/status-page",
    summary="Your duties as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_own_duties(work: Annotated[Work, reads(USE_INBOX)], asked: StatusAsked) -> Response:
    """What you must do yourself, or hold the role for, by day. It is yours alone: it can stand in a frame
    with a ticket that was made with your token, and is never published."""
    reader = await people.find_reader(work.connection, work.actor.subject)
    found = (
        []
        if reader is None
        else await duties.list_of_person(work.connection, reader.person_id, today=work.today)
    )
    catalogue = catalogues()[Language(asked.language)]

    def name_of(kind: DutyKind) -> str:
        return formatted(Term("duties", kind), catalogue)

    return asked.answer(duties_page(found, name_of, asked.words(_PACKAGE), today=work.today))
