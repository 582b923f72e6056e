"""Leave in the database."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Date, Integer, Uuid, bindparam, delete, func, literal_column, select

from gevinst_notifications.domain.absences import Absence
from gevinst_notifications.tables.people import absence
from gevinst_notifications.tables.register import person
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def absence_document(c: Columns) -> ColumnElement[Any]:
    """`AbsenceOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        person_id=c.person_id,
        away_from=c.away_from,
        back_on=c.back_on,
        substitute_id=c.substitute_id,
        created_at=moment(c.created_at),
        revision=c.revision,
    )


RECORDS = Records(outbox, absence, absence_document, changeable=("away_from", "back_on", "substitute_id"))
LISTING = Listing(
    absence,
    absence_document,
    filters={"person": absence.c.person_id},
    sorts={"from": absence.c.away_from, "id": absence.c.id},
)
_OTHER = Query(
    select(absence.c.away_from, absence.c.back_on)
    .where(
        absence.c.person_id == bindparam("person_id"),
        absence.c.away_from < bindparam("back_on", type_=Date),
        absence.c.back_on > bindparam("away_from", type_=Date),
        absence.c.id != bindparam("but", type_=Uuid),
    )
    .limit(1)
)
# Two leaves of one person entered at the same moment must see each other.
_TURN = Query(
    select(func.pg_advisory_xact_lock(literal_column("7306373"), func.hashtext(bindparam("person"))))
)
_PERSON = Query(select(person.c.id).where(person.c.id == bindparam("id")))
_DELETE = Query(
    delete(absence).where(
        absence.c.id == bindparam("id"), absence.c.revision == bindparam("expected", type_=Integer)
    )
)


async def find_overlapping(connection: Connection, wanted: Absence, *, but: UUID) -> tuple[date, date] | None:
    """The days of another leave of the person that shares days with `wanted`, not counting `but`.

    Until the transaction ends nobody else enters leave of this person.
    """
    await _TURN.run(connection, person=str(wanted.person_id))
    row: asyncpg.Record | None = await _OTHER.find(
        connection,
        person_id=wanted.person_id,
        away_from=wanted.away_from,
        back_on=wanted.back_on,
        but=but,
    )
    return None if row is None else (row["away_from"], row["back_on"])


async def is_person(connection: Connection, person_id: UUID) -> bool:
    """Whether the person was announced."""
    return await _PERSON.value(connection, id=person_id) is not None


async def delete_absence(connection: Connection, absence_id: UUID, *, expected: int) -> bool:
    """Whether it was there at that revision, and is gone."""
    return bool(await _DELETE.run(connection, id=absence_id, expected=expected))
