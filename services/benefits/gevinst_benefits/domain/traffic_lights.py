"""B7: a traffic light from stated tolerances, which a named person may overrule with a reason, for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gevinst_benefits.domain.forecasting import Forecast
from gevinst_benefits.domain.indicators import IndicatorState
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


@dataclass(frozen=True, slots=True)
class Tolerances:
    """From `valid_from` on: shares of the way (0.1 is 10 % of baseline to target) that may be missing."""

    valid_from: date
    yellow_above: Decimal
    red_above: Decimal


# What holds where the organisation has not said its own. Dated, so that an old light can be explained.
TOLERANCES = (Tolerances(date(2020, 1, 1), Decimal("0.10"), Decimal("0.25")),)


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and what it stands on; `missing` is the share of the way that is missing, where it counts."""

    colour: Colour
    cause: Cause
    missing: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says instead, until and with that day. Without a colour the one before is taken back."""

    colour: Colour | None
    reason: str
    until: date
    overruled_by: str


def tolerances_on(day: date, known: Sequence[Tolerances] = TOLERANCES) -> Tolerances:
    """Those that hold on a day: the newest that had begun; before all of them the first."""
    ordered = sorted(known, key=lambda one: one.valid_from)
    return next((one for one in reversed(ordered) if one.valid_from <= day), ordered[0])


def light_of(
    state: IndicatorState,
    *,
    planned: Decimal | None,
    realised: Decimal | None,
    forecast: Forecast | None,
    tolerances: Tolerances,
) -> Light:
    """The light of an indicator: the worst of being behind now, ending short, eroding and not being measured.

    `planned` and `realised` are shares of the way today; `planned` is None without a trajectory. A forecast
    that is too early says nothing. Ends short: its middle misses more than yellow allows; far short: even
    its high end misses more than red allows.
    """
    if state is IndicatorState.NO_BASELINE:
        return Light(Colour.NONE, Cause.NO_BASELINE)
    if state is IndicatorState.NOT_COMPUTABLE:
        return Light(Colour.NONE, Cause.NOT_COMPUTABLE)
    found = [_now(planned, realised, tolerances), *_later(forecast, tolerances)]
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


def _now(planned: Decimal | None, realised: Decimal | None, tolerances: Tolerances) -> Light:
    if planned is None:
        return Light(Colour.NONE, Cause.NO_TRAJECTORY)
    if realised is None:
        return Light(Colour.NONE, Cause.NOT_BEGUN if planned == 0 else Cause.NOT_MEASURED)
    missing = planned - realised
    if missing > tolerances.red_above:
        return Light(Colour.RED, Cause.FAR_BEHIND, missing)
    if missing > tolerances.yellow_above:
        return Light(Colour.YELLOW, Cause.BEHIND, missing)
    return Light(Colour.GREEN, Cause.ON_COURSE, missing)


def _later(forecast: Forecast | None, tolerances: Tolerances) -> list[Light]:
    if forecast is None or forecast.is_too_early:
        return []
    found = []
    if forecast.is_eroding:
        found.append(Light(Colour.YELLOW, Cause.ERODING))
    if 1 - forecast.end.high > tolerances.red_above:
        found.append(Light(Colour.RED, Cause.ENDS_FAR_SHORT, Decimal(str(1 - forecast.end.median))))
    elif 1 - forecast.end.median > tolerances.yellow_above:
        found.append(Light(Colour.YELLOW, Cause.ENDS_SHORT, Decimal(str(1 - forecast.end.median))))
    return found
