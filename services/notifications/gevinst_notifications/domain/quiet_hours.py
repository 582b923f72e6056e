"""Quiet hours: when nothing is sent, in the reader's own time (N3)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from gevinst_shared.values.refusal import Refusal

MINUTES = 24 * 60
# A calendar that is closed for longer has lost its open days; a message is better sent than lost.
_FURTHEST = 31


class OpenDays(Protocol):
    """The days that are worked, such as those of a country."""

    def is_open(self, day: date) -> bool: ...


class OddQuietHours(Refusal):
    code = "odd-quiet-hours"
    title = "These quiet hours leave nothing"
    detail = (
        "Quiet hours have a beginning and an end, at different times. To hear at no time, choose another way "
        "of hearing."
    )


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until `end`, minutes after midnight, over midnight when `end` comes first.

    With `on_closed_days` weekends and public holidays are quiet all day. Both None: only those are.
    """

    start: int | None = None
    end: int | None = None
    on_closed_days: bool = False

    def __post_init__(self) -> None:
        is_half = (self.start is None) != (self.end is None)
        if is_half or (self.start is not None and self.start == self.end):
            raise OddQuietHours


def next_open(moment: datetime, calendar: OpenDays, zone: str, hours: QuietHours | None) -> datetime:
    """The first moment from `moment` on that is not quiet, in UTC.

    A quiet hour that ends in the hour which summer time leaves out ends when that hour would have begun; one
    that ends in the hour which comes twice ends the first time.
    Check: Friday 2027-03-26 (Good Friday) 21:00 in Oslo, quiet 20:00 to 08:00 and on closed days, gives
    Tuesday 2027-03-30 06:00 UTC.
    """
    if hours is None:
        return moment
    there = ZoneInfo(zone)
    found = moment
    for _ in range(_FURTHEST):
        local = found.astimezone(there)
        if hours.on_closed_days and not calendar.is_open(local.date()):
            found = _at(local.date() + timedelta(days=1), 0, there)
        elif (end := _end_of_quiet(hours, local, there)) > found:
            found = end
        else:
            return found
    return found


def day_and_minute(moment: datetime, zone: str) -> tuple[date, int]:
    """The calendar day in `zone` and the minutes since its midnight, by the clock on the wall."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def moment_at(day: date, minute: int, zone: str) -> datetime:
    """When the clock in `zone` shows `minute` on `day`, in UTC."""
    return _at(day, minute, ZoneInfo(zone))


def _end_of_quiet(hours: QuietHours, local: datetime, there: ZoneInfo) -> datetime:
    """When the quiet that holds at `local` ends, in UTC; `local` itself when it is not quiet.

    In the hour that comes twice the end may have passed already.
    """
    minute = local.hour * 60 + local.minute
    if hours.start is None or hours.end is None or not _is_within(hours.start, hours.end, minute):
        return local.astimezone(UTC)
    is_tomorrow = hours.end < hours.start <= minute
    return _at(local.date() + timedelta(days=is_tomorrow), hours.end, there)


def _is_within(start: int, end: int, minute: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end


def _at(day: date, minute: int, there: ZoneInfo) -> datetime:
    """In UTC, the first time it comes; in an hour that is left out, when that hour would have begun."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    found = wall.replace(tzinfo=there).astimezone(UTC)
    if found.astimezone(there).replace(tzinfo=None) == wall:
        return found
    found = wall.replace(tzinfo=there, fold=1).astimezone(UTC)
    while found.astimezone(there).replace(tzinfo=None) < wall:
        found += timedelta(minutes=1)
    return found
