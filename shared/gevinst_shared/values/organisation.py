"""Organisation identifiers: ISO 6523 scheme and number, such as 0192:958935420."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

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


def end_of_day_there(organisation: str, day: date) -> datetime:
    """The first moment after the calendar day at the organisation's place (see `day_there`), in UTC.

    Check: 31 July ends at 22:00 UTC in Norway, 31 December at 23:00 UTC.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), UTC)
    hours = _HOURS_EAST.get(organisation.partition(":")[0], 0)
    winter = midnight - timedelta(hours=hours)
    # No midnight lies within an hour of a change of the clocks, so the winter's one tells the season.
    is_summer = bool(hours) and _last_sunday(winter.year, 3) <= winter < _last_sunday(winter.year, 10)
    return winter - timedelta(hours=is_summer)


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
