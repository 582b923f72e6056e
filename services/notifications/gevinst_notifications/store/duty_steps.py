"""What became of the steps of duties: told, overtaken, or nobody there (N4, N5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.duties.duties import Duty
from gevinst_notifications.domain.duties.ladder import Planned
from gevinst_notifications.domain.duties.rules import Rung
from gevinst_notifications.tables.duties import duty_step
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query


@dataclass(frozen=True, slots=True)
class Settled:
    """One step that was dealt with. `vacant` are the rungs that nobody held."""

    duty: Duty
    step: Planned
    outcome: str
    event_id: UUID | None = None
    recipient_ids: Sequence[UUID] = ()
    vacant: Sequence[Rung] = ()


SettledSteps = Mapping[str, datetime]
"""By the step's code when it was dealt with."""

_ADD = Query(
    insert(duty_step)
    .values({column.name: bindparam(column.name) for column in duty_step.columns})
    .on_conflict_do_nothing()
)
_OF = Query(select(duty_step).where(duty_step.c.duty_id == func.any(bindparam("ids", type_=ARRAY(Uuid)))))
_OF_ONE = Query(
    select(duty_step)
    .where(duty_step.c.duty_id == bindparam("duty_id"))
    .order_by(duty_step.c.settled_at.desc(), duty_step.c.step)
    .limit(bindparam("limit"))
)


async def add_steps(
    connection: Connection, organisation: str, settled: Sequence[Settled], *, now: datetime
) -> None:
    """Keep what became of the steps; one that was kept before stays as it was."""
    rows = [
        {
            "organisation_id": organisation,
            "duty_id": one.duty.id,
            "due_version": one.duty.due_version,
            "step": one.step.code,
            "rung": one.step.rung,
            "outcome": one.outcome,
            "planned_at": one.step.at,
            "settled_at": now,
            "event_id": one.event_id,
            "recipient_ids": list(one.recipient_ids),
            "vacant": [str(rung) for rung in one.vacant],
        }
        for one in settled
    ]
    if rows:
        await _ADD.run_many(connection, rows)


async def settled_of(connection: Connection, duties: Iterable[Duty]) -> Mapping[UUID, SettledSteps]:
    """By duty the steps of its present deadline that were dealt with, and when."""
    versions = {one.id: one.due_version for one in duties}
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for row in await _OF.rows(connection, ids=list(versions)):
        if row["due_version"] == versions[row["duty_id"]]:
            found[row["duty_id"]][row["step"]] = row["settled_at"]
    return found


async def list_steps(connection: Connection, duty_id: UUID, *, limit: int = 100) -> list[Mapping[str, Any]]:
    """What became of the duty's steps, of every deadline that it had, the newest first."""
    return [dict(row) for row in await _OF_ONE.rows(connection, duty_id=duty_id, limit=limit)]
