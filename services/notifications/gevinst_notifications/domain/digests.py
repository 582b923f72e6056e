"""Digests: when one leaves, and what it holds (N3)."""

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from gevinst_notifications.domain.preferences import Period, PersonSetting
from gevinst_notifications.domain.quiet_hours import OpenDays, day_and_minute, moment_at
from gevinst_shared.values.actor import Role

TYPE = "gevinst.notifications.digest-closed.v1"
# How far ahead a digest looks for what is due, in days.
AHEAD = {Period.DAILY: 3, Period.WEEKLY: 10}
# Whose digest also tells what is late under them.
LEADING = (Role.UNIT_LEADER, Role.PROJECT_OWNER, Role.PORTFOLIO_OFFICE, Role.BENEFIT_CONTROLLER)
_FURTHEST = 400


def next_window(
    period: Period,
    setting: PersonSetting,
    calendar: OpenDays,
    *,
    after: datetime,
    back_on: date | None = None,
) -> datetime:
    """The next moment after `after` at which the person's digest leaves, in UTC.

    On a working day at their time; weekly on their day of the week, or on the first working day after it.
    While they are on leave none leaves: the next is on the day `back_on` or later.
    Check: daily at 07:30 in Oslo after Wednesday 2027-03-24 08:00 gives Tuesday 2027-03-30 05:30 UTC.
    """
    today, _ = day_and_minute(after, setting.zone)
    # A weekly digest of this week may have been moved on to today by a holiday.
    first = today if period is Period.DAILY else today - timedelta(days=(today.isoweekday() - 1) + 7)
    for step in range(_FURTHEST):
        day = first + timedelta(days=step)
        if period is Period.WEEKLY:
            if day.isoweekday() != setting.digest_weekday:
                continue
            day = open_from(day, calendar)
        elif not calendar.is_open(day):
            continue
        found = moment_at(day, setting.digest_at, setting.zone)
        if found > after and (back_on is None or day >= back_on):
            return found
    # No day is open for a year: the calendar is odd, and late is better than never.
    return after + timedelta(days=1)


def digest_id(organisation: str, person_id: UUID, period: Period, window_at: datetime) -> UUID:
    """The id of the notice: closing the same window again makes the same."""
    window = window_at.astimezone(UTC).isoformat()
    return uuid5(NAMESPACE_URL, f"gevinst:digest:{organisation}:{person_id}:{period}:{window}")


def open_from(day: date, calendar: OpenDays) -> date:
    """The day, or the first working day after it."""
    for step in range(_FURTHEST):
        if calendar.is_open(day + timedelta(days=step)):
            return day + timedelta(days=step)
    return day
