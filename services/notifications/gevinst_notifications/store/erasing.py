"""Taking a person's rows away, and their names out of those that stay (E3)."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Text, bindparam, cast, delete, func, literal_column, or_, select, update

from gevinst_notifications.domain.digests import TYPE
from gevinst_notifications.domain.erasing import ERASED, without_names
from gevinst_notifications.store.suppressions import of_person
from gevinst_notifications.tables.calendar_feeds import calendar_feed
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.destinations import pause, suppression
from gevinst_notifications.tables.digests import digest, digest_schedule
from gevinst_notifications.tables.duties import duty
from gevinst_notifications.tables.inbox import inbox_counter, inbox_item, notice
from gevinst_notifications.tables.people import absence, following, person_setting, silence
from gevinst_notifications.tables.register import person, role_assignment
from gevinst_notifications.tables.rules import duty_rule
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query, RawJson

_ID: Any = bindparam("person_id", type_=person.c.id.type)
_SUBJECT = bindparam("subject", type_=Text)
_PERSON = Query(select(person).where(person.c.id == _ID).with_for_update())
_NOBODY = func.concat("erased:", cast(_ID, Text))
_IS_WAITING: ColumnElement[bool] = literal_column("delivery.state IN ('pending', 'failed', 'unknown')")
_HAS_ALL_OF_THEM = (
    following,
    absence,
    silence,
    digest,
    digest_schedule,
    inbox_item,
    inbox_counter,
    calendar_feed,
)
_STEPS = (
    Query(
        update(person)
        .values(subject=_NOBODY, name=ERASED, email=None, language=None, erased_at=bindparam("now"))
        .where(person.c.id == _ID)
    ),
    Query(update(role_assignment).values(subject=_NOBODY).where(role_assignment.c.person_id == _ID)),
    # Who may not do it themselves (G3) is found by the id as well.
    Query(update(duty).values(not_by=cast(_ID, Text)).where(duty.c.not_by == _SUBJECT)),
    Query(update(duty_rule).values(set_by=_NOBODY).where(duty_rule.c.set_by == _SUBJECT)),
    Query(update(pause).values(paused_by=_NOBODY).where(pause.c.paused_by == _SUBJECT)),
    Query(update(absence).values(substitute_id=None).where(absence.c.substitute_id == _ID)),
    Query(
        update(delivery)
        .values(state=literal_column("'cancelled'"))
        .where(delivery.c.person_id == _ID, _IS_WAITING)
    ),
    # Servers name the address in their answers.
    Query(update(delivery).values(last_text=None).where(delivery.c.person_id == _ID)),
    Query(delete(notice).where(notice.c.type == TYPE, notice.c.data["person_id"].astext == cast(_ID, Text))),
    *(Query(delete(table).where(table.c.person_id == _ID)) for table in _HAS_ALL_OF_THEM),
    Query(delete(person_setting).where(person_setting.c.id == _ID)),
    Query(delete(suppression).where(of_person(bindparam("email", type_=Text), _ID))),
)
_TEXT = cast(notice.c.data, Text)
_NAMING = Query(
    select(notice.c.event_id, notice.c.data).where(
        or_(
            func.strpos(_TEXT, _SUBJECT) > 0,
            func.strpos(_TEXT, bindparam("name", type_=Text)) > 0,
        )
    )
)
_RENAME = Query(
    update(notice)
    .values(data=bindparam("new_data", type_=notice.c.data.type))
    .where(notice.c.event_id == bindparam("event", type_=notice.c.event_id.type))
)


async def lock_person(connection: Connection, person_id: UUID) -> asyncpg.Record | None:
    """The person's row, which nobody else changes before this transaction ends."""
    return await _PERSON.find(connection, person_id=person_id)


async def erase(connection: Connection, row: asyncpg.Record, *, now: datetime) -> None:
    """Take away what is kept of the person of this row, and their names out of what others were told."""
    names = frozenset({row["subject"], row["name"], str(row["id"])})
    naming = await _NAMING.rows(connection, subject=row["subject"], name=row["name"])
    changes = [(one["event_id"], without_names(json.loads(one["data"]), names)) for one in naming]
    await _RENAME.run_many(
        connection,
        [
            {"event": event_id, "new_data": RawJson(json.dumps(data, ensure_ascii=False))}
            for event_id, data in changes
        ],
    )
    for step in _STEPS:
        await step.run(connection, person_id=row["id"], subject=row["subject"], now=now, email=row["email"])
