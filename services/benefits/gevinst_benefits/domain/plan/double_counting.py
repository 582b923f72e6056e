"""B12: the same saving counted twice, found across all plans of an organisation.

Each finding takes one pass over the planned years, grouped by what they claim: the time grows with the number
of years of benefits, not with its square.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.decimals import millionths
from gevinst_benefits.domain.plan.freed_value import is_full_time, is_hours
from gevinst_benefits.domain.plan.staffing import StaffingYear


class FindingKind(StrEnum):
    SAME_BUDGET_LINE = "same-budget-line"
    MORE_THAN_STAFF = "more-than-staff"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a benefit claims of a unit, a year at a time, in its own unit of measure.

    `unit_of_measure` is the text of freed time (hours, full-time equivalents); None for money.
    """

    benefit_id: UUID
    project_id: UUID
    name: str
    unit_id: UUID
    years: Mapping[int, Decimal]
    unit_of_measure: str | None = None
    budget_line: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One benefit's part in a finding, in its own unit of measure."""

    claim: Claim
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """Benefits that together claim, in a unit and a year, what is there once.

    For staff: `freed` and `staff` are full-time equivalents.
    """

    kind: FindingKind
    unit_id: UUID
    year: int
    shares: tuple[Share, ...] = field(default=())
    budget_line: str | None = None
    freed: Decimal | None = None
    staff: Decimal | None = None

    @property
    def is_across_projects(self) -> bool:
        return len({share.claim.project_id for share in self.shares}) > 1


def double_counts(
    claims: Iterable[Claim], staffing: Mapping[UUID, Sequence[StaffingYear]]
) -> tuple[Finding, ...]:
    """Every unit and year in which the same is claimed twice, by unit, year and kind.

    Money: two or more benefits on one budget line (compared without case and outer spaces). Time: hours and
    full-time equivalents together above the unit's staff of the year. A year without staffing finds nothing:
    not known is not zero (B6). Only amounts above zero claim anything.
    """
    known = list(claims)
    found = [*_same_lines(known), *_above_staff(known, staffing)]
    return tuple(sorted(found, key=_order))


def normal_line(budget_line: str) -> str:
    """A budget line as it is compared."""
    return " ".join(budget_line.split()).casefold()


def full_time_equivalents(amount: Decimal, unit_of_measure: str, hours_per_fte: Decimal) -> Decimal | None:
    """Freed time in full-time equivalents; None when its unit of measure is neither hours nor these."""
    if is_full_time(unit_of_measure):
        return amount
    return amount / hours_per_fte if is_hours(unit_of_measure) else None


def _same_lines(claims: Iterable[Claim]) -> Iterator[Finding]:
    by_line: dict[tuple[UUID, str, int], list[Share]] = {}
    for claim in claims:
        if claim.budget_line is not None and claim.unit_of_measure is None:
            line = normal_line(claim.budget_line)
            for year, amount in claim.years.items():
                if amount > 0:
                    by_line.setdefault((claim.unit_id, line, year), []).append(Share(claim, amount))
    for (unit_id, _, year), shares in by_line.items():
        if len(shares) > 1:
            yield Finding(
                FindingKind.SAME_BUDGET_LINE,
                unit_id,
                year,
                _by_benefit(shares),
                budget_line=min(share.claim.budget_line or "" for share in shares),
            )


def _above_staff(
    claims: Iterable[Claim], staffing: Mapping[UUID, Sequence[StaffingYear]]
) -> Iterator[Finding]:
    staff = {(unit_id, one.year): one for unit_id, years in staffing.items() for one in years}
    freed: dict[tuple[UUID, int], Decimal] = {}
    shares: dict[tuple[UUID, int], list[Share]] = {}
    for claim, year, amount in _freed_time(claims):
        place = (claim.unit_id, year)
        if place not in staff or claim.unit_of_measure is None:
            continue
        equivalents = full_time_equivalents(amount, claim.unit_of_measure, staff[place].hours_per_fte)
        if equivalents is not None:
            freed[place] = freed.get(place, Decimal(0)) + equivalents
            shares.setdefault(place, []).append(Share(claim, amount))
    for place, equivalents in freed.items():
        if millionths(equivalents) > staff[place].fte:
            yield Finding(
                FindingKind.MORE_THAN_STAFF,
                *place,
                _by_benefit(shares[place]),
                freed=millionths(equivalents),
                staff=staff[place].fte,
            )


def _freed_time(claims: Iterable[Claim]) -> Iterator[tuple[Claim, int, Decimal]]:
    for claim in claims:
        if claim.unit_of_measure is not None:
            yield from ((claim, year, amount) for year, amount in claim.years.items() if amount > 0)


def _by_benefit(shares: Iterable[Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares, key=lambda share: share.claim.benefit_id))


def _order(finding: Finding) -> tuple[str, int, str, str]:
    return str(finding.unit_id), finding.year, finding.kind.value, finding.budget_line or ""
