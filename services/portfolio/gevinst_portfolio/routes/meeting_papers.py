"""The paper of a meeting: before it, what the board shall decide; afterwards, the record of what it did."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import VIEW_MEETING
from gevinst_portfolio.papers.meeting.paper import meeting_paper
from gevinst_portfolio.routes.analysis_sentences import Saying
from gevinst_portfolio.usecases.presenting_meetings import documents_of_meeting
from gevinst_shared.db.work import Work
from gevinst_shared.papers.wording import Words
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.paper_responses import PAPER_ANSWERS, AskedPaper
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Meetings"])


@router.get(
    "/meetings/{meeting_id}/paper",
    summary="A meeting's paper",
    response_class=Response,
    responses=SAYS_NO | PAPER_ANSWERS,
)
async def get_meeting_paper(
    meeting_id: UUID, work: Annotated[Work, reads(VIEW_MEETING)], asked: AskedPaper
) -> Response:
    """The agenda with its items; for each scenario what it comes to and what it would change from what is
    decided today, in money and people, and why; what was decided, with case numbers and reasons, and what it
    freed; and the minutes. In your language, as PDF or DOCX by `Accept`."""
    words = Words(asked.language, "gevinst_portfolio")
    documents = await documents_of_meeting(work, meeting_id, words, Saying(asked.language).obstacles)
    return asked.answer(meeting_paper(documents, words))
