"""People: the roles that they hold, and how they want to hear."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Date, Text, Uuid, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.domain.absences import Absence
from gevinst_notifications.domain.following import Following, Level, ids_of
from gevinst_notifications.domain.messages import Held
from gevinst_notifications.domain.preferences import (
    DIGEST_AT,
    DIGEST_WEEKDAY,
    MANDATORY,
    OrganisationSetting,
    PersonSetting,
    Way,
    Ways,
)
from gevinst_notifications.domain.quiet_hours import QuietHours
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_notifications.tables.people import absence, following, organisation_setting, person_setting
from gevinst_notifications.tables.register import organisation, person, role_assignment
from gevinst_notifications.tables.rules import calendar_day
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind
from gevinst_shared.values.organisation import country, time_zone


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with an inbox, and the language that they chose."""

    person_id: UUID
    language: str | None


class Calendars:
    """The calendar of each country with the organisation's own days, made when it is asked for."""

    def __init__(self, *, closed: frozenset[date], opened: frozenset[date]) -> None:
        self._own = (closed, opened)
        self._known: dict[str, WorkCalendar] = {}

    def __call__(self, country_code: str) -> WorkCalendar:
        if country_code not in self._known:
            self._known[country_code] = WorkCalendar(country_code, *self._own)
        return self._known[country_code]


_BY_SUBJECT = Query(
    select(person.c.id, person.c.language)
    .where(person.c.subject == bindparam("subject"))
    .order_by(person.c.id.desc())
    .limit(1)
)
_IS_ERASED = Query(
    select(func.count())
    .select_from(person)
    .where(person.c.erased_at.is_not(None), cast(person.c.id, Text) == bindparam("id", type_=Text))
)
_named = func.unnest(
    bindparam("names", type_=ARRAY(Text)), bindparam("digests", type_=ARRAY(Text))
).table_valued("name", "digest")
_named = _named.render_derived(name="named")
_living = person.alias("living")
_ERASED = Query(
    select(_named.c.name, person.c.id)
    .join_from(_named, person, _named.c.digest == func.any(person.c.known_as))
    .where(
        person.c.erased_at.is_not(None),
        # A namesake, or the same person in a new employment, is not meant.
        ~select(_living.c.id)
        .where(_living.c.erased_at.is_(None), _named.c.name == func.any(_living.c.known_as))
        .exists(),
    )
)
_SUBJECT = Query(select(person.c.subject).where(person.c.id == bindparam("id")))
_DOER = Query(
    select(person.c.id)
    .where(
        or_(
            person.c.subject == bindparam("name", type_=Text),
            cast(person.c.id, Text) == bindparam("name", type_=Text),
        )
    )
    .limit(1)
)
_GRANT = tuple(role_assignment.c[name] for name in ("role", "scope", "scope_id", "valid_from", "valid_until"))
_HOLDERS = Query(
    select(*_GRANT, func.array_agg(role_assignment.c.person_id).label("people"))
    .where(
        role_assignment.c.role == func.any(bindparam("roles", type_=ARRAY(Text))),
        or_(
            role_assignment.c.scope_id.is_(None),
            role_assignment.c.scope_id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
        ),
    )
    .group_by(*_GRANT)
)


_IDS = func.any(bindparam("ids", type_=ARRAY(Uuid)))
_CHOSEN = (
    person.c.organisation_id,
    person.c.email.is_not(None).label("has_address"),
    person.c.erased_at.is_not(None).label("is_erased"),
    func.coalesce(person_setting.c.language, person.c.language, organisation.c.language).label("language"),
    person_setting.c.zone,
    person_setting.c.country,
    person_setting.c.id.is_not(None).label("has_chosen"),
    person_setting.c.quiet_from,
    person_setting.c.quiet_until,
    person_setting.c.quiet_on_closed_days,
    person_setting.c.digest_at,
    person_setting.c.digest_weekday,
    person_setting.c.ways,
)
# A row for all who chose the same: most people choose nothing.
_SETTINGS = Query(
    select(*_CHOSEN, func.array_agg(person.c.id).label("people"))
    .select_from(person)
    .outerjoin(
        person_setting,
        (person_setting.c.organisation_id == person.c.organisation_id) & (person_setting.c.id == person.c.id),
    )
    .outerjoin(organisation, organisation.c.organisation_id == person.c.organisation_id)
    .where(person.c.id == _IDS)
    .group_by(*(literal_column(str(number)) for number in range(1, len(_CHOSEN) + 1)))
)
_ORGANISATION = Query(select(organisation_setting))
_ABSENCES = Query(
    select(absence).where(
        absence.c.away_from <= bindparam("day", type_=Date), absence.c.back_on > bindparam("day", type_=Date)
    )
)
_FOLLOWINGS = Query(select(following).where(following.c.scope_id == _IDS))
_OWN_DAYS = Query(select(calendar_day.c.day, calendar_day.c.is_open))
_NAMES = Query(
    select(person.c.name)
    .where(person.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(person.c.name)
)


async def list_names(connection: Connection, ids: Iterable[UUID]) -> list[str]:
    """What those of `ids` are called who were announced."""
    return [row["name"] for row in await _NAMES.rows(connection, ids=list(ids))]


async def find_reader(connection: Connection, subject: str) -> Reader | None:
    """The person whom a token's subject names; None until the portfolio has announced them."""
    row = await _BY_SUBJECT.find(connection, subject=subject)
    return None if row is None else Reader(row["id"], row["language"])


async def find_subject(connection: Connection, person_id: UUID) -> str | None:
    """What the person is called in tokens."""
    found: str | None = await _SUBJECT.value(connection, id=person_id)
    return found


async def is_erased(connection: Connection, person_id: object) -> bool:
    """Whether the person was known here and erased; nobody is whose id is none."""
    return bool(await _IS_ERASED.value(connection, id=str(person_id)))


async def find_erased(connection: Connection, names: Mapping[str, str]) -> Mapping[str, UUID]:
    """Those of the names, given with their digests, that are nobody's but of who was erased."""
    rows = await _ERASED.rows(connection, names=list(names), digests=list(names.values()))
    return {row["name"]: row["id"] for row in rows}


async def find_doer(connection: Connection, name: str) -> UUID | None:
    """The person with this subject or id."""
    found: UUID | None = await _DOER.value(connection, name=name)
    return found


async def list_holders(connection: Connection, *, roles: Iterable[Role], place: Place) -> list[Held]:
    """Who holds, or held, one of `roles` over any part of `place` or in the whole organisation."""
    ids = [*place.units, *place.portfolios, *place.programmes, *place.projects]
    rows = await _HOLDERS.rows(connection, roles=sorted(roles), ids=ids)
    return [
        Held(
            Grant(
                Role(row["role"]),
                ScopeKind(row["scope"]),
                row["scope_id"],
                row["valid_from"],
                row["valid_until"],
            ),
            row["people"],
        )
        for row in rows
    ]


async def find_setting(connection: Connection, person_ids: Iterable[UUID]) -> Mapping[UUID, PersonSetting]:
    """Those of `person_ids` who were announced, with what they did not choose filled in.

    Who chose the same has the same object.
    """
    rows = await _SETTINGS.rows(connection, ids=list(person_ids))
    house = await find_organisation(connection)
    found: dict[UUID, PersonSetting] = {}
    for row in rows:
        found |= dict.fromkeys(row["people"], _setting(row, house))
    return found


async def find_organisation(connection: Connection) -> OrganisationSetting:
    """What the organisation has set, or what we ship."""
    row = await _ORGANISATION.find(connection)
    if row is None:
        return OrganisationSetting()
    return OrganisationSetting(
        quiet=_quiet(row), mandatory=MANDATORY.union(row["mandatory_kinds"]), ways=_ways(row["ways"])
    )


async def list_absent(connection: Connection, day: date) -> Mapping[UUID, Absence]:
    """Who is on leave on the day, by person."""
    return {
        row["person_id"]: Absence(row["person_id"], row["away_from"], row["back_on"], row["substitute_id"])
        for row in await _ABSENCES.rows(connection, day=day)
    }


async def list_followings(connection: Connection, place: Place) -> list[Following]:
    """What anybody follows or mutes of what the place is part of."""
    ids = [one for several in ids_of(place).values() for one in several]
    rows = await _FOLLOWINGS.rows(connection, ids=ids) if ids else []
    return [
        Following(row["person_id"], ScopeKind(row["scope"]), row["scope_id"], Level(row["level"]))
        for row in rows
    ]


async def load_calendars(connection: Connection) -> Calendars:
    """The working days of the organisation, in any country."""
    rows = await _OWN_DAYS.rows(connection)
    return Calendars(
        closed=frozenset(row["day"] for row in rows if not row["is_open"]),
        opened=frozenset(row["day"] for row in rows if row["is_open"]),
    )


def _setting(row: asyncpg.Record, house: OrganisationSetting) -> PersonSetting:
    has_chosen = row["has_chosen"]
    quiet = _quiet(row) if has_chosen else None
    return PersonSetting(
        zone=row["zone"] or time_zone(row["organisation_id"]),
        country=row["country"] or country(row["organisation_id"]),
        language=row["language"],
        has_address=row["has_address"],
        is_erased=row["is_erased"],
        quiet=quiet or house.quiet,
        digest_at=DIGEST_AT if row["digest_at"] is None else row["digest_at"],
        digest_weekday=row["digest_weekday"] or DIGEST_WEEKDAY,
        ways=_ways(row["ways"]) if has_chosen else {},
    )


def _quiet(row: asyncpg.Record) -> QuietHours | None:
    if row["quiet_from"] is None and not row["quiet_on_closed_days"]:
        return None
    return QuietHours(row["quiet_from"], row["quiet_until"], on_closed_days=row["quiet_on_closed_days"])


def _ways(text: str) -> Ways:
    """As stored, without what is newer or older than this version."""
    stored: dict[str, dict[str, Any]] = json.loads(text)
    known = frozenset(Way)
    return {
        kind: {channel: Way(way) for channel, way in by_channel.items() if way in known}
        for kind, by_channel in stored.items()
    }
