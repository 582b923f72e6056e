"""M1, E2: what a benefit was planned to save in a year, and what became of it, step by step.

All amounts are whole hundredths in the benefit's own money, above zero for a saving. What is not there yet
is None, which is not zero (B6). Nothing here is stored: it is worked out from the entries on each read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.money.kept_shares import Division, KeptShare, divided, in_force


class Gap(StrEnum):
    """Why two figures of a benefit's year differ."""

    NOTHING_AGREED = "nothing-agreed"
    AGREED_BELOW_PLAN = "agreed-below-plan"
    AGREED_BEYOND_PLAN = "agreed-beyond-plan"
    NOTHING_BOOKED = "nothing-booked"
    BOOKED_BELOW_AGREED = "booked-below-agreed"
    BOOKED_BEYOND_AGREED = "booked-beyond-agreed"
    NOT_VERIFIED = "not-verified"
    VERIFIED_BELOW_BOOKED = "verified-below-booked"
    VERIFIED_BEYOND_BOOKED = "verified-beyond-booked"


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A line of the agreement in force; `amount` as it was agreed, below zero for a saving."""

    phasing_id: UUID
    unit_id: UUID
    account: str
    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger entry; `amount` as it was booked, below zero for a saving or the reversal of a cost."""

    id: UUID
    unit_id: UUID
    account: str
    year: int
    amount: int
    is_reversal: bool
    is_saving: bool


@dataclass(frozen=True, slots=True)
class Verified:
    id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class BenefitFigures:
    """What a benefit's years are reconciled from."""

    planned: Mapping[int, int]
    agreed: Sequence[AgreedLine]
    entries: Sequence[Entry]
    verified: Mapping[int, Verified]
    shares: Mapping[UUID, Sequence[KeptShare]]


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One budget line of one unit in a year; `agreed` and `booked` as they change the budget."""

    unit_id: UUID
    account: str
    agreed: int | None
    booked: int
    reversed: int
    phasing_id: UUID | None
    entry_ids: tuple[UUID, ...]

    @property
    def net(self) -> int:
        """What the budget has changed by."""
        return self.booked + self.reversed


@dataclass(frozen=True, slots=True)
class UnitSaving:
    """M3: what a unit has saved in a year, and what of it it keeps."""

    unit_id: UUID
    division: Division
    share_number: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """`amount` is what the later figure lacks (above zero) or has too much; None where it is missing."""

    reason: Gap
    amount: int | None


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A benefit's year. `booked` is net of reversals; `cost` is what budgets grew by because of it.

    `realised` is what is out of the budget and was found there: the smaller of booked and verified.
    """

    year: int
    planned: int | None
    agreed: int | None
    booked: int | None
    reversed: int
    cost: int
    verified: int | None
    verification_id: UUID | None
    lines: tuple[LineFigures, ...]
    units: tuple[UnitSaving, ...]

    @property
    def realised(self) -> int | None:
        if self.verified is None or self.booked is None:
            return None
        return max(0, min(self.booked, self.verified))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every step at which something is missing or differs, in order."""
        found = (
            _difference(self.planned, self.agreed, _AGREED),
            _difference(self.agreed, self.booked, _BOOKED),
            _difference(self.booked, self.verified, _VERIFIED),
        )
        return tuple(one for one in found if one is not None)


def reconciled(figures: BenefitFigures, years: Iterable[int] | None = None) -> tuple[YearFigures, ...]:
    """The figures of each year in which anything is planned, agreed, booked or verified; only of `years`.

    Check: planned 100, agreed 80, booked 80 less 30 reversed, verified 60: agreed lacks 20, booked lacks 30,
    verified is 10 beyond, and 50 is realised.
    """
    known = {*figures.planned, *figures.verified}
    known |= {line.year for line in figures.agreed} | {entry.year for entry in figures.entries}
    wanted = sorted(known if years is None else known & set(years))
    return tuple(_year(figures, year) for year in wanted)


def lines_of(agreed: Iterable[AgreedLine], entries: Iterable[Entry]) -> tuple[LineFigures, ...]:
    """The budget lines of one benefit and year: what was agreed beside what was booked, with the sources."""
    promised = {(line.unit_id, line.account): line for line in agreed}
    booked: dict[tuple[UUID, str], list[Entry]] = {}
    for entry in entries:
        booked.setdefault((entry.unit_id, entry.account), []).append(entry)
    return tuple(
        _line(key, promised.get(key), booked.get(key, [])) for key in sorted({*promised, *booked}, key=str)
    )


def savings_of(
    entries: Iterable[Entry], shares: Mapping[UUID, Sequence[KeptShare]], year: int
) -> tuple[UnitSaving, ...]:
    """What each unit has saved in the year, net of reversals, and how it is divided; costs are not shared."""
    saved: dict[UUID, int] = {}
    for entry in entries:
        if entry.is_saving:
            saved[entry.unit_id] = saved.get(entry.unit_id, 0) - entry.amount
    found = []
    for unit_id, gross in sorted(saved.items(), key=str):
        version = in_force(shares.get(unit_id, ()), year)
        number = None if version is None else version.number
        found.append(UnitSaving(unit_id, divided(gross, version), number))
    return tuple(found)


def _year(figures: BenefitFigures, year: int) -> YearFigures:
    agreed = [line for line in figures.agreed if line.year == year]
    entries = [entry for entry in figures.entries if entry.year == year]
    verified = figures.verified.get(year)
    savings = [line for line in agreed if line.amount < 0]
    saving_entries = [entry for entry in entries if entry.is_saving]
    taken_back = sum(entry.amount for entry in saving_entries if entry.is_reversal)
    return YearFigures(
        year=year,
        planned=figures.planned.get(year),
        agreed=-sum(line.amount for line in savings) if savings else None,
        booked=-sum(entry.amount for entry in saving_entries) if saving_entries else None,
        reversed=taken_back,
        cost=sum(entry.amount for entry in entries if not entry.is_saving),
        verified=None if verified is None else verified.amount,
        verification_id=None if verified is None else verified.id,
        lines=lines_of(agreed, entries),
        units=savings_of(entries, figures.shares, year),
    )


def _line(key: Any, agreed: AgreedLine | None, entries: Sequence[Entry]) -> LineFigures:  # noqa: ANN401 - unit and account
    return LineFigures(
        unit_id=key[0],
        account=key[1],
        agreed=None if agreed is None else agreed.amount,
        booked=sum(entry.amount for entry in entries if not entry.is_reversal),
        reversed=sum(entry.amount for entry in entries if entry.is_reversal),
        phasing_id=None if agreed is None else agreed.phasing_id,
        entry_ids=tuple(entry.id for entry in entries),
    )


_AGREED = (Gap.NOTHING_AGREED, Gap.AGREED_BELOW_PLAN, Gap.AGREED_BEYOND_PLAN)
_BOOKED = (Gap.NOTHING_BOOKED, Gap.BOOKED_BELOW_AGREED, Gap.BOOKED_BEYOND_AGREED)
_VERIFIED = (Gap.NOT_VERIFIED, Gap.VERIFIED_BELOW_BOOKED, Gap.VERIFIED_BEYOND_BOOKED)


def _difference(expected: int | None, found: int | None, gaps: tuple[Gap, Gap, Gap]) -> Difference | None:
    """The difference of two neighbours; none where nothing was expected and nothing is there."""
    missing, below, beyond = gaps
    if found is None:
        return Difference(missing, None) if expected else None
    lacking = (expected or 0) - found
    if lacking == 0:
        return None
    return Difference(below if lacking > 0 else beyond, lacking)
