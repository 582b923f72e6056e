"""Everything that is kept of a person, in one document (E3)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSON

from gevinst_notifications.store.suppressions import of_person
from gevinst_notifications.tables.calendar_feeds import calendar_feed
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.destinations import suppression
from gevinst_notifications.tables.digests import digest
from gevinst_notifications.tables.inbox import inbox_item, notice
from gevinst_notifications.tables.people import absence, following, person_setting, silence
from gevinst_notifications.tables.register import person, role_assignment
from gevinst_shared.db.documents import document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

LONGEST = 10_000
_ID: Any = bindparam("person_id", type_=person.c.id.type)


def _rows(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """The rows of a table as objects of what they hold; the organisation is said once, outside."""
    found = select(*(column for column in table.columns if column.name != "organisation_id"))
    return _objects(found.where(*conditions).order_by(*table.primary_key.columns).limit(LONGEST))


def _objects(rows: Any) -> ColumnElement[Any]:  # noqa: ANN401 - SQLAlchemy's select
    row = rows.subquery("row")
    listed = select(func.json_agg(func.json_strip_nulls(func.row_to_json(literal_column('"row"')))))
    return func.coalesce(listed.select_from(row).scalar_subquery(), literal_column("'[]'::json"), type_=JSON)


_INBOX = (
    select(
        notice.c.type,
        notice.c.subject,
        notice.c.occurred_at,
        notice.c.data,
        inbox_item.c.reasons,
        inbox_item.c.created_at,
        inbox_item.c.read_at,
        inbox_item.c.acknowledged_at,
    )
    .join(
        inbox_item,
        (inbox_item.c.organisation_id == notice.c.organisation_id)
        & (inbox_item.c.event_id == notice.c.event_id),
    )
    .where(inbox_item.c.person_id == _ID)
    .order_by(inbox_item.c.seq)
    .limit(LONGEST)
)
_EMAIL = select(person.c.email).where(person.c.id == _ID).scalar_subquery()
_EXPORT = Query(
    select(
        document(
            organisation=person.c.organisation_id,
            person=document(
                id=person.c.id,
                subject=person.c.subject,
                name=person.c.name,
                email=person.c.email,
                language=person.c.language,
                known_as=person.c.known_as,
            ),
            roles=_rows(role_assignment, role_assignment.c.person_id == _ID),
            preferences=_rows(person_setting, person_setting.c.id == _ID),
            followings=_rows(following, following.c.person_id == _ID),
            absences=_rows(absence, or_(absence.c.person_id == _ID, absence.c.substitute_id == _ID)),
            inbox=_objects(_INBOX),
            deliveries=_rows(delivery, delivery.c.person_id == _ID),
            digests=_rows(digest, digest.c.person_id == _ID),
            silences=_rows(silence, silence.c.person_id == _ID),
            suppressions=_rows(suppression, of_person(_EMAIL, _ID)),
            calendars=_rows(calendar_feed, calendar_feed.c.person_id == _ID),
        )
    ).where(person.c.id == _ID)
)


async def find_export(connection: Connection, person_id: UUID) -> str | None:
    """What is kept of the person, as JSON, at most `LONGEST` rows of a kind; None when nobody is known."""
    found: str | None = await _EXPORT.value(connection, person_id=person_id)
    return found
