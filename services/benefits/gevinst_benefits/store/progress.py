"""Where projects are in their phase models, in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, literal_column, select

from gevinst_benefits.domain.gates.gates import Progress, ProjectState
from gevinst_benefits.domain.gates.phase_models import PhaseModel
from gevinst_benefits.store.gate_documents import reopened_from, reopened_json
from gevinst_benefits.store.phase_models import get_model
from gevinst_benefits.tables.gates import progress
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


@dataclass(frozen=True, slots=True)
class Kept:
    """A project's progress, the model that it follows, and the record's revision."""

    progress: Progress
    model: PhaseModel
    revision: int
    started_at: datetime


_ROW = select(progress).where(progress.c.id == bindparam("id"))
_FIND = Query(_ROW)
_LOCK = Query(_ROW.with_for_update())


def _nothing(_columns: Columns) -> Any:  # noqa: ANN401 - an SQL expression
    """The answer is made from the phase model, not by the database."""
    return literal_column("''")


_ADD = outbox.insert(progress, _nothing)
_CHANGEABLE = (
    "phase_model",
    "phase_model_version",
    "phase",
    "round",
    "state",
    "skipped_phases",
    "reopened",
)
_MOVED = ("phase", "round", "state", "skipped_phases", "reopened")
_CHANGE = outbox.update(progress, _nothing, columns=_CHANGEABLE)
_MOVE = Query(
    progress.update()
    .where(progress.c.id == bindparam("id"))
    .values({name: bindparam(f"new_{name}", type_=progress.c[name].type) for name in _MOVED})
    .values(revision=progress.c.revision + 1)
)


async def find_progress(connection: Connection, project_id: UUID, *, for_change: bool = False) -> Kept | None:
    """The project's progress; `for_change` holds it until the transaction ends."""
    row = await (_LOCK if for_change else _FIND).find(connection, id=project_id)
    if row is None:
        return None
    kept = Progress(
        project_id=row["id"],
        phase=row["phase"],
        round=row["round"],
        state=ProjectState(row["state"]),
        skipped_phases=frozenset(row["skipped_phases"]),
        reopened=reopened_from(row["reopened"]),
    )
    model = await get_model(connection, row["phase_model"], row["phase_model_version"])
    return Kept(kept, model, row["revision"], row["created_at"])


async def add_progress(connection: Connection, kept: Kept, record: Mapping[str, Any]) -> None:
    """Insert the progress with its event and audit row."""
    await _ADD.find(
        connection,
        **_columns(kept.progress),
        **record,
        id=kept.progress.project_id,
        phase_model=kept.model.code,
        phase_model_version=kept.model.version,
        created_at=kept.started_at,
    )


async def move_progress(connection: Connection, moved: Progress) -> None:
    """Write where a decision puts the project; the decision's own event and audit row tell of it."""
    await _MOVE.run(connection, id=moved.project_id, **{f"new_{k}": v for k, v in _columns(moved).items()})


async def change_progress(
    connection: Connection, changed: Kept, record: Mapping[str, Any], *, expected: int
) -> int | None:
    """Change the progress or its model; the new revision, or None when it is not at `expected` any more."""
    values = _columns(changed.progress)
    values |= {"phase_model": changed.model.code, "phase_model_version": changed.model.version}
    new = {f"new_{name}": value for name, value in values.items()}
    row = await _CHANGE.find(connection, id=changed.progress.project_id, expected=expected, **new, **record)
    return None if row is None else int(row["revision"])


def _columns(kept: Progress) -> dict[str, Any]:
    return {
        "phase": kept.phase,
        "round": kept.round,
        "state": kept.state.value,
        "skipped_phases": sorted(kept.skipped_phases),
        "reopened": reopened_json(kept.reopened),
    }
