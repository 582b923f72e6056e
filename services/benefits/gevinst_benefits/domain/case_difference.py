"""G4: what changed from one version of a business case to the next, and what each change did."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from gevinst_benefits.domain.business_case import BusinessCase, CaseFrame, CaseLine, line_flows
from gevinst_benefits.domain.case_results import in_hundredths, present_value_of_lines
from gevinst_benefits.domain.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal


class MixedCurrencies(Refusal):
    code = "mixed-currencies"
    title = "The versions are in different currencies"
    detail = "One version is in {before}, the other in {after}. Write both in one currency to compare them."


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line's change. Totals are sums over the later version's years, in its prices, not discounted."""

    line_id: UUID
    name: str
    change: Change
    total_before: Decimal
    total_after: Decimal
    effect_on_npv: Decimal


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """From one version to another; `effect_on_npv` is `frame_effect` plus the effects of `lines`, exactly.

    `frame_effect` is what the new base year, years, price year, index and regime did to the earlier lines;
    amounts that now lie before the base year are sunk and no longer count.
    """

    before_number: int
    after_number: int
    npv_before: Decimal
    npv_after: Decimal
    effect_on_npv: Decimal
    frame_effect: Decimal
    lines: tuple[LineChange, ...]


def difference(before: BusinessCase, after: BusinessCase) -> CaseDifference:
    """Which lines were added, removed and changed, with amounts, and what each did to net present value.

    In hundredths of the later version's currency and prices. Each part is rounded on the running total, so
    that the parts add up to the whole to the last hundredth; a part is at most 0.01 from its exact value.
    Raises `MixedCurrencies`, and `MixedPriceYears` when no index brings the earlier lines to the new prices.
    """
    if before.frame.currency != after.frame.currency:
        raise MixedCurrencies(before=before.frame.currency, after=after.frame.currency)
    # Without an index of its own, the later version borrows the earlier one's.
    frame = replace(after.frame, index=after.frame.index or before.frame.index)
    pairs = _changed_pairs(before, after)
    running = present_value_of_lines(before.lines, frame)
    stops = [in_hundredths(present_value_of_lines(before.lines, before.frame)), in_hundredths(running)]
    for earlier, later in pairs:
        with localcontext(prec=DIGITS):
            running += _present(later, frame) - _present(earlier, frame)
        stops.append(in_hundredths(running))
    stops[-1] = in_hundredths(present_value_of_lines(after.lines, after.frame))
    frame_effect, *effects = (right - left for left, right in pairwise(stops))
    return CaseDifference(
        before_number=before.number,
        after_number=after.number,
        npv_before=stops[0],
        npv_after=stops[-1],
        effect_on_npv=stops[-1] - stops[0],
        frame_effect=frame_effect,
        lines=tuple(
            _line_change(earlier, later, frame, effect)
            for (earlier, later), effect in zip(pairs, effects, strict=True)
        ),
    )


def _changed_pairs(
    before: BusinessCase, after: BusinessCase
) -> list[tuple[CaseLine | None, CaseLine | None]]:
    earlier: Mapping[UUID, CaseLine] = {line.id: line for line in before.lines}
    later: Mapping[UUID, CaseLine] = {line.id: line for line in after.lines}
    ids = dict.fromkeys([*earlier, *later])
    return [(earlier.get(i), later.get(i)) for i in ids if earlier.get(i) != later.get(i)]


def _line_change(
    earlier: CaseLine | None, later: CaseLine | None, frame: CaseFrame, effect: Decimal
) -> LineChange:
    line = later or earlier
    assert line is not None
    change = Change.ADDED if earlier is None else Change.REMOVED if later is None else Change.CHANGED
    return LineChange(line.id, line.name, change, _sum(earlier, frame), _sum(later, frame), effect)


def _present(line: CaseLine | None, frame: CaseFrame) -> Decimal:
    return present_value_of_lines([line], frame) if line else Decimal(0)


def _sum(line: CaseLine | None, frame: CaseFrame) -> Decimal:
    with localcontext(prec=DIGITS):
        return in_hundredths(sum(line_flows(line, frame), Decimal(0)) if line else Decimal(0))
