"""Playbooks: written, published in editions, shared and compared (X3)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import PUBLISH_PLAYBOOK, VIEW, WRITE_PLAYBOOK
from gevinst_portfolio.routes.answers import changed, shown, written
from gevinst_portfolio.schemas.playbooks import (
    PlaybookDifferenceOut,
    PlaybookDocumentOut,
    PlaybookDraftOut,
    PlaybookEditionIn,
    PlaybookEditionPageOut,
    PlaybookFollowerPageOut,
    PlaybookIn,
    PlaybookOut,
    PlaybookPageOut,
    PlaybookWithdrawalIn,
)
from gevinst_portfolio.store import playbook_followers, playbooks
from gevinst_portfolio.usecases import publishing_playbooks
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Playbooks"])
Sort = Annotated[Literal["name", "id", "-name", "-id"], Query(description="`-` turns the order.")]
EditionSort = Annotated[Literal["number", "-number"], Query(description="`-` turns the order.")]
Edition = Annotated[int | None, Query(ge=1, le=1_000_000, description="Absent: the newest.", examples=[1])]
Write = Annotated[Writing, writes(WRITE_PLAYBOOK)]
Publish = Annotated[Writing, writes(PUBLISH_PLAYBOOK)]


@router.get("/playbooks", summary="The playbooks", response_model=PlaybookPageOut)
async def list_playbooks(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "name",
    publisher: Annotated[
        str | None, Query(max_length=15, pattern="^[0-9]{4}:[0-9]{8,10}$", examples=["0192:958935420"])
    ] = None,
    published_as: Annotated[UUID | None, Query(description="Only what its publisher gave this id.")] = None,
    project: Annotated[UUID | None, Query(description="Only this project's own.")] = None,
    programme: Annotated[UUID | None, Query(description="Only this programme's own.")] = None,
) -> Response:
    """The playbooks in your organisation's register: your own, and partners' that arrived."""
    page = await playbooks.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "publisher": publisher,
            "published_as": published_as,
            "project": project,
            "programme": programme,
        },
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/playbooks",
    summary="Begin a project's playbook",
    status_code=201,
    response_model=PlaybookOut,
)
async def draft_project_playbook(project_id: UUID, body: PlaybookIn, work: Write) -> Response:
    """Write down what the project has learned to do and decide. No other body sees it before it is
    published."""
    playbook_id, stored = await publishing_playbooks.draft(work, body.playbook(), project_id=project_id)
    return work.created(stored.document, stored.revision, f"/playbooks/{playbook_id}")


@router.post(
    "/programmes/{programme_id}/playbooks",
    summary="Begin a programme's playbook",
    status_code=201,
    response_model=PlaybookOut,
)
async def draft_programme_playbook(programme_id: UUID, body: PlaybookIn, work: Write) -> Response:
    """Write down what the programme has learned to do and decide. No other body sees it before it is
    published."""
    playbook_id, stored = await publishing_playbooks.draft(work, body.playbook(), programme_id=programme_id)
    return work.created(stored.document, stored.revision, f"/playbooks/{playbook_id}")


@router.get("/playbooks/{playbook_id}", summary="One playbook", response_model=PlaybookOut)
async def get_playbook(playbook_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Whose it is, its newest edition, and whether it can still be taken over."""
    return shown(await playbooks.RECORDS.get(work.connection, playbook_id))


@router.put("/playbooks/{playbook_id}", summary="Change a playbook's draft", response_model=PlaybookOut)
async def change_playbook(
    playbook_id: UUID, body: PlaybookIn, expected: ExpectedRevision, work: Write
) -> Response:
    """Replace all that the next edition will say. Keys tell which items are the same as before."""
    stored = await publishing_playbooks.change(work, playbook_id, body.playbook(), expected=expected)
    return changed(work, stored)


@router.get("/playbooks/{playbook_id}/draft", summary="What comes next", response_model=PlaybookDraftOut)
async def get_playbook_draft(playbook_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What the next edition will say, each item with its key."""
    return shown(await playbooks.get_draft(work.connection, playbook_id))


@router.post(
    "/playbooks/{playbook_id}/editions",
    summary="Publish an edition",
    status_code=201,
    responses=SAYS_NO,
    response_model=PlaybookOut,
)
async def publish_playbook(
    playbook_id: UUID, body: PlaybookEditionIn, expected: ExpectedRevision, work: Publish
) -> Response:
    """Publish the draft as the next edition, which is never changed. Partners that it is shared with get
    it."""
    stored = await publishing_playbooks.publish(work, playbook_id, note=body.note, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.created(stored.document, stored.revision, f"/playbooks/{playbook_id}")


@router.get(
    "/playbooks/{playbook_id}/editions", summary="Its editions", response_model=PlaybookEditionPageOut
)
async def list_playbook_editions(
    request: Request,
    playbook_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: EditionSort = "-number",
) -> Response:
    """Every edition that was published, or arrived here, the newest first."""
    await playbooks.RECORDS.get(work.connection, playbook_id)
    page = await playbooks.EDITIONS.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"playbook": playbook_id},
    )
    return page_response(request, page.items, page.next_place)


@router.get(
    "/playbooks/{playbook_id}/document",
    summary="An edition as published",
    responses=SAYS_NO,
    response_model=PlaybookDocumentOut,
)
async def get_playbook_document(
    playbook_id: UUID, work: Annotated[Work, reads(VIEW)], edition: Edition = None
) -> Response:
    """The whole edition with its hash."""
    document = await publishing_playbooks.read_document(work, playbook_id, edition)
    return Response(document, media_type=JSON)


@router.get(
    "/playbooks/{playbook_id}/difference",
    summary="What an edition changed",
    responses=SAYS_NO,
    response_model=PlaybookDifferenceOut,
)
async def compare_playbook_editions(
    playbook_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    edition: Edition = None,
    since: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="Absent: the edition before.", examples=[1])
    ] = None,
) -> Response:
    """What was added, removed and changed since an earlier edition, member by member."""
    found = await publishing_playbooks.compare(work, playbook_id, edition=edition, since=since)
    return Response(written(PlaybookDifferenceOut, found), media_type=JSON)


@router.post(
    "/playbooks/{playbook_id}/withdrawal",
    summary="Withdraw a playbook",
    responses=SAYS_NO,
    response_model=PlaybookOut,
)
async def withdraw_playbook(
    playbook_id: UUID, body: PlaybookWithdrawalIn, expected: ExpectedRevision, work: Publish
) -> Response:
    """Let nobody take it over any more; those who did keep what they took, and are told. The next edition
    puts it back."""
    stored = await publishing_playbooks.withdraw(work, playbook_id, reason=body.reason, expected=expected)
    return changed(work, stored)


@router.get(
    "/playbooks/{playbook_id}/adoptions", summary="Who took it over", response_model=PlaybookFollowerPageOut
)
async def list_playbook_followers(
    request: Request,
    playbook_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Annotated[Literal["organisation", "-organisation"], Query(description="`-` turns the order.")] = (
        "organisation"
    ),
) -> Response:
    """Your own projects and other bodies that took it over, at which edition, and how far each is, as far as
    they share it."""
    await playbooks.RECORDS.get(work.connection, playbook_id)
    page = await playbook_followers.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"playbook": playbook_id},
    )
    return page_response(request, page.items, page.next_place)
