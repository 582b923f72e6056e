"""What many benefits give together, by year, as their plans say and as controllers found it (B9, B11, C7).

The same figures as a plan's own sums, for thousands of benefits at once: in whole numbers, and years at full
size are counted as runs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from gevinst_benefits.domain.decimals import millionths
from gevinst_benefits.domain.plan.curve_shapes import YearParts, half_even

_MILLIONTHS_A_HUNDREDTH = 10_000
_MILLION = 1_000_000


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


class Counted(NamedTuple):
    """A benefit among those of its frame. `steps` is its estimate for a full year, in hundredths of money or
    millionths of its unit of measure; `share` is ours in millionths, None for all of it, and `in_transit`
    what nobody counts, None for nothing (B11). `begins` and `parts` are None when nothing is planned or
    nobody knows when."""

    begins: date | None
    parts: YearParts | None
    steps: int
    share: int | None
    in_transit: int | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """All benefits of a frame that owners stand for, or all that they do not."""

    frame: Frame
    is_confirmed: bool
    benefits: Sequence[Counted]


@dataclass(slots=True)
class YearSum:
    """Our part in a year: confirmed by owners, not confirmed, and found realised (None: not verified, B6).
    `in_transit` is between another body and us, and in no other figure (None: nothing is, B11)."""

    confirmed: Decimal = Decimal(0)
    unconfirmed: Decimal = Decimal(0)
    verified: Decimal | None = None
    in_transit: Decimal | None = None


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


def frame_sums(together: Iterable[Together], verified: Iterable[VerifiedYear]) -> dict[Frame, FrameSum]:
    """The sums of every frame that a benefit or a verification stands in.

    Each benefit's year is rounded as its own plan rounds it, so that a whole is what its plans say together;
    what was verified is rounded once, to millionths.
    """
    found: dict[Frame, FrameSum] = {}
    for one in together:
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
            if year.in_transit is not None:
                total.in_transit = (total.in_transit or Decimal(0)) + year.in_transit
    return found


def _add(whole: FrameSum, group: Together) -> None:
    scale = 1 if group.frame.unit[1] is None else _MILLIONTHS_A_HUNDREDTH
    years = _years(group.benefits, scale=scale)
    moving = [one._replace(share=one.in_transit) for one in group.benefits if one.in_transit]
    for number, amount in _years(moving, scale=scale).items():
        year = whole.year(number)
        year.in_transit = (year.in_transit or Decimal(0)) + amount
    if group.is_confirmed:
        whole.confirmed_count += len(group.benefits)
    else:
        whole.unconfirmed_count += len(group.benefits)
    for number, amount in years.items():
        year = whole.year(number)
        if group.is_confirmed:
            year.confirmed += amount
        else:
            year.unconfirmed += amount


def _years(benefits: Iterable[Counted], *, scale: int) -> dict[int, Decimal]:
    """Our part of each year; counted in whole millionths, `scale` of which are one step."""
    parts: defaultdict[int, int] = defaultdict(int)
    # What is added from a year on, so that a run of years is two numbers and not as many as it is long.
    onwards: defaultdict[int, int] = defaultdict(int)
    running: defaultdict[int, int] = defaultdict(int)
    for _, years, steps, share, _ in benefits:
        if years is None:
            continue
        if years.full is not None:
            first, after = years.full
            whole = steps * scale if share is None else half_even(steps * scale * share, _MILLION)
            onwards[first] += whole
            onwards[after] -= whole
            running[first] += 1
            running[after] -= 1
        year_whole = years.whole
        for year, part in years.others:
            # As `planned_years` does: half-even, to a whole step. Written out, for it is done very often.
            amount, rest = divmod(steps * part, year_whole)
            if 2 * rest >= year_whole and (2 * rest > year_whole or amount & 1):
                amount += 1
            parts[year] += amount * scale if share is None else half_even(amount * scale * share, _MILLION)
    level = runs = 0
    for first, after in pairwise(sorted(onwards)):
        level += onwards[first]
        runs += running[first]
        for year in range(first, after) if runs else ():
            parts[year] += level
    return {year: Decimal(amount).scaleb(-6) for year, amount in sorted(parts.items())}
