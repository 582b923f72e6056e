"""B9, B10: when a benefit comes, how fast it grows and how long it lasts; its dates hang on the project's."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal

# Follow-up lasts years (B10): a benefit that nobody gave an end is planned for ten.
DEFAULT_MONTHS = 120
LONGEST_MONTHS = 600
FARTHEST_OFFSET_MONTHS = 600


class DatesReversed(Refusal):
    code = "benefit-dates-reversed"
    title = "The benefit ends before it begins"
    detail = "It would begin on {start} and end on {end}. Choose an end after the beginning."


class OddAnchor(Refusal):
    code = "odd-timing"
    title = "The dates do not fit what they hang on"
    detail = (
        "A date that hangs on nothing needs a day of its own and no offset; one that hangs on a delivery "
        "needs the delivery; no other has either. This one hangs on: {hangs_on}."
    )


class DeliveryNotKnown(Refusal):
    code = "delivery-not-known"
    title = "The delivery is not known"
    detail = "The project has no delivery {delivery}. Add it to the project, or hang the date on another."


class HangsOn(StrEnum):
    """What a date hangs on: nothing (it is fixed), or the project's start, end or one of its deliveries."""

    NONE = "none"
    START = "start"
    END = "end"
    MILESTONE = "milestone"


class RampKind(StrEnum):
    IMMEDIATE = "immediate"
    LINEAR = "linear"
    S_CURVE = "s-curve"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Ramp:
    """How a benefit grows to its full size: over `months`, or by `shares` of it, one per year from the start.

    The last share holds for all years after it. Linear grows evenly, the S-curve is 3x² - 2x³ of the way x
    that is done; the middle of a month stands for it.
    Check: linear over 12 months has 1/24 in its first; both give 1/2 of the full size over their ramp.
    """

    kind: RampKind = RampKind.IMMEDIATE
    months: int = 0
    shares: tuple[Decimal, ...] = ()

    @property
    def full_after(self) -> int:
        """The months until the full size is reached."""
        return 12 * (len(self.shares) - 1) if self.kind is RampKind.TABLE else self.months


@dataclass(frozen=True, slots=True)
class Timing:
    """When a benefit begins, how it grows, and how long it lasts.

    `starts_on` is given only when it hangs on nothing, `delivery_id` only when it hangs on a delivery.
    It ends `duration_months` after its start, or on `ends_on` if that comes first. From full size on it
    loses `erosion_per_year` of what is left each full year.
    """

    hangs_on: HangsOn = HangsOn.END
    offset_months: int = 0
    starts_on: date | None = None
    delivery_id: UUID | None = None
    ramp: Ramp = Ramp()
    duration_months: int = DEFAULT_MONTHS
    ends_on: date | None = None
    erosion_per_year: Decimal = Decimal(0)


# What holds for a benefit of which nobody has said when it comes.
AT_PROJECT_END = Timing()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A named delivery of a project; `day` is when it is expected, or was there."""

    id: UUID
    name: str
    day: date


def refuse_odd_timing(timing: Timing) -> None:
    """Refuse dates that hang on nothing, on two things, or that are reversed."""
    refuse_odd_anchor(timing.hangs_on, timing.offset_months, timing.starts_on, timing.delivery_id)
    start, end = timing.starts_on, timing.ends_on
    if start is not None and end is not None and end <= start:
        raise DatesReversed(start=start, end=end, pointer="/body/timing/ends_on")


def refuse_odd_anchor(
    hangs_on: HangsOn, offset_months: int, day: date | None, delivery_id: UUID | None
) -> None:
    is_fixed = hangs_on is HangsOn.NONE
    fits_day = is_fixed == (day is not None) and not (is_fixed and offset_months)
    if not fits_day or (hangs_on is HangsOn.MILESTONE) != (delivery_id is not None):
        raise OddAnchor(hangs_on=hangs_on.value)


def in_another_project(timing: Timing) -> Timing:
    """The timing of a benefit that another project takes over: its old delivery is not one of theirs (G6)."""
    if timing.hangs_on is not HangsOn.MILESTONE:
        return timing
    return replace(timing, hangs_on=HangsOn.END, delivery_id=None)


def months_after(day: date, months: int) -> date | None:
    """The same day some months later (earlier if negative); the last of a shorter month.

    None beyond the calendar. Check: one month after 31 January 2027 is 28 February 2027.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def found_delivery(deliveries: Sequence[Delivery], delivery_id: UUID | None) -> date | None:
    """The day of one of the deliveries, or None."""
    return next((delivery.day for delivery in deliveries if delivery.id == delivery_id), None)
