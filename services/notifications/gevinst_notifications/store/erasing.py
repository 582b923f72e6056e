"""Taking a person's rows away, and their names out of those that stay (E3)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.domain.digests import TYPE
from gevinst_notifications.domain.erasing import ERASED, digest_of, without_names
from gevinst_notifications.store.suppressions import of_person
from gevinst_notifications.tables.calendar_feeds import calendar_feed
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.destinations import pause, suppression
from gevinst_notifications.tables.digests import digest, digest_schedule
from gevinst_notifications.tables.duties import duty
from gevinst_notifications.tables.endpoints import outgoing_event
from gevinst_notifications.tables.inbox import inbox_item, notice
from gevinst_notifications.tables.people import absence, following, person_setting, silence
from gevinst_notifications.tables.register import person, role_assignment
from gevinst_notifications.tables.rules import duty_rule
from gevinst_notifications.tables.shared import idempotency
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query, RawJson

_ID: Any = bindparam("person_id", type_=person.c.id.type)
_KNOWN_AS: Any = func.any(bindparam("known_as", type_=ARRAY(Text)))
_IN_LOWER_CASE: Any = func.any(bindparam("in_lower_case", type_=ARRAY(Text)))
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
    calendar_feed,
)


def _has_one_of(text: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether one of the `needles` stands in the text."""
    needles = func.unnest(bindparam("needles", type_=ARRAY(Text))).table_valued("needle")
    needle = needles.render_derived(name="wanted").c.needle
    return select(needle).where(func.strpos(text, needle) > 0).exists()


_STEPS = (
    Query(
        update(person)
        .values(
            subject=_NOBODY,
            name=ERASED,
            email=None,
            language=None,
            known_as=bindparam("digests", type_=ARRAY(Text)),
            erased_at=bindparam("now"),
        )
        .where(person.c.id == _ID)
    ),
    Query(update(role_assignment).values(subject=_NOBODY).where(role_assignment.c.person_id == _ID)),
    # Who may not do it themselves (G3) is found by the id as well.
    Query(update(duty).values(not_by=cast(_ID, Text)).where(duty.c.not_by == _KNOWN_AS)),
    Query(update(duty_rule).values(set_by=_NOBODY).where(duty_rule.c.set_by == _KNOWN_AS)),
    Query(update(pause).values(paused_by=_NOBODY).where(pause.c.paused_by == _KNOWN_AS)),
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
    Query(
        delete(suppression).where(
            or_(suppression.c.address == _IN_LOWER_CASE, of_person(bindparam("email", type_=Text), _ID))
        )
    ),
    # What they asked for, and what others asked for and were answered about them.
    Query(
        delete(idempotency).where(
            or_(idempotency.c.caller == _KNOWN_AS, _has_one_of(func.lower(idempotency.c.body)))
        )
    ),
)


@dataclass(frozen=True, slots=True)
class _Naming:
    """A table whose `column` holds what facts say: finding the rows that may name the person, and mending."""

    find: Query
    rename: Query

    @classmethod
    def of(cls, column: Column[Any]) -> "_Naming":
        event_id = column.table.c.event_id
        return cls(
            Query(select(event_id, column.label("data")).where(_has_one_of(cast(column, Text)))),
            Query(
                update(column.table)
                .values({column.name: bindparam("new_data", type_=column.type)})
                .where(event_id == bindparam("event", type_=event_id.type))
            ),
        )

    async def mend(self, connection: Connection, names: frozenset[str]) -> None:
        naming = await self.find.rows(connection, needles=[_in_json(name) for name in names])
        mended = [(row["event_id"], without_names(json.loads(row["data"]), names)) for row in naming]
        await self.rename.run_many(
            connection,
            [
                {"event": event_id, "new_data": RawJson(json.dumps(data, ensure_ascii=False))}
                for event_id, data in mended
            ],
        )


_TOLD = [_Naming.of(column) for column in (notice.c.data, outgoing_event.c.data, outgoing_event.c.names)]


async def lock_person(connection: Connection, person_id: UUID) -> asyncpg.Record | None:
    """The person's row, which nobody else changes before this transaction ends."""
    return await _PERSON.find(connection, person_id=person_id)


async def erase(connection: Connection, row: asyncpg.Record, *, now: datetime) -> None:
    """Take away what is kept of the person of this row, and their names out of what others were told."""
    names = frozenset(row["known_as"])
    for told in _TOLD:
        await told.mend(connection, names)
    values = {
        "email": row["email"],
        "known_as": list(names),
        "digests": [digest_of(row["organisation_id"], name) for name in names],
        "in_lower_case": [name.lower() for name in names],
        "needles": [f'"{_in_json(name)}"'.lower() for name in names],
    }
    for step in _STEPS:
        await step.run(connection, person_id=row["id"], now=now, **values)


def _in_json(text: str) -> str:
    """The text as it stands in PostgreSQL's JSON, between the quotes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
