"""Starting a project on a phase model and leading it past phases (G1, G5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates import gates
from gevinst_benefits.domain.gates.gates import Progress, ProjectEnded, ProjectState
from gevinst_benefits.domain.gates.journeys import ProgressNotStarted, ProgressStartedAlready
from gevinst_benefits.domain.gates.phase_models import Gate, PhaseModel
from gevinst_benefits.domain.permissions import STEER
from gevinst_benefits.events.progress import PhaseSkipped, ProgressStarted
from gevinst_benefits.store.gates import passed_gates
from gevinst_benefits.store.progress import Kept, add_progress, change_progress, find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Journey:
    """Where a project is, with the model it follows and the gates behind it, the latest first."""

    progress: Progress
    model: PhaseModel
    revision: int
    started_at: datetime
    history: Sequence[Mapping[str, Any]]

    @property
    def gates_ahead(self) -> tuple[Gate, ...]:
        """None for a project that has ended."""
        has_ended = self.progress.state in (ProjectState.STOPPED, ProjectState.CLOSED)
        return () if has_ended else gates.gates_ahead(self.progress, self.model)


async def journey_of(work: Work, project_id: UUID) -> Journey:
    """Where the project is, or `Unknown` when it follows no phase model."""
    kept = await find_progress(work.connection, project_id)
    if kept is None:
        raise Unknown
    return await _journey(work, kept)


async def start(work: Work, project_id: UUID, model: PhaseModel) -> Journey:
    """Put the project at the beginning of a phase model, once."""
    project = await get_project(work.connection, project_id)
    work.require(STEER, project.place())
    known = await find_progress(work.connection, project_id)
    if known is not None:
        raise ProgressStartedAlready(model=known.model.name)
    begun = Kept(gates.start(project_id, model), model, revision=1, started_at=work.now)
    fact = ProgressStarted(project_id=project_id, phase_model=model.code, phase=begun.progress.phase)
    await add_progress(
        work.connection, begun, recorded(work, fact, subject=subject_of("projects", project_id))
    )
    return Journey(begun.progress, model, begun.revision, begun.started_at, history=())


async def skip_phase(
    work: Work, project_id: UUID, *, phase: str, reason: str, expected: int
) -> Journey | None:
    """Leave out a coming phase; None when the progress is not at revision `expected` any more."""
    project = await get_project(work.connection, project_id)
    work.require(STEER, project.place())
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is None:
        raise ProgressNotStarted
    if kept.progress.state in (ProjectState.STOPPED, ProjectState.CLOSED):
        raise ProjectEnded(state=kept.progress.state.value)
    changed = gates.skip_phase(kept.progress, kept.model, phase)
    fact = PhaseSkipped(project_id=project_id, phase=phase, reason=reason)
    record = recorded(work, fact, subject=subject_of("projects", project_id), reason=reason)
    return await journey_after(work, replace(kept, progress=changed), record, expected=expected)


async def journey_after(
    work: Work, changed: Kept, record: Mapping[str, Any], *, expected: int
) -> Journey | None:
    """Write the changed progress; None when it is not at revision `expected` any more."""
    revision = await change_progress(work.connection, changed, record, expected=expected)
    return None if revision is None else await _journey(work, replace(changed, revision=revision))


async def _journey(work: Work, kept: Kept) -> Journey:
    history = await passed_gates(work.connection, kept.progress.project_id)
    return Journey(kept.progress, kept.model, kept.revision, kept.started_at, history)
