"""Ideas, from anybody and every source, on their way to proposals (P1)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.ideas import IdeaState
from gevinst_portfolio.domain.likeness import Described
from gevinst_portfolio.domain.permissions import ANSWER_IDEA, HAVE_IDEA, PROPOSE, VIEW
from gevinst_portfolio.routes.answers import changed, shown, written
from gevinst_portfolio.schemas.ideas import (
    IdeaAnswerIn,
    IdeaIn,
    IdeaOut,
    IdeaPageOut,
    IdeaProposalIn,
    ReadinessOut,
)
from gevinst_portfolio.schemas.merges import DuplicatesOut
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.store import ideas
from gevinst_portfolio.usecases import having_ideas, merging
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Ideas"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/ideas", summary="Ideas", response_model=IdeaPageOut)
async def list_ideas(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    state: Annotated[IdeaState | None, Query(description="Only in this state.")] = None,
    source: Annotated[str | None, Query(max_length=60, description="Only from this source.")] = None,
    portfolio: Annotated[UUID | None, Query(description="Only for this portfolio.")] = None,
    unit: Annotated[UUID | None, Query(description="Only this unit's.")] = None,
    submitter: Annotated[str | None, Query(max_length=300, description="Only this person's.")] = None,
) -> Response:
    """Ideas of the organisation, a page at a time. They are no part of any scenario."""
    page = await ideas.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "state": state,
            "source": source,
            "portfolio": portfolio,
            "unit": unit,
            "submitter": submitter,
        },
    )
    return page_response(request, page.items, page.next_place)


@router.post("/ideas", summary="Submit an idea", status_code=201, response_model=IdeaOut)
async def submit_idea(body: IdeaIn, work: Annotated[Writing, writes(HAVE_IDEA)]) -> Response:
    """Submit an idea: a name and a need are enough, and every person of the organisation may."""
    idea_id, stored = await having_ideas.submit_idea(work, body.model_dump())
    return work.created(stored.document, stored.revision, f"/ideas/{idea_id}")


@router.get("/ideas/{idea_id}", summary="One idea", response_model=IdeaOut)
async def get_idea(idea_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The idea, who supports it, and what became of it."""
    return shown(await ideas.RECORDS.get(work.connection, idea_id))


@router.put("/ideas/{idea_id}", summary="Change an idea", response_model=IdeaOut)
async def change_idea(
    idea_id: UUID, body: IdeaIn, expected: ExpectedRevision, work: Annotated[Writing, writes(HAVE_IDEA)]
) -> Response:
    """Replace what an open idea says: its submitter may, and those who answer ideas."""
    stored = await having_ideas.change_idea(work, idea_id, body.model_dump(), expected=expected)
    return changed(work, stored)


@router.get(
    "/ideas/{idea_id}/duplicates", summary="Likely duplicates of an idea", response_model=DuplicatesOut
)
async def list_idea_duplicates(idea_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Projects and other ideas whose name and need say much the same."""
    row = await ideas.get_row(work.connection, idea_id)
    found = await merging.find_duplicates(work, Described(row["id"], row["name"], row["need"]))
    return Response(written(DuplicatesOut, found), media_type=JSON)


@router.post("/ideas/{idea_id}/support", summary="Support an idea", response_model=IdeaOut)
async def support_idea(idea_id: UUID, work: Annotated[Writing, writes(HAVE_IDEA)]) -> Response:
    """Say that you want it too. Once is enough."""
    stored = await having_ideas.support_idea(work, idea_id)
    return work.changed(stored.document, stored.revision)


@router.post("/ideas/{idea_id}/answer", summary="Answer an idea", response_model=IdeaOut)
async def answer_idea(
    idea_id: UUID,
    body: IdeaAnswerIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ANSWER_IDEA)],
) -> Response:
    """Park or reject an idea, or take it up again, with a reason that its submitter hears."""
    stored = await having_ideas.answer_idea(
        work, idea_id, answer=body.answer, reason=body.reason, expected=expected
    )
    return changed(work, stored)


@router.post(
    "/ideas/{idea_id}/proposal", summary="Propose an idea", status_code=201, response_model=ProjectOut
)
async def propose_idea(
    idea_id: UUID,
    body: IdeaProposalIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PROPOSE)],
) -> Response:
    """Make a proposal of the idea, in a portfolio, with its source and supporters. What it lacks before it
    can be prioritised is told by its readiness."""
    made = await having_ideas.propose_idea(work, idea_id, portfolio_id=body.portfolio_id, expected=expected)
    if made is None:
        raise ChangedMeanwhile
    project_id, stored = made
    return work.created(stored.document, stored.revision, f"/projects/{project_id}")


@router.get("/projects/{project_id}/readiness", summary="What a proposal lacks", response_model=ReadinessOut)
async def get_proposal_readiness(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What is missing before the proposal can be prioritised, and what else it does not say yet."""
    return Response(written(ReadinessOut, await having_ideas.readiness(work, project_id)), media_type=JSON)
