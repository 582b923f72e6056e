"""Playbooks that were taken over: planned, done, decided, and kept up to date (X3)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import FOLLOW_PLAYBOOK, VIEW
from gevinst_portfolio.domain.playbooks import ItemKind
from gevinst_portfolio.routes.answers import changed, shown, written
from gevinst_portfolio.schemas.playbook_adoptions import (
    ActivityProgressIn,
    AdoptedActivityOut,
    AdoptedDecisionOut,
    DecisionOutcomeIn,
    PlaybookAcceptanceIn,
    PlaybookAdoptionIn,
    PlaybookAdoptionOut,
    PlaybookAdoptionPageOut,
    PlaybookDismissalIn,
    PlaybookPlanOut,
    PlaybookUpdateOut,
    PointsIn,
)
from gevinst_portfolio.schemas.playbooks import ActivityMembersIn, DecisionMembersIn
from gevinst_portfolio.store import playbook_adoptions
from gevinst_portfolio.store.playbook_adoptions import ADOPTIONS
from gevinst_portfolio.usecases import adopting_playbooks, updating_playbooks
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Playbooks"])
Read = Annotated[Work, reads(VIEW)]
Follow = Annotated[Writing, writes(FOLLOW_PLAYBOOK)]


@router.post(
    "/projects/{project_id}/playbook-adoptions",
    summary="Take a playbook over",
    status_code=201,
    response_model=PlaybookAdoptionOut,
)
async def adopt_playbook(project_id: UUID, body: PlaybookAdoptionIn, work: Follow) -> Response:
    """Make an edition the project's own, with its own days. It keeps the link to the original, and is offered
    later editions."""
    adoption_id, stored = await adopting_playbooks.take_over(
        work, project_id, body.playbook_id, edition=body.edition, points=body.days()
    )
    return work.created(stored.document, stored.revision, f"/playbook-adoptions/{adoption_id}")


@router.get("/playbook-adoptions", summary="What was taken over", response_model=PlaybookAdoptionPageOut)
async def list_playbook_adoptions(
    request: Request,
    work: Read,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Annotated[Literal["id", "-id"], Query(description="`-` turns the order.")] = "id",
    project: Annotated[UUID | None, Query(description="Only this project's.")] = None,
    playbook: Annotated[UUID | None, Query(description="Only of this playbook.")] = None,
) -> Response:
    """The playbooks that projects took over, each with how far it is and whether an update is offered."""
    page = await playbook_adoptions.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project, "playbook": playbook},
    )
    return page_response(request, page.items, page.next_place)


@router.get(
    "/playbook-adoptions/{playbook_adoption_id}", summary="One adoption", response_model=PlaybookAdoptionOut
)
async def get_playbook_adoption(playbook_adoption_id: UUID, work: Read) -> Response:
    """What was taken over, how far it is, and how it hangs on its original."""
    return shown(await ADOPTIONS.get(work.connection, playbook_adoption_id))


@router.put(
    "/playbook-adoptions/{playbook_adoption_id}",
    summary="Set the days of an adoption",
    response_model=PlaybookAdoptionOut,
)
async def set_adoption_points(
    playbook_adoption_id: UUID, body: PointsIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Replace the days that weeks are counted from; all activities move with them."""
    stored = await adopting_playbooks.set_points(work, playbook_adoption_id, body.days(), expected=expected)
    return changed(work, stored)


@router.get(
    "/playbook-adoptions/{playbook_adoption_id}/plan", summary="Its plan", response_model=PlaybookPlanOut
)
async def get_playbook_plan(playbook_adoption_id: UUID, work: Read) -> Response:
    """Activities with their days and states, and decisions, in order."""
    await ADOPTIONS.get(work.connection, playbook_adoption_id)
    activities, decisions = [
        await playbook_adoptions.plan(work.connection, playbook_adoption_id, kind) for kind in ItemKind
    ]
    members = f'"playbook_adoption_id":"{playbook_adoption_id}"'
    plan = f'{{{members},"activities":{activities},"decisions":{decisions}}}'
    return Response(plan, media_type=JSON)


@router.post(
    "/playbook-adoptions/{playbook_adoption_id}/activities",
    summary="Add an activity of your own",
    status_code=201,
    responses=SAYS_NO,
    response_model=AdoptedActivityOut,
)
async def add_adopted_activity(playbook_adoption_id: UUID, body: ActivityMembersIn, work: Follow) -> Response:
    """Add what the playbook does not have; updates leave it alone."""
    item_id, stored = await adopting_playbooks.add_activity(work, playbook_adoption_id, body.members())
    return work.created(stored.document, stored.revision, f"/adopted-activities/{item_id}")


@router.get(
    "/adopted-activities/{adopted_activity_id}", summary="One activity", response_model=AdoptedActivityOut
)
async def get_adopted_activity(adopted_activity_id: UUID, work: Read) -> Response:
    """The activity as it holds here, and where it is from."""
    return shown(
        await playbook_adoptions.get_document(work.connection, adopted_activity_id, ItemKind.ACTIVITY)
    )


@router.put(
    "/adopted-activities/{adopted_activity_id}",
    summary="Change an activity here",
    responses=SAYS_NO,
    response_model=AdoptedActivityOut,
)
async def change_adopted_activity(
    adopted_activity_id: UUID, body: ActivityMembersIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Replace all that the activity says; what is as in the playbook is no change of yours."""
    stored = await adopting_playbooks.change_item(
        work, adopted_activity_id, ItemKind.ACTIVITY, body.members(), expected=expected
    )
    return changed(work, stored)


@router.post(
    "/adopted-activities/{adopted_activity_id}/progress",
    summary="Say how far an activity is",
    responses=SAYS_NO,
    response_model=AdoptedActivityOut,
)
async def set_activity_progress(
    adopted_activity_id: UUID, body: ActivityProgressIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Planned, under way, done, or left out with the reason."""
    stored = await adopting_playbooks.set_progress(
        work, adopted_activity_id, body.state, reason=body.reason, expected=expected
    )
    return changed(work, stored)


@router.get(
    "/adopted-decisions/{adopted_decision_id}",
    summary="One decision to take",
    response_model=AdoptedDecisionOut,
)
async def get_adopted_decision(adopted_decision_id: UUID, work: Read) -> Response:
    """The decision as it holds here, and what became of it."""
    return shown(
        await playbook_adoptions.get_document(work.connection, adopted_decision_id, ItemKind.DECISION)
    )


@router.put(
    "/adopted-decisions/{adopted_decision_id}",
    summary="Change a decision here",
    responses=SAYS_NO,
    response_model=AdoptedDecisionOut,
)
async def change_adopted_decision(
    adopted_decision_id: UUID, body: DecisionMembersIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Replace what is decided by whom, before what; what is as in the playbook is no change of yours."""
    stored = await adopting_playbooks.change_item(
        work, adopted_decision_id, ItemKind.DECISION, body.members(), expected=expected
    )
    return changed(work, stored)


@router.post(
    "/adopted-decisions/{adopted_decision_id}/outcome",
    summary="Enter a decision",
    responses=SAYS_NO,
    response_model=AdoptedDecisionOut,
)
async def enter_decision_outcome(
    adopted_decision_id: UUID, body: DecisionOutcomeIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Taken on a day with its reason, open again, or left out with the reason."""
    stored = await adopting_playbooks.decide(
        work,
        adopted_decision_id,
        body.state,
        decided_on=body.decided_on,
        reason=body.reason,
        expected=expected,
    )
    return changed(work, stored)


@router.get(
    "/playbook-adoptions/{playbook_adoption_id}/update",
    summary="What a newer edition offers",
    responses=SAYS_NO,
    response_model=PlaybookUpdateOut,
)
async def get_playbook_update(playbook_adoption_id: UUID, work: Read) -> Response:
    """Each item that the newest edition would change: as it was taken, as it is there, as it is here, and
    whether the two conflict."""
    found = await updating_playbooks.read_update(work, playbook_adoption_id)
    return Response(written(PlaybookUpdateOut, found), media_type=JSON)


@router.post(
    "/playbook-adoptions/{playbook_adoption_id}/acceptance",
    summary="Take an update",
    responses=SAYS_NO,
    response_model=PlaybookAdoptionOut,
)
async def accept_playbook_update(
    playbook_adoption_id: UUID, body: PlaybookAcceptanceIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Take the newest edition, whole or item by item. What was changed on both sides needs an answer; what
    was changed here alone stays."""
    answers = {one.key: one.answer for one in body.answers}
    said = updating_playbooks.Acceptance(body.sha256, body.keys, answers, body.reason)
    stored = await updating_playbooks.accept(work, playbook_adoption_id, said, expected=expected)
    return changed(work, stored)


@router.post(
    "/playbook-adoptions/{playbook_adoption_id}/dismissal",
    summary="Take nothing of an update",
    responses=SAYS_NO,
    response_model=PlaybookAdoptionOut,
)
async def dismiss_playbook_update(
    playbook_adoption_id: UUID, body: PlaybookDismissalIn, expected: ExpectedRevision, work: Follow
) -> Response:
    """Leave everything as it is, with the reason. The edition can still be taken later."""
    stored = await updating_playbooks.dismiss(
        work, playbook_adoption_id, sha256=body.sha256, reason=body.reason, expected=expected
    )
    return changed(work, stored)
