"""From "these people are told of this" to what each one gets, where and when (N1, N3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_notifications.domain.absences import Absence, stand_in
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.digests import open_from
from gevinst_notifications.domain.following import Level
from gevinst_notifications.domain.messages import Recipients
from gevinst_notifications.domain.preferences import (
    OrganisationSetting,
    Period,
    PersonSetting,
    Way,
    decided_way,
)
from gevinst_notifications.domain.quiet_hours import OpenDays, day_and_minute, next_open
from gevinst_notifications.domain.rules import NoticeKind, Reason

INBOX = "inbox"


class Cause(StrEnum):
    """Why somebody who was concerned did not hear at once (N4); kept with the notice."""

    MUTED = "muted"
    TURNED_OFF = "turned-off"
    NO_ADDRESS = "no-address"
    ON_LEAVE = "on-leave"  # it waits in the digest of the first day back
    ANOTHER_STANDS_IN = "another-stands-in"
    ERASED = "erased"  # E3


@dataclass(frozen=True, slots=True)
class Circle:
    """What is known of the recipients and of those who may stand in for them.

    `absences` are those of the day, by who is away; `levels` what people follow or mute at the place that
    the notice is about; `actor` whose deed it was.
    """

    settings: Mapping[UUID, PersonSetting]
    organisation: OrganisationSetting
    absences: Mapping[UUID, Absence] = field(default_factory=dict)
    levels: Mapping[UUID, Level] = field(default_factory=dict)
    actor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What some people get of one notice, each the same.

    `mail_at` None: no mail of its own; `digest`: it goes in the next digest of that period. `silences`
    say, by channel, why it is not there.
    """

    people: tuple[UUID, ...]
    reasons: tuple[Reason, ...]
    is_in_inbox: bool = True
    mail_at: datetime | None = None
    digest: Period | None = None
    silences: Mapping[str, Cause] = field(default_factory=dict)


def hearings(
    kind: NoticeKind,
    recipients: Recipients,
    circle: Circle,
    *,
    now: datetime,
    calendar_of: Callable[[str], OpenDays],
    due_on: date | None = None,
) -> list[Hearing]:
    """What each recipient gets, and each stand-in: everybody in one hearing.

    Nobody is left without a trace: who gets nothing has a cause. `calendar_of` gives the working days of a
    country; `due_on` is the day of what went up the line. It is decided once for all who are alike, which an
    organisation's thousands mostly are.
    """
    told = dict(recipients)
    for person_id in recipients.keys() & circle.absences.keys():
        substitute = _heard_by(person_id, circle)
        if substitute is not None:
            told[substitute] = tuple(sorted({*told.get(substitute, ()), Reason.STANDS_IN}))
    found = []
    for (reasons, *_), people in _alike(told, circle).items():
        one = Hearing(tuple(people), reasons)
        held_back = _held_back(one, circle, kind)
        found.append(held_back or _by_way(one, circle, kind, now, calendar_of, due_on))
    return found


def due_day(kind: NoticeKind, data: Mapping[str, Any]) -> date | None:
    """The day by which somebody had to do what a notice of the kind tells of going up the line."""
    return date.fromisoformat(data["due_on"]) if kind is NoticeKind.DUTY_ESCALATED else None


_Standing = tuple[tuple[Reason, ...], int, Level | None, bool, bool]
"""All that decides what somebody gets: reasons, setting, level, whether they are away and stood in for."""


def _alike(told: Recipients, circle: Circle) -> dict[_Standing, list[UUID]]:
    """The people by how they stand. Settings are the same when they are one object."""
    found: dict[_Standing, list[UUID]] = {}
    for person_id, reasons in told.items():
        setting = circle.settings.get(person_id)
        is_away = person_id in circle.absences
        has_stand_in = is_away and _heard_by(person_id, circle) is not None
        standing = (reasons, id(setting), circle.levels.get(person_id), is_away, has_stand_in)
        found.setdefault(standing, []).append(person_id)
    return found


def _held_back(told: Hearing, circle: Circle, kind: NoticeKind) -> Hearing | None:
    """What those get who muted the place, cannot be written to or are on leave; None for everybody else."""
    one = told.people[0]
    is_mandatory = kind in circle.organisation.mandatory
    setting = circle.settings.get(one)
    is_erased = setting is not None and setting.is_erased
    if is_erased or (circle.levels.get(one) is Level.MUTE and not is_mandatory):
        cause = Cause.ERASED if is_erased else Cause.MUTED
        return replace(told, is_in_inbox=False, silences={INBOX: cause})
    if setting is None or not setting.has_address:
        return replace(told, silences={Channel.MAIL: Cause.NO_ADDRESS})
    if one not in circle.absences:
        return None
    if _heard_by(one, circle) is not None:
        return replace(told, digest=Period.DAILY, silences={Channel.MAIL: Cause.ANOTHER_STANDS_IN})
    # What must be done and nobody stands in for is mailed all the same: better disturbed than not told.
    if is_mandatory:
        return None
    return replace(told, digest=Period.DAILY, silences={Channel.MAIL: Cause.ON_LEAVE})


def _by_way(
    told: Hearing,
    circle: Circle,
    kind: NoticeKind,
    now: datetime,
    calendar_of: Callable[[str], OpenDays],
    due_on: date | None,
) -> Hearing:
    setting = circle.settings[told.people[0]]
    calendar = calendar_of(setting.country)
    decided = decided_way(
        kind,
        Channel.MAIL,
        own=setting.ways,
        organisation=circle.organisation,
        is_urgent=due_on is not None and _is_soon(due_on, setting, calendar, now=now),
    )
    # No digest leaves while its reader is away.
    match Way.AT_ONCE if told.people[0] in circle.absences else decided.way:
        case Way.AT_ONCE:
            return replace(told, mail_at=next_open(now, calendar, setting.zone, setting.quiet))
        case Way.DAILY:
            return replace(told, digest=Period.DAILY)
        case Way.WEEKLY:
            return replace(told, digest=Period.WEEKLY)
        case Way.OFF:
            return replace(told, silences={Channel.MAIL: Cause.TURNED_OFF})


def _is_soon(due_on: date, setting: PersonSetting, calendar: OpenDays, *, now: datetime) -> bool:
    """Whether the next daily digest would leave on the last day, or when that is over."""
    today, _ = day_and_minute(now, setting.zone)
    return today <= due_on <= open_from(today + timedelta(days=1), calendar)


def _heard_by(person_id: UUID, circle: Circle) -> UUID | None:
    """Who stands in for somebody on leave; not somebody unknown, and not the one whose deed it was."""
    substitute = stand_in(person_id, circle.absences)
    return substitute if substitute in circle.settings and substitute != circle.actor else None
