"""The end of a pause (G2): the project does not go on by itself, and those who lead it hear of the day."""

from uuid import UUID

from gevinst_benefits.domain.gates.gates import ProjectState
from gevinst_benefits.events.gates import PauseEnded
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.gates import get_proposal
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of


async def tell_of_end(work: Work, gate_id: UUID) -> None:
    """Tell that the day has come until which the gate's decision paused the project, if it still is."""
    put = await get_proposal(work.connection, gate_id)
    project = await get_project(work.connection, put.proposal.progress.project_id)
    kept = await find_progress(work.connection, project.id, for_change=True)
    if kept is None or kept.progress.state is not ProjectState.PAUSED:
        return
    fact = PauseEnded(
        project_id=project.id,
        project_name=project.name,
        gate_id=gate_id,
        gate=put.proposal.gate,
        pause_until=put.pause_until,
    )
    record = recorded(work, fact, subject=subject_of("gates", gate_id))
    await announce(
        work.connection, [record | {"before": None, "after": {"pause_until": str(put.pause_until)}}]
    )
