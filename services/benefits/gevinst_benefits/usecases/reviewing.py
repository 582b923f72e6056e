"""Advising on a proposed gate, and commenting on it (G2, G3)."""

from uuid import UUID

from gevinst_benefits.domain.gates import gates
from gevinst_benefits.domain.gates.reviews import Advice, refuse_review
from gevinst_benefits.domain.permissions import COMMENT
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.gates import GateCommented, GateReviewed
from gevinst_benefits.store import reviews
from gevinst_benefits.store.gates import Put, get_proposal
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project, person_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


async def review(work: Work, gate_id: UUID, advice: Advice, *, reason: str) -> Stored:
    """Advise on the proposal, once, as one of its named reviewers."""
    put, project = await _open(work, gate_id)
    reviewer = await person_of(work.connection, work.actor.subject)
    refuse_review(put.panel, reviewer, await reviews.advised(work.connection, gate_id))
    assert reviewer is not None
    fact = GateReviewed(
        project_id=project.id,
        project_name=project.name,
        gate_id=gate_id,
        gate=put.proposal.gate,
        reviewer_id=reviewer,
        advice=advice.value,
        reason=reason,
    )
    values = {
        "id": new_id(),
        "gate_id": gate_id,
        "reviewer_id": reviewer,
        "advice": advice.value,
        "reason": reason,
        "reviewed_by": work.actor.subject,
        "reviewed_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("gates", gate_id), reason=reason)
    return await reviews.add_review(work.connection, values, record)


async def comment(work: Work, gate_id: UUID, text: str) -> Stored:
    """Say something about the proposal, while it awaits its decision."""
    put, project = await _open(work, gate_id)
    work.require(COMMENT, project.place())
    comment_id = new_id()
    fact = GateCommented(
        project_id=project.id,
        gate_id=gate_id,
        gate=put.proposal.gate,
        comment_id=comment_id,
        commented_by=work.actor.subject,
    )
    values = {
        "id": comment_id,
        "gate_id": gate_id,
        "text": text,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("gates", gate_id))
    return await reviews.add_comment(work.connection, values, record)


async def _open(work: Work, gate_id: UUID) -> tuple[Put, Project]:
    """The proposal, held so that nobody decides it meanwhile; refused when it is settled."""
    put = await get_proposal(work.connection, gate_id)
    project = await get_project(work.connection, put.proposal.progress.project_id)
    await find_progress(work.connection, project.id, for_change=True)
    put = await get_proposal(work.connection, gate_id)
    gates.refuse_settled(put.proposal)
    return put, project
