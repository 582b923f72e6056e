"""Decision point 6: looking, months or years later, whether the effect came (G10)."""

from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates import effect_reviews as domain
from gevinst_benefits.domain.gates.effect_reviews import EffectReview, EffectReviewState, Finding
from gevinst_benefits.domain.gates.gates import ProjectEnded, ProjectState
from gevinst_benefits.domain.gates.journeys import ProgressNotStarted
from gevinst_benefits.domain.permissions import DECIDE_GATE, LOOK_BACK
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.handovers import (
    EffectReviewCalledOff,
    EffectReviewDue,
    EffectReviewHeld,
    EffectReviewScheduled,
)
from gevinst_benefits.store import benefits
from gevinst_benefits.store import effect_reviews as store
from gevinst_benefits.store.alarms import set_alarm
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_ends


async def schedule(work: Work, project_id: UUID, due_on: date) -> tuple[UUID, Stored]:
    """Plan to look at the project's effect on a day; its id and record."""
    project = await get_project(work.connection, project_id)
    work.require(LOOK_BACK, project.place())
    domain.refuse_past_day(due_on, work.today)
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is None:
        raise ProgressNotStarted
    if kept.progress.state is ProjectState.STOPPED:
        raise ProjectEnded(state=kept.progress.state.value)
    return await _add(work, project, EffectReview(new_id(), project_id, due_on))


async def hold(work: Work, review_id: UUID, finding: Finding, *, expected: int) -> Stored | None:
    """Say what came of the project, and plan the next look when more work is needed."""
    row = await store.RECORDS.row(work.connection, review_id)
    project = await get_project(work.connection, row["project_id"])
    work.require(DECIDE_GATE, project.place())
    kept = await find_progress(work.connection, project.id, for_change=True)
    assert kept is not None  # it was there when the review was scheduled, and is never taken away
    review = store.review_from(await store.RECORDS.row(work.connection, review_id, for_change=True))
    domain.refuse_early_look(kept.progress, kept.model)
    held = domain.hold(review, finding, by=work.actor.subject, at=work.now, today=work.today)
    plan = await benefits.rows_of_project(work.connection, project.id)
    fact = EffectReviewHeld(**_facts(project, held), outcome=finding.outcome.value, reason=finding.reason)
    record = recorded(work, fact, subject=subject_of("effect-reviews", review_id), reason=finding.reason)
    values = store.columns_of(held) | {
        "benefits": [
            {"benefit_id": str(one["id"]), "name": one["name"], "state": one["state"]} for one in plan
        ]
    }
    stored = await store.RECORDS.change(work.connection, values, record, expected=expected)
    if stored is not None and finding.next_due_on is not None:
        following = EffectReview(new_id(), project.id, finding.next_due_on, follows_id=review_id)
        await _add(work, project, following)
    return stored


async def tell_of_day(work: Work, review_id: UUID) -> None:
    """The day has come: who decides the project's gates shall look at its effect."""
    review = store.review_from(await store.RECORDS.row(work.connection, review_id, for_change=True))
    if review.state is not EffectReviewState.SCHEDULED:
        return
    project = await get_project(work.connection, review.project_id)
    fact = EffectReviewDue(**_facts(project, review))
    record = recorded(work, fact, subject=subject_of("effect-reviews", review_id))
    await announce(work.connection, [record | {"before": None, "after": {"due_on": str(review.due_on)}}])


async def call_off(work: Work, project: Project) -> None:
    """G6: nobody looks for the effect of a project that was stopped."""
    for review in await store.scheduled(work.connection, project.id):
        ended = domain.call_off(review)
        fact = EffectReviewCalledOff(**_facts(project, ended))
        record = recorded(work, fact, subject=subject_of("effect-reviews", review.id))
        values = store.columns_of(ended) | {"benefits": []}
        await store.RECORDS.change(work.connection, values, record)


async def _add(work: Work, project: Project, review: EffectReview) -> tuple[UUID, Stored]:
    values = store.columns_of(review) | {
        "benefits": [],
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = EffectReviewScheduled(**_facts(project, review))
    record = recorded(work, fact, subject=subject_of("effect-reviews", review.id))
    stored = await store.RECORDS.add(work.connection, values, record)
    rings_at = day_ends(work.organisation, review.due_on - review.due_on.resolution)
    await set_alarm(work, "effect-review-due", review.id, rings_at=rings_at)
    return review.id, stored


def _facts(project: Project, review: EffectReview) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "project_name": project.name,
        "review_id": review.id,
        "due_on": review.due_on,
    }
