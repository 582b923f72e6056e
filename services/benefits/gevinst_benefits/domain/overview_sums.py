"""What many benefits give together, by year, as their plans say and as controllers found it (B9, B11, C7).

The same figures as a plan's own sums, for thousands of benefits: those that are alike in everything but their
amount come together, and share one curve.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from gevinst_benefits.domain.decimals import MILLIONTH, millionths

_HUNDREDTH = Decimal("0.01")
_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What may be added: one realisation mode, one kind, one ledger and one unit (B1, C7).

    `unit` is a currency with its price year, or a unit of measure with None.
    """

    mode: str
    kind: str
    ledger: str
    unit: tuple[str, int | None]

    @property
    def measure(self) -> "Frame":
        """The ledger and unit alone, of all modes and kinds."""
        return Frame("", "", self.ledger, self.unit)


@dataclass(frozen=True, slots=True)
class Alike:
    """Benefits that differ by nothing but `amounts`, a full year's estimates in the frame's unit.

    `years` is the share of a full year in each calendar year; `share` the part that is ours (B11). `begins`
    is None when nothing is planned, or nobody knows when.
    """

    frame: Frame
    is_confirmed: bool
    share: Decimal
    begins: date | None
    years: Mapping[int, Decimal]
    amounts: Sequence[Decimal]


@dataclass(slots=True)
class YearSum:
    """Our part in a year: confirmed by owners, not confirmed, and found realised (None: not verified, B6)."""

    confirmed: Decimal = Decimal(0)
    unconfirmed: Decimal = Decimal(0)
    verified: Decimal | None = None


@dataclass(slots=True)
class FrameSum:
    """All benefits of a frame: how many owners stand for and how many not, and what they give by year."""

    confirmed_count: int = 0
    unconfirmed_count: int = 0
    years: dict[int, YearSum] = field(default_factory=dict)

    def year(self, year: int) -> YearSum:
        return self.years.setdefault(year, YearSum())


@dataclass(frozen=True, slots=True)
class VerifiedYear:
    """Our part of what was found realised in a year, in full digits."""

    frame: Frame
    year: int
    amount: Decimal


def frame_sums(alike: Iterable[Alike], verified: Iterable[VerifiedYear]) -> dict[Frame, FrameSum]:
    """The sums of every frame that a benefit or a verification stands in.

    Each benefit's year is rounded as its own plan rounds it, so that a whole is what its plans say together;
    what was verified is rounded once, to millionths.
    """
    found: dict[Frame, FrameSum] = {}
    for one in alike:
        _add(found.setdefault(one.frame, FrameSum()), one)
    for entry in verified:
        year = found.setdefault(entry.frame, FrameSum()).year(entry.year)
        year.verified = (year.verified or Decimal(0)) + entry.amount
    for frame in found.values():
        for year in frame.years.values():
            year.verified = None if year.verified is None else millionths(year.verified)
    return found


def by_measure(sums: Mapping[Frame, FrameSum]) -> dict[Frame, FrameSum]:
    """All modes and kinds together, ledger by ledger and unit by unit: those are never added (C7)."""
    found: dict[Frame, FrameSum] = {}
    for frame, of_frame in sums.items():
        whole = found.setdefault(frame.measure, FrameSum())
        whole.confirmed_count += of_frame.confirmed_count
        whole.unconfirmed_count += of_frame.unconfirmed_count
        for number, year in of_frame.years.items():
            total = whole.year(number)
            total.confirmed += year.confirmed
            total.unconfirmed += year.unconfirmed
            if year.verified is not None:
                total.verified = (total.verified or Decimal(0)) + year.verified
    return found


def _add(whole: FrameSum, one: Alike) -> None:
    if one.is_confirmed:
        whole.confirmed_count += len(one.amounts)
    else:
        whole.unconfirmed_count += len(one.amounts)
    full = sum(one.amounts, Decimal(0))
    step = MILLIONTH if one.frame.unit[1] is None else _HUNDREDTH
    for number, part in one.years.items():
        year = whole.year(number)
        given = full if part == one.share == _WHOLE else _given(one, part, step)
        if one.is_confirmed:
            year.confirmed += given
        else:
            year.unconfirmed += given


def _given(one: Alike, part: Decimal, step: Decimal) -> Decimal:
    """Our part of a year, each benefit's rounded by itself as `planned_years` and `totals` do."""
    if one.share == _WHOLE:
        return sum(((amount * part).quantize(step, ROUND_HALF_EVEN) for amount in one.amounts), Decimal(0))
    years = ((amount * part).quantize(step, ROUND_HALF_EVEN) for amount in one.amounts)
    return sum((millionths(amount * one.share) for amount in years), Decimal(0))
