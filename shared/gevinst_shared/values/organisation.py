"""Organisation identifiers: ISO 6523 scheme and number, such as 0192:958935420."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache

from gevinst_shared.values.refusal import Refusal


class OddOrganisationNumber(Refusal):
    code = "odd-organisation-number"
    title = "Not an organisation number"
    detail = (
        "{value} is not a known organisation number. Write the scheme and the number, "
        "for example 0192:958935420 (Norway) or 0184:64942212 (Denmark)."
    )


def organisation_id(text: str) -> str:
    """The identifier in its one written form, or `OddOrganisationNumber`.

    Known schemes: 0192 (Norway, 9 digits, mod 11), 0184 (Denmark, CVR, 8 digits, mod 11), 0007 (Sweden,
    10 digits, Luhn) and 0212 (Finland, 8 digits, mod 11).
    Check: 0192:958935420 (Oslo) passes, 0192:988077918 does not.
    """
    scheme, colon, number = text.strip().partition(":")
    is_valid = _SCHEMES.get(scheme)
    digits = number.replace("-", "").replace(" ", "")
    if not colon or is_valid is None or not digits.isascii() or not digits.isdigit() or not is_valid(digits):
        raise OddOrganisationNumber(value=text[:40])
    return f"{scheme}:{digits}"


def country(organisation: str) -> str:
    """The ISO 3166 country of a valid identifier."""
    return {"0192": "NO", "0184": "DK", "0007": "SE", "0212": "FI"}[organisation.partition(":")[0]]


def day_there(organisation: str, moment: datetime) -> date:
    """The calendar day at the organisation's place; UTC's day for nobody's place, such as a service's.

    Central European time, one hour more in Finland. Worked out here, because a small machine may have no
    table of time zones: summer time lasts from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last
    Sunday of October.

    Source: Directive 2000/84/EC.   Check: 22:30 UTC on 31 July is 1 August in Norway.
    """
    hours = _HOURS_EAST.get(organisation.partition(":")[0])
    if hours is None:
        return moment.astimezone(UTC).date()
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return (moment.astimezone(UTC) + timedelta(hours=hours + summer)).date()


def day_ends(organisation: str, day: date) -> datetime:
    """The first moment that is no longer `day` at the organisation's place.

    Check: in Norway 2026-07-31 ends at 22:00 UTC, 2026-12-31 at 23:00 UTC.
    """
    # The last day that there is has no day after it; it ends with the day before.
    next_day = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
    midnight = datetime(next_day.year, next_day.month, next_day.day, tzinfo=UTC)
    hours = _HOURS_EAST.get(organisation.partition(":")[0], 0)
    in_summer = midnight - timedelta(hours=hours + 1)
    # Summer time begins and ends long after midnight, so only one of the two can be that midnight.
    is_in_summer = hours and day_there(organisation, in_summer) == next_day
    return in_summer if is_in_summer else midnight - timedelta(hours=hours)


def moment_there(organisation: str, day: date, hour: int) -> datetime:
    """The moment at which the clocks at the organisation's place show the full hour (from 4) of the day.

    Check: 8 o'clock on 26 March 2027 is 07:00 UTC in Norway, on 29 March 06:00 UTC.
    """
    wall = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    hours = _HOURS_EAST.get(organisation.partition(":")[0])
    if hours is None:
        return wall
    in_summer = wall - timedelta(hours=hours + 1)
    is_summer = _last_sunday(day.year, 3) <= in_summer < _last_sunday(day.year, 10)
    return in_summer if is_summer else wall - timedelta(hours=hours)


def time_zone(organisation: str) -> str:
    """The name of the organisation's time zone, such as Europe/Oslo; UTC for nobody's place."""
    return _TIME_ZONES.get(organisation.partition(":")[0], "UTC")


@cache
def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _is_norwegian(digits: str) -> bool:
    return len(digits) == 9 and _weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _is_danish(digits: str) -> bool:
    return len(digits) == 8 and digits[0] != "0" and _weighted(digits, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _is_swedish(digits: str) -> bool:
    doubled = [sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits)]
    return len(digits) == 10 and sum(doubled) % 10 == 0


def _is_finnish(digits: str) -> bool:
    return len(digits) == 8 and _weighted(digits, (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


_SCHEMES: dict[str, Callable[[str], bool]] = {
    "0192": _is_norwegian,
    "0184": _is_danish,
    "0007": _is_swedish,
    "0212": _is_finnish,
}
_HOURS_EAST = {"0192": 1, "0184": 1, "0007": 1, "0212": 2}
_TIME_ZONES = {
    "0192": "Europe/Oslo",
    "0184": "Europe/Copenhagen",
    "0007": "Europe/Stockholm",
    "0212": "Europe/Helsinki",
}
