"""What each person gets of one notice, person by person: the plain reading of N1 and N3, to compare with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from gevinst_notifications.domain.absences import stand_in
from gevinst_notifications.domain.following import Level
from gevinst_notifications.domain.hearing import Circle
from gevinst_notifications.domain.messages import Recipients
from gevinst_notifications.domain.preferences import PersonSetting, Way, decided_way
from gevinst_notifications.domain.quiet_hours import next_open
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.working_days import WorkCalendar


@dataclass(frozen=True)
class Heard:
    """One person's share: `digest` is a period's name, `silences` are (channel, cause)."""

    reasons: frozenset[Reason]
    is_in_inbox: bool
    mail_at: datetime | None = None
    digest: str | None = None
    silences: frozenset[tuple[str, str]] = frozenset()


def heard_by_each(
    kind: NoticeKind, recipients: Recipients, circle: Circle, *, now: datetime, due_on: date | None
) -> dict[UUID, Heard]:
    """By person: recipients, and whoever stands in for one of them."""
    reasons = {person: set(why) for person, why in recipients.items()}
    for person in recipients:
        other = _substitute(person, circle)
        if other is not None:
            reasons.setdefault(other, set()).add(Reason.STANDS_IN)
    return {
        person: _heard(kind, person, frozenset(why), circle, now, due_on) for person, why in reasons.items()
    }


def _heard(
    kind: NoticeKind,
    person: UUID,
    reasons: frozenset[Reason],
    circle: Circle,
    now: datetime,
    due_on: date | None,
) -> Heard:
    is_in_inbox, cause = _silence(kind, person, circle)
    if cause is not None:
        digest = "daily" if cause in {"another-stands-in", "on-leave"} else None
        channel = "mail" if is_in_inbox else "inbox"
        return Heard(reasons, is_in_inbox, digest=digest, silences=frozenset({(channel, cause)}))
    setting = circle.settings[person]
    is_urgent = due_on is not None and _ends_before_a_digest(due_on, setting, now)
    decided = decided_way(
        kind, "mail", own=setting.ways, organisation=circle.organisation, is_urgent=is_urgent
    )
    way = Way.AT_ONCE if person in circle.absences else decided.way
    if way is Way.AT_ONCE:
        at = next_open(now, WorkCalendar(setting.country), setting.zone, setting.quiet)
        return Heard(reasons, True, mail_at=at)
    if way is Way.OFF:
        return Heard(reasons, True, silences=frozenset({("mail", "turned-off")}))
    return Heard(reasons, True, digest=str(way))


def _ends_before_a_digest(due_on: date, setting: PersonSetting, now: datetime) -> bool:
    """Today is not too late, and the next working day may be."""
    today = now.astimezone(ZoneInfo(setting.zone)).date()
    following = today + timedelta(days=1)
    while not WorkCalendar(setting.country).is_open(following):
        following += timedelta(days=1)
    return today <= due_on <= following


def _silence(kind: NoticeKind, person: UUID, circle: Circle) -> tuple[bool, str | None]:
    """Whether it is in the inbox, and why there is no mail if that is not their own choice."""
    setting = circle.settings.get(person)
    must = kind in circle.organisation.mandatory
    is_away = person in circle.absences
    causes = {
        "erased": setting is not None and setting.is_erased,
        "muted": circle.levels.get(person) is Level.MUTE and not must,
        "no-address": setting is None or not setting.has_address,
        "another-stands-in": is_away and _substitute(person, circle) is not None,
        "on-leave": is_away and not must,
    }
    cause = next((name for name, holds in causes.items() if holds), None)
    return cause not in {"erased", "muted"}, cause


def _substitute(person: UUID, circle: Circle) -> UUID | None:
    found = stand_in(person, circle.absences)
    return found if found in circle.settings and found != circle.actor else None
