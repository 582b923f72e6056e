"""What people and their organisation chose, in the database."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by, insert

from gevinst_notifications.tables.people import organisation_setting, person_setting
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def preferences_document(c: Columns) -> ColumnElement[Any]:
    """`PreferencesOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        language=c.language,
        zone=c.zone,
        country=c.country,
        quiet_hours=_quiet_hours(c),
        digest_at=_time(c.digest_at),
        digest_weekday=c.digest_weekday,
        choices=_choices(c),
        changed_at=moment(c.changed_at),
        revision=c.revision,
    )


def defaults_document(c: Columns) -> ColumnElement[Any]:
    """`DefaultsOut`, as PostgreSQL writes it."""
    return document(
        organisation=c.organisation_id,
        quiet_hours=_quiet_hours(c),
        mandatory_kinds=func.to_json(c.mandatory_kinds),
        choices=_choices(c),
        changed_at=moment(c.changed_at),
        revision=c.revision,
    )


def _time(minute: ColumnElement[Any]) -> ColumnElement[Any]:
    """Minutes after midnight as 07:30."""
    nothing: list[ColumnElement[Any]] = [literal_column("0")] * 5  # years, months, weeks, days, hours
    at = func.make_interval(*nothing, minute)
    return case((minute.is_not(None), func.to_char(at, literal_column("'HH24:MI'"))))


def _quiet_hours(c: Columns) -> ColumnElement[Any]:
    hours = document(
        start=_time(c.quiet_from), end=_time(c.quiet_until), on_closed_days=c.quiet_on_closed_days
    )
    return case((or_(c.quiet_from.is_not(None), c.quiet_on_closed_days), hours))


def _choices(c: Columns) -> ColumnElement[Any]:
    by_kind = func.jsonb_each(c.ways).table_valued("key", "value").render_derived("by_kind")
    by_channel = (
        func.jsonb_each_text(by_kind.c.value).table_valued("key", "value").render_derived("by_channel")
    )
    one = document(kind=by_kind.c.key, channel=by_channel.c.key, way=by_channel.c.value)
    listed = func.json_agg(aggregate_order_by(one, by_kind.c.key, by_channel.c.key))
    found = select(listed).select_from(by_kind.join(by_channel, literal_column("true")))
    return func.coalesce(found.scalar_subquery(), literal_column("'[]'::json"), type_=JSON)


_CHOSEN = (
    "language",
    "zone",
    "country",
    "quiet_from",
    "quiet_until",
    "quiet_on_closed_days",
    "digest_at",
    "digest_weekday",
    "ways",
    "changed_at",
)
_SET = ("quiet_from", "quiet_until", "quiet_on_closed_days", "mandatory_kinds", "ways", "changed_at")
PREFERENCES = Records(outbox, person_setting, preferences_document, changeable=_CHOSEN)
DEFAULTS = Records(outbox, organisation_setting, defaults_document, changeable=_SET)
_NOTHING: ColumnElement[Any] = literal_column("'{}'::jsonb")
_BEGIN = Query(
    insert(person_setting)
    .values(
        organisation_id=bindparam("organisation_id"),
        id=bindparam("id"),
        quiet_on_closed_days=literal_column("false"),
        ways=_NOTHING,
        changed_at=bindparam("now"),
    )
    .on_conflict_do_nothing()
)
_BEGIN_DEFAULTS = Query(
    insert(organisation_setting)
    .values(
        organisation_id=bindparam("organisation_id"),
        id=bindparam("id"),
        quiet_on_closed_days=literal_column("false"),
        mandatory_kinds=literal_column("'{}'::text[]"),
        ways=_NOTHING,
        changed_at=bindparam("now"),
    )
    .on_conflict_do_nothing()
)
_FIND = Query(
    select(preferences_document(person_setting.c).label("document"), person_setting.c.revision).where(
        person_setting.c.id == bindparam("id")
    )
)
_FIND_DEFAULTS = Query(
    select(defaults_document(organisation_setting.c).label("document"), organisation_setting.c.revision)
)


async def find_preferences(connection: Connection, person_id: UUID) -> Stored | None:
    """What the person chose; None when they never did."""
    row = await _FIND.find(connection, id=person_id)
    return None if row is None else Stored(row["document"], row["revision"])


async def find_defaults(connection: Connection) -> Stored | None:
    """What the organisation set; None when it never did."""
    row = await _FIND_DEFAULTS.find(connection)
    return None if row is None else Stored(row["document"], row["revision"])


async def begin_preferences(
    connection: Connection, organisation: str, person_id: UUID, now: datetime
) -> None:
    """See to it that there is a row, which chooses nothing, at revision 1."""
    await _BEGIN.run(connection, organisation_id=organisation, id=person_id, now=now)


async def begin_defaults(connection: Connection, organisation: str, now: datetime) -> UUID:
    """See to it that there is the organisation's row, which sets nothing, at revision 1; its id."""
    row_id = uuid5(NAMESPACE_URL, f"gevinst:defaults:{organisation}")
    await _BEGIN_DEFAULTS.run(connection, organisation_id=organisation, id=row_id, now=now)
    return row_id
