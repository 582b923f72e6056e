"""What became of the steps of duties: told, overtaken, or nobody there (N4, N5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.duties.arrivals import Arrival, best
from gevinst_notifications.domain.duties.duties import Duty
from gevinst_notifications.domain.duties.ladder import Planned
from gevinst_notifications.domain.duties.rules import Rung
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.duties import duty_step
from gevinst_notifications.tables.inbox import inbox_item
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


@dataclass(frozen=True, slots=True)
class Progress:
    """By the step's code when it was dealt with, and by rung what became of what it was told."""

    settled: dict[str, datetime]
    arrivals: dict[Rung, Arrival]


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


_UNDER_WAY = ("pending", "leased", "failed", "unknown")


def _mail_about(event_id: ColumnElement[Any], name: str) -> Any:  # noqa: ANN401 - a lateral subquery
    """The state of the mail about an event to whoever has the inbox item."""
    return (
        select(delivery.c.state)
        .where(
            delivery.c.organisation_id == inbox_item.c.organisation_id,
            delivery.c.event_id == event_id,
            delivery.c.person_id == inbox_item.c.person_id,
            delivery.c.channel == str(Channel.MAIL),
        )
        # There is one at most; said here it is looked up rather than sought among all of them.
        .limit(1)
        .correlate(inbox_item)
        .lateral(name)
    )


_mail, _in_digest = _mail_about(inbox_item.c.event_id, "mail"), _mail_about(inbox_item.c.digest_id, "digest")
_has_arrived = or_(
    inbox_item.c.read_at.is_not(None),
    _mail.c.state == "sent",
    _in_digest.c.state == "sent",
    # No mail was meant: the inbox is where they hear.
    and_(
        _mail.c.state.is_(None),
        _in_digest.c.state.is_(None),
        or_(inbox_item.c.digest.is_(None), inbox_item.c.digest_id.is_not(None)),
    ),
)
_is_waiting = or_(
    *(mail.c.state == state for mail in (_mail, _in_digest) for state in _UNDER_WAY),
    and_(inbox_item.c.digest.is_not(None), inbox_item.c.digest_id.is_(None)),
)
# The best of several; nobody's inbox has it when all of them were erased (E3).
_fate = (
    select(
        case(
            (func.bool_or(_has_arrived), str(Arrival.ARRIVED)),
            (func.bool_or(_is_waiting), str(Arrival.WAITING)),
            else_=str(Arrival.FAILED),
        ).label("arrival")
    )
    .select_from(inbox_item)
    .outerjoin(_mail, true())
    .outerjoin(_in_digest, true())
    .where(
        inbox_item.c.organisation_id == duty_step.c.organisation_id,
        inbox_item.c.event_id == duty_step.c.event_id,
    )
    .correlate(duty_step)
    .lateral("fate")
)
_ARRIVALS = Query(
    select(
        duty_step.c.duty_id,
        duty_step.c.due_version,
        duty_step.c.step,
        duty_step.c.rung,
        _fate.c.arrival,
    )
    .join(_fate, true())
    .where(
        duty_step.c.duty_id == func.any(bindparam("ids", type_=ARRAY(Uuid))), duty_step.c.outcome == "told"
    )
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


async def progress_of(connection: Connection, duties: Iterable[Duty]) -> Mapping[UUID, Progress]:
    """Of each duty the steps of its present deadline that were dealt with, and whether they arrived."""
    versions = {one.id: one.due_version for one in duties}
    found = {one: Progress({}, {}) for one in versions}
    for row in await _OF.rows(connection, ids=list(versions)):
        if row["due_version"] == versions[row["duty_id"]]:
            found[row["duty_id"]].settled[row["step"]] = row["settled_at"]
    for row in await _ARRIVALS.rows(connection, ids=list(versions)):
        if row["due_version"] == versions[row["duty_id"]]:
            arrivals, rung = found[row["duty_id"]].arrivals, Rung(row["rung"])
            arrivals[rung] = best(Arrival(row["arrival"]), arrivals.get(rung))
    return found


async def list_steps(connection: Connection, duty_id: UUID, *, limit: int = 100) -> list[Mapping[str, Any]]:
    """What became of the duty's steps, of every deadline that it had, the newest first; those that told
    somebody with their `arrival`."""
    arrivals = {
        (row["due_version"], row["step"]): row["arrival"]
        for row in await _ARRIVALS.rows(connection, ids=[duty_id])
    }
    rows = await _OF_ONE.rows(connection, duty_id=duty_id, limit=limit)
    return [dict(row) | {"arrival": arrivals.get((row["due_version"], row["step"]))} for row in rows]
