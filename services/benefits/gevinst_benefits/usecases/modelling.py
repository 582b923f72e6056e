"""An organisation's own phase models, and moving a project to another (G1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates.gates import ProjectEnded, ProjectState
from gevinst_benefits.domain.gates.journeys import ProgressNotStarted, UnknownPhaseModel
from gevinst_benefits.domain.gates.own_phase_models import (
    GateReopened,
    RetiredModel,
    ShippedModel,
    own_phase_model,
    phase_in,
)
from gevinst_benefits.domain.permissions import ARRANGE, MOVE_MODEL
from gevinst_benefits.events.progress import PhaseModelChanged, PhaseModelMade, PhaseModelRetired
from gevinst_benefits.store.phase_models import (
    Known,
    add_model,
    add_retirement,
    find_model,
    known_models,
    model_json,
    shipped_models,
)
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases.steering import Journey, journey_after
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


async def make_model(work: Work, document: Mapping[str, Any]) -> Known:
    """Add a phase model, or a version of one, of the organisation's own."""
    work.require(ARRANGE, Place())
    model = own_phase_model(document, shipped=(one.code for one in shipped_models()))
    model_id = new_id()
    values = {
        "id": model_id,
        "code": model.code,
        "version": model.version,
        "document": model_json(model),
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = PhaseModelMade(phase_model=model.code, version=model.version, name=model.name)
    await add_model(
        work.connection, values, recorded(work, fact, subject=subject_of("phase-models", model_id))
    )
    return Known(model, model_id)


async def retire_model(work: Work, code: str, *, version: str, reason: str) -> Known:
    """Let no more projects start on the version; those that follow it go on."""
    work.require(ARRANGE, Place())
    known = await find_model(work.connection, code, version)
    if known.id is None:
        raise ShippedModel(model=known.model.name)
    if known.retired_at is not None:
        raise RetiredModel(model=known.model.name, version=version)
    fact = PhaseModelRetired(phase_model=code, version=version, reason=reason)
    values = {
        "id": known.id,
        "reason": reason,
        "retired_by": work.actor.subject,
        "retired_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("phase-models", known.id), reason=reason)
    await add_retirement(work.connection, values, record)
    return replace(known, retired_at=work.now)


async def model_to_follow(work: Work, code: str, version: str | None) -> Known:
    """The model that a project is to follow from now on: known, and not retired."""
    try:
        known = await find_model(work.connection, code, version)
    except Unknown as unknown:
        models = [one.model for one in await known_models(work.connection) if one.retired_at is None]
        listed = ", ".join(f"{model.code} {model.version}" for model in models)
        raise UnknownPhaseModel(model=code, known=listed) from unknown
    if known.retired_at is not None:
        raise RetiredModel(model=known.model.name, version=known.model.version)
    return known


@dataclass(frozen=True, slots=True)
class ModelChange:
    """Another model, or version, for a project to follow; `phase` only when it lacks the project's own."""

    phase_model: str
    version: str | None
    phase: str | None
    reason: str


async def move_project(work: Work, project_id: UUID, change: ModelChange, *, expected: int) -> Journey | None:
    """Have the project follow another model or version from here on; None when it has moved meanwhile.

    It stays in its phase; a phase is named only when the new model has none of that code.
    """
    project = await get_project(work.connection, project_id)
    work.require(MOVE_MODEL, project.place())
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is None:
        raise ProgressNotStarted
    progress = kept.progress
    if progress.state in (ProjectState.STOPPED, ProjectState.CLOSED):
        raise ProjectEnded(state=progress.state.value)
    if progress.reopened is not None:
        raise GateReopened(gate=progress.reopened.gate)
    model = (await model_to_follow(work, change.phase_model, change.version)).model
    there = phase_in(model, progress.phase, change.phase)
    known = {one.code for one in model.phases}
    moved = replace(
        progress,
        phase=there,
        round=progress.round if there == progress.phase else 1,
        skipped_phases=progress.skipped_phases & known,
    )
    fact = PhaseModelChanged(
        project_id=project_id,
        phase_model=model.code,
        version=model.version,
        phase=there,
        reason=change.reason,
    )
    record = recorded(work, fact, subject=subject_of("projects", project_id), reason=change.reason)
    changed = replace(kept, progress=moved, model=model)
    return await journey_after(work, changed, record, expected=expected)
