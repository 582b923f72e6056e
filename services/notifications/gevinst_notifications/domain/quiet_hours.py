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
        "Quiet hours begin and end at different times. To hear at no time, choose another way of hearing."
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
        if self.start is not None and self.start == self.end:
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
        elif hours.start is not None and hours.end is not None and _is_within(hours, local):
            found = _end_of_quiet(hours.start, hours.end, local, there)
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


def _is_within(hours: QuietHours, local: datetime) -> bool:
    assert hours.start is not None
    assert hours.end is not None
    minute = local.hour * 60 + local.minute
    if hours.start < hours.end:
        return hours.start <= minute < hours.end
    return minute >= hours.start or minute < hours.end


def _end_of_quiet(start: int, end: int, local: datetime, there: ZoneInfo) -> datetime:
    is_tomorrow = end < start and local.hour * 60 + local.minute >= start
    found = _at(local.date() + timedelta(days=is_tomorrow), end, there)
    # The hour that comes twice: once it has passed the end, the second time is no longer quiet.
    return found if found > local.astimezone(UTC) else local.astimezone(UTC) + timedelta(minutes=1)


def _at(day: date, minute: int, there: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time(minute // 60, minute % 60), there)
    return wall.astimezone(UTC)
