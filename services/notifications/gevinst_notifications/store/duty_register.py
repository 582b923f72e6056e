"""Duties as they are kept, the facts behind them, and the queue of those to look at (A6, N5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.duties.duties import Duty, Owner, Task
from gevinst_notifications.domain.duties.effects import CloseAll, Reown
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_notifications.tables.duties import duty, duty_fact
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty of an organisation that must be looked at."""

    organisation: str
    id: UUID


_COLUMNS = [column.name for column in duty.columns if column.name != "revision"]
_new = insert(duty).values({name: bindparam(name) for name in _COLUMNS})
_KEEP = Query(
    _new.on_conflict_do_update(
        index_elements=["organisation_id", "id"],
        set_={name: _new.excluded[name] for name in _COLUMNS if name not in {"organisation_id", "id"}}
        | {"revision": duty.c.revision + 1},
    )
)
_FIND = Query(select(duty).where(duty.c.id == bindparam("id")).with_for_update())
_GET = Query(select(duty).where(duty.c.id == bindparam("id")))
_ADD_FACT = Query(
    insert(duty_fact)
    .values({column.name: bindparam(column.name) for column in duty_fact.columns})
    .on_conflict_do_nothing()
    .returning(duty_fact.c.event_id)
)
_project: Any = bindparam("project_id", type_=Uuid)
_benefit: Any = bindparam("benefit_id", type_=Uuid)
_kinds: Any = bindparam("kinds", type_=ARRAY(Text))
_OPEN_OF = Query(
    select(duty)
    .where(
        duty.c.state == "open",
        or_(duty.c.project_id == _project, duty.c.benefit_id == _benefit),
        or_(func.cardinality(_kinds) == 0, duty.c.kind == func.any(_kinds)),
    )
    .order_by(duty.c.id)
    .with_for_update()
)
_OPEN_OWNED = Query(
    select(duty)
    .where(
        duty.c.state == "open",
        duty.c.benefit_id == _benefit,
        duty.c.owner_role == bindparam("role"),
        duty.c.owner_unit_id == bindparam("unit_id", type_=Uuid),
    )
    .order_by(duty.c.id)
    .with_for_update()
)
_now = bindparam("now", type_=DateTime(timezone=True))
_WAITING = Query(
    select(duty.c.organisation_id, duty.c.id)
    .where(duty.c.next_at <= _now)
    .order_by(duty.c.next_at)
    .limit(bindparam("limit"))
)
# Held by one worker; another passes it over.
_CLAIM = Query(
    select(duty)
    .where(
        duty.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
        duty.c.next_at <= _now,
        duty.c.state == "open",
    )
    .order_by(duty.c.next_at, duty.c.id)
    .with_for_update(skip_locked=True)
)
_LOOK_AGAIN = Query(
    update(duty)
    .where(duty.c.id == bindparam("duty_id", type_=Uuid))
    .values(next_at=bindparam("at", type_=DateTime(timezone=True)))
)
_LOOK_AT_KIND = Query(
    update(duty)
    .where(duty.c.state == "open", duty.c.kind == func.any(bindparam("of_kinds", type_=ARRAY(Text))))
    .values(next_at=bindparam("at", type_=DateTime(timezone=True)))
)
_FORESEEN = Query(
    select(duty)
    .where(
        duty.c.state == "open",
        duty.c.next_at <= bindparam("until", type_=DateTime(timezone=True)),
        duty.c.id > bindparam("after", type_=Uuid),
        and_(
            or_(_project.is_(None), duty.c.project_id == _project),
            or_(bindparam("kind", type_=Text).is_(None), duty.c.kind == bindparam("kind", type_=Text)),
        ),
    )
    .order_by(duty.c.id)
    .limit(bindparam("limit"))
)


async def find_duty(connection: Connection, duty_id: UUID) -> Duty | None:
    """The duty, held until the transaction ends."""
    row = await _FIND.find(connection, id=duty_id)
    return None if row is None else duty_from(dict(row))


async def find_row(connection: Connection, duty_id: UUID) -> Mapping[str, Any] | None:
    row = await _GET.find(connection, id=duty_id)
    return None if row is None else dict(row)


async def keep_duty(connection: Connection, organisation: str, kept: Duty) -> None:
    await _KEEP.run(connection, organisation_id=organisation, **_columns(kept))


async def keep_duties(connection: Connection, organisation: str, kept: Sequence[Duty]) -> None:
    if kept:
        rows = [{"organisation_id": organisation, **_columns(one)} for one in kept]
        await _KEEP.run_many(connection, rows)


async def add_fact(
    connection: Connection, event: Event, duty_id: UUID, effect: str, due_on: date | None
) -> bool:
    """Note that `event` did this to the duty; False when it had done so before."""
    found = await _ADD_FACT.value(
        connection,
        organisation_id=event.organisation,
        duty_id=duty_id,
        event_id=event.id,
        type=event.type,
        effect=effect,
        occurred_at=event.time,
        due_on=due_on,
    )
    return found is not None


async def list_open(connection: Connection, which: CloseAll) -> list[Duty]:
    """The open duties of a project or benefit, of these kinds or all, held until the transaction ends."""
    rows = await _OPEN_OF.rows(
        connection,
        project_id=which.project_id,
        benefit_id=which.benefit_id,
        kinds=sorted(which.kinds),
    )
    return [duty_from(dict(row)) for row in rows]


async def list_owned(connection: Connection, change: Reown) -> list[Duty]:
    """What the former owner of a benefit had to do, held until the transaction ends."""
    former = change.former
    rows = await _OPEN_OWNED.rows(
        connection, benefit_id=change.benefit_id, role=former.role, unit_id=former.unit_id
    )
    return [duty_from(dict(row)) for row in rows]


async def list_waiting(queue: Connection, *, now: datetime, limit: int) -> list[Waiting]:
    """What must be looked at, of every organisation, the longest waiting first."""
    rows = await _WAITING.rows(queue, now=now, limit=limit)
    return [Waiting(row["organisation_id"], row["id"]) for row in rows]


async def claim(connection: Connection, ids: Iterable[UUID], *, now: datetime) -> list[Duty]:
    """Those of `ids` that are still to be looked at and nobody else holds; held until the end."""
    return [duty_from(dict(row)) for row in await _CLAIM.rows(connection, ids=list(ids), now=now)]


async def look_again(connection: Connection, looks: Mapping[UUID, datetime | None]) -> None:
    """When each duty must be looked at next; never again when None."""
    await _LOOK_AGAIN.run_many(connection, [{"duty_id": one, "at": at} for one, at in looks.items()])


async def look_at_kinds(connection: Connection, kinds: Iterable[DutyKind], *, at: datetime) -> None:
    """Have every open duty of these kinds looked at: its rule or the calendar has changed."""
    await _LOOK_AT_KIND.run(connection, of_kinds=sorted(kinds), at=at)


async def list_foreseen(
    connection: Connection,
    *,
    until: datetime,
    after: UUID,
    project_id: UUID | None,
    kind: DutyKind | None,
    limit: int,
) -> list[Duty]:
    """Open duties that have a step until a moment, by id, after the one with the id `after`."""
    rows = await _FORESEEN.rows(
        connection, until=until, after=after, project_id=project_id, kind=kind, limit=limit
    )
    return [duty_from(dict(row)) for row in rows]


def duty_from(row: Mapping[str, Any]) -> Duty:
    role = row["owner_role"]
    owner = Owner(row["owner_person_id"], Role(role) if role else None, row["owner_unit_id"])
    shared = ("name", "subject", "project_id", "portfolio_id", "benefit_id", "not_by")
    task = Task(
        DutyKind(row["kind"]), "", owner=owner, due_on=row["due_on"], **{name: row[name] for name in shared}
    )
    times = ("due_on", "due_version", "set_at", "opened_at", "closed_at", "next_at")
    quiet = ("acknowledged_at", "acknowledged_by", "quiet_until")
    return Duty(
        row["id"], task, state=DutyState(row["state"]), **{name: row[name] for name in (*times, *quiet)}
    )


def _columns(kept: Duty) -> dict[str, Any]:
    task, owner = kept.task, kept.task.owner
    return {
        "id": kept.id,
        "kind": task.kind,
        "subject": task.subject,
        "name": task.name,
        "project_id": task.project_id,
        "portfolio_id": task.portfolio_id,
        "benefit_id": task.benefit_id,
        "owner_person_id": owner.person_id,
        "owner_role": owner.role,
        "owner_unit_id": owner.unit_id,
        "not_by": task.not_by,
        "due_on": kept.due_on,
        "due_version": kept.due_version,
        "set_at": kept.set_at,
        "state": kept.state,
        "opened_at": kept.opened_at,
        "closed_at": kept.closed_at,
        "acknowledged_at": kept.acknowledged_at,
        "acknowledged_by": kept.acknowledged_by,
        "quiet_until": kept.quiet_until,
        "next_at": kept.next_at,
    }
