"""Outlooks, series and overruled lights on the wire (B7)."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.measuring.forecasting import Forecast, Method, Spread
from gevinst_benefits.domain.measuring.indicators import IndicatorState, calls_for_action
from gevinst_benefits.domain.measuring.traffic_lights import Cause, Colour, Override
from gevinst_benefits.schemas.indicators import LongQuantity
from gevinst_benefits.schemas.prose import Told
from gevinst_benefits.schemas.reference_classes import Ratio
from gevinst_benefits.usecases.foreseeing import Outlook
from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Organisation, Out, Prose

_OUT_OF_PROPORTION = Decimal(10) ** 30
ShownColour = Annotated[Colour, Field(description="`none`: nothing that a colour could stand on.")]


class SpreadOut(Out):
    """A middle value and the interval that holds it in eight of ten cases, as shares of the way."""

    low: Ratio
    median: Ratio
    high: Ratio

    @classmethod
    def of(cls, spread: Spread) -> "SpreadOut":
        return cls(low=_share(spread.low), median=_share(spread.median), high=_share(spread.high))


class ForecastOut(Out):
    """Where the indicator will end, out of what was measured and what came of similar benefits."""

    method: Method = Field(
        description="ratio-and-delay: the plan, but for a ratio and a delay; level: on the plateau."
    )
    month_count: int = Field(ge=0, le=120, description="Months with measurements that it stands on.")
    end: SpreadOut = Field(description="The share of the way that will be done in the end.")
    at_target: SpreadOut = Field(description="The share that will be done on the target's day.")
    delay_days: int = Field(ge=0, le=4000, description="How late the effect is, as likely more as less.")
    is_too_early: bool = Field(description="The interval is too wide to act on.")
    is_eroding: bool = Field(description="On the plateau, and falling by more than noise explains.")

    @classmethod
    def of(cls, found: Forecast) -> "ForecastOut":
        return cls(
            method=found.method,
            month_count=found.months,
            end=SpreadOut.of(found.end),
            at_target=SpreadOut.of(found.at_target),
            delay_days=found.delay_days,
            is_too_early=found.is_too_early,
            is_eroding=found.is_eroding,
        )


class PlannedOut(Out):
    """What the trajectory has for the day."""

    value: LongQuantity
    share: Maybe[Ratio] = Field(None, description="Of the way; absent when it cannot be computed.")
    hangs_on_benefit: bool = Field(
        description="The indicator has no days of its own: its way follows its benefit's dates (B9)."
    )


class InForceOut(Out):
    """What a person says instead of the figures."""

    colour: Colour
    reason: Prose
    until: Day
    overruled_by: str = Field(max_length=300)


class LightOut(Out):
    """The light as shown, and as the figures have it: that it is overruled is never hidden."""

    colour: ShownColour
    computed_colour: ShownColour
    cause: Cause
    sentence: str = Field(max_length=500, description="The cause in words, in the language asked for.")
    tolerance: Maybe[Code] = Field(None, description="The code of the tolerance that decided.")
    short_of_plan: Maybe[Ratio] = Field(
        None, description="What is missing of what was planned, which the tolerance limits."
    )
    is_overruled: bool
    override: Maybe[InForceOut] = None


class OutlookOut(Out):
    """An indicator on a day: planned, measured, where it goes, and its light."""

    indicator_id: Id
    on: Day
    state: IndicatorState
    value: Maybe[LongQuantity] = Field(None, description="Measured; absent is not zero.")
    realised_share: Maybe[Ratio] = None
    calls_for_action: Maybe[bool] = Field(
        None, description="The value has reached the owner's threshold (B5); absent without one."
    )
    planned: Maybe[PlannedOut] = None
    deviation: Maybe[Ratio] = Field(None, description="Realised less planned, in shares of the way.")
    forecast: Maybe[ForecastOut] = None
    light: LightOut

    @classmethod
    def of(cls, found: Outlook, sentence: str) -> "OutlookOut":
        planned, realised = found.planned_share, found.realised
        deviation = None if planned is None or realised is None else realised - planned
        override = found.override
        shown = found.light.colour if override is None or override.colour is None else override.colour
        told = {
            "indicator_id": str(found.indicator.id),
            "on": found.on.isoformat(),
            "state": found.state,
            "value": None if found.value is None else decimal_text(found.value),
            "realised_share": _maybe(realised),
            "calls_for_action": None
            if found.value is None
            else calls_for_action(found.indicator, found.value),
            "planned": None if found.planned is None else _planned(found),
            "deviation": _maybe(deviation),
            "forecast": None if found.forecast is None else ForecastOut.of(found.forecast),
            "light": {
                "colour": shown,
                "computed_colour": found.light.colour,
                "cause": found.light.cause,
                "sentence": sentence,
                "tolerance": found.light.tolerance,
                "short_of_plan": _writable(found.light.share),
                "is_overruled": override is not None,
                "override": None if override is None else _override(override),
            },
        }
        return cls.model_validate(told)


class OverrideIn(In):
    """A colour that a named person says instead of the figures, until a day."""

    colour: Maybe[Literal["green", "yellow", "red"]] = Field(
        None, description="Absent: take back what was said.", examples=["yellow"]
    )
    reason: Told = Field(examples=["The extract misses two offices; counted by hand"])
    until: Day = Field(description="The last day that it holds, within a year.", examples=["2027-03-31"])


class OverrideOut(Out):
    """An overruled light as it was recorded. The newest holds, until its day has passed."""

    id: Id
    organisation: Organisation
    indicator_id: Id
    colour: Maybe[Colour] = Field(None, description="Absent: what was said before was taken back.")
    reason: Prose
    until: Day
    overruled_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class OverridePageOut(Out):
    """Overruled lights in the order they were recorded, a page at a time."""

    items: list[OverrideOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class PeriodOut(Out):
    """A month, quarter or year with measurements."""

    period: Day = Field(description="Its first day.")
    value: Maybe[LongQuantity] = Field(
        None, description="By the indicator's rules; absent while a unit is missing, or a weight."
    )
    measurement_count: int = Field(ge=1, le=10_000_000)
    last_on: Day
    is_complete: bool = Field(description="Every unit was measured in it.")


class SeriesOut(Out):
    """The indicator's periods in order; those without a measurement are absent, which is not zero."""

    items: list[PeriodOut] = Field(max_length=3612)


def _share(number: float | Decimal) -> str:
    return f"{number:z.4f}"


def _maybe(number: Decimal | None) -> str | None:
    return None if number is None else _share(number)


def _writable(share: Decimal | None) -> str | None:
    """None as well for what is out of all proportion to a plan of next to nothing."""
    return None if share is None or abs(share) >= _OUT_OF_PROPORTION else _share(share)


def _planned(found: Outlook) -> dict[str, object]:
    assert found.planned is not None
    return {
        "value": decimal_text(found.planned),
        "share": _maybe(found.planned_share),
        "hangs_on_benefit": found.hangs_on_benefit,
    }


def _override(override: Override) -> dict[str, object]:
    return {
        "colour": override.colour,
        "reason": override.reason,
        "until": override.until.isoformat(),
        "overruled_by": override.overruled_by,
    }
