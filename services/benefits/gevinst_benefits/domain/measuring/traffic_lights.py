"""B7: a traffic light from stated tolerances, which a named person may overrule with a reason, for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gevinst_benefits.domain.measuring import tolerances
from gevinst_benefits.domain.measuring.forecasting import Forecast
from gevinst_benefits.domain.measuring.indicators import IndicatorState
from gevinst_benefits.domain.measuring.tolerances import Tolerance, benefit_light
from gevinst_shared.values.refusal import Refusal


class OverrideEndsEarly(Refusal):
    code = "light-override-ends-early"
    title = "The override has ended before it begins"
    detail = "{until} has passed. Let the override hold until today or later."


class OverrideTooLong(Refusal):
    code = "light-override-too-long"
    title = "The override holds too long"
    detail = "Let the override hold until {most} at the latest, and look at it again then."


class Colour(StrEnum):
    """`none`: there is nothing that a colour could stand on, which is not green."""

    NONE = "none"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Cause(StrEnum):
    NO_BASELINE = "no-baseline"
    NOT_COMPUTABLE = "not-computable"
    NO_TRAJECTORY = "no-trajectory"
    NO_TOLERANCE = "no-tolerance"
    NOT_BEGUN = "not-begun"
    NOT_MEASURED = "not-measured"
    MEASUREMENT_OVERDUE = "measurement-overdue"
    ON_COURSE = "on-course"
    BEHIND = "behind"
    FAR_BEHIND = "far-behind"
    ERODING = "eroding"
    ENDS_SHORT = "ends-short"
    ENDS_FAR_SHORT = "ends-far-short"


MOST_OVERRIDE_DAYS = 366
# What the tolerance says of today.
_NOW = {
    tolerances.Light.RED: (Colour.RED, Cause.FAR_BEHIND),
    tolerances.Light.YELLOW: (Colour.YELLOW, Cause.BEHIND),
    tolerances.Light.GREEN: (Colour.GREEN, Cause.ON_COURSE),
}


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and what it stands on; `missing` is the share of the way that is missing, where it counts.

    `share` is what is missing of what was planned, which `tolerance` (its code) limits.
    """

    colour: Colour
    cause: Cause
    missing: Decimal | None = None
    share: Decimal | None = None
    tolerance: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says instead, until and with that day. Without a colour the one before is taken back."""

    colour: Colour | None
    reason: str
    until: date
    overruled_by: str


def light_of(
    state: IndicatorState,
    *,
    planned: Decimal | None,
    realised: Decimal | None,
    forecast: Forecast | None,
    tolerance: Tolerance | None,
) -> Light:
    """The light of an indicator: the worst of being behind now, ending short, eroding and not being measured.

    `planned` and `realised` are shares of the way today; `planned` is None without a trajectory. `tolerance`
    is of what was planned, as for every benefit. A forecast that is too early says nothing. Ends short: its
    middle misses more than yellow allows; far short: even its high end misses more than red allows. Where all
    of it was planned for today and all of it is done, nothing is short: the end can only be lost again.
    """
    if state is IndicatorState.NO_BASELINE:
        return Light(Colour.NONE, Cause.NO_BASELINE)
    if state is IndicatorState.NOT_COMPUTABLE:
        return Light(Colour.NONE, Cause.NOT_COMPUTABLE)
    is_there = planned is not None and realised is not None and realised >= planned >= 1
    found = [_now(planned, realised, tolerance), *_later(forecast, tolerance, is_there=is_there)]
    if state is IndicatorState.OVERDUE:
        found.append(Light(Colour.YELLOW, Cause.MEASUREMENT_OVERDUE))
    return max(found, key=lambda light: list(Colour).index(light.colour))


def override_in_force(entries: Sequence[Override], *, today: date) -> Override | None:
    """The newest entry (the last of `entries`), while it has a colour and its day has not passed."""
    if not entries or entries[-1].colour is None or entries[-1].until < today:
        return None
    return entries[-1]


def refuse_odd_override(until: date, *, today: date) -> None:
    if until < today:
        raise OverrideEndsEarly(until=until, pointer="/body/until")
    most = date.fromordinal(today.toordinal() + MOST_OVERRIDE_DAYS)
    if until > most:
        raise OverrideTooLong(most=most, pointer="/body/until")


def _now(planned: Decimal | None, realised: Decimal | None, tolerance: Tolerance | None) -> Light:
    if planned is None:
        return Light(Colour.NONE, Cause.NO_TRAJECTORY)
    if realised is None:
        return Light(Colour.NONE, Cause.NOT_BEGUN if planned == 0 else Cause.NOT_MEASURED)
    reading = benefit_light(tolerance, planned=planned, expected=realised)
    missing = planned - realised
    if reading.light is None:
        # B6: a share of nothing is not computable.
        return Light(Colour.NONE, Cause.NO_TOLERANCE if tolerance is None else Cause.NOT_BEGUN)
    colour, cause = _NOW[reading.light]
    return Light(colour, cause, missing, reading.share, reading.tolerance)


def _later(forecast: Forecast | None, tolerance: Tolerance | None, *, is_there: bool) -> list[Light]:
    if forecast is None or forecast.is_too_early:
        return []
    found = [Light(Colour.YELLOW, Cause.ERODING)] if forecast.is_eroding else []
    if is_there:
        return found
    at_best, middle = (
        benefit_light(tolerance, planned=Decimal(1), expected=Decimal(str(end)))
        for end in (forecast.end.high, forecast.end.median)
    )
    if at_best.light is tolerances.Light.RED:
        found.append(Light(Colour.RED, Cause.ENDS_FAR_SHORT, middle.share, middle.share, middle.tolerance))
    elif middle.light in {tolerances.Light.YELLOW, tolerances.Light.RED}:
        found.append(Light(Colour.YELLOW, Cause.ENDS_SHORT, middle.share, middle.share, middle.tolerance))
    return found
