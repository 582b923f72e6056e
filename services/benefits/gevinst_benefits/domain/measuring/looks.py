"""When a benefit is late, and when time alone may make it so (B7)."""

from collections.abc import Iterable
from datetime import date, timedelta

from gevinst_benefits.domain.measuring.traffic_lights import Cause, Colour, Light

EVERY_DAYS = 7


def seen_colour(light: Light, *, is_over: bool) -> Colour:
    """The colour that counts for telling people.

    When its way is over an indicator that was never measured is late, though its light has no colour:
    missing is not zero (B6). Before that a measurement that is merely overdue says nothing of the benefit:
    whoever measures is reminded of it.
    """
    if light.cause is Cause.NOT_MEASURED and is_over:
        return Colour.YELLOW
    if light.cause is Cause.MEASUREMENT_OVERDUE and not is_over:
        return Colour.NONE
    return light.colour


def next_look(today: date, *, last_days: Iterable[date]) -> date:
    """The day to look again: the morning after one of `last_days`, and within a week in any case.

    `last_days` are days after which something else may be seen, such as the target's.
    """
    mornings = [day + timedelta(1) for day in last_days if day >= today]
    return min([today + timedelta(EVERY_DAYS), *mornings])
