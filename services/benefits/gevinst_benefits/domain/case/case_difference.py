"""G4: what changed from one version of a business case to the next, and what each change did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumption, computable_values
from gevinst_benefits.domain.case.business_case import BusinessCase, CaseFrame, PriceIndex, line_flows
from gevinst_benefits.domain.case.case_model import CaseModel, ModelLine
from gevinst_benefits.domain.case.case_resolving import price_factor_in, resolved_line
from gevinst_benefits.domain.case.case_results import in_hundredths, present_value_of_lines
from gevinst_benefits.domain.case.case_walk import Walk
from gevinst_benefits.domain.case.case_weights import line_amounts, model_of
from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal

T = TypeVar("T")


class MixedCurrencies(Refusal):
    code = "mixed-currencies"
    title = "The versions are in different currencies"
    detail = "One version is in {before}, the other in {after}. Write both in one currency to compare them."


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(StrEnum):
    """What a case has beside assumptions and lines."""

    YEARS = "years"
    PRICES = "prices"
    REGIME = "regime"
    RISK_POOL = "risk-pool"
    RECOMMENDATION = "recommendation"
    ALTERNATIVES = "alternatives"
    FINANCING = "financing"
    FACTORS = "factors"


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line's change, with the members of it that differ.

    Totals are sums over the later version's years, in its prices, not discounted; of a line in hours, FTE or
    quality they are in its own unit, and there is no effect on money.
    """

    line_id: UUID
    name: str
    change: Change
    total_before: Decimal
    total_after: Decimal
    effect_on_npv: Decimal
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What an assumption's change did through one line."""

    line_id: UUID
    name: str
    effect_on_npv: Decimal


@dataclass(frozen=True, slots=True)
class AssumptionChange:
    """C2: one assumption's change, and every line that it changed; `effect_on_npv` is the sum of theirs."""

    name: str
    change: Change
    value_before: str | None
    value_after: str | None
    effect_on_npv: Decimal
    lines: tuple[LineEffect, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartChange:
    part: Part
    effect_on_npv: Decimal


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """From one version to another.

    `effect_on_npv` is exactly the sum of the effects of `parts`, `assumptions` and `lines`. `frame_effect` is
    the part of it that new years, prices and regime have: amounts that now lie before the base year are sunk
    and no longer count.
    """

    before_number: int
    after_number: int
    npv_before: Decimal
    npv_after: Decimal
    effect_on_npv: Decimal
    frame_effect: Decimal
    lines: tuple[LineChange, ...]
    assumptions: tuple[AssumptionChange, ...] = ()
    parts: tuple[PartChange, ...] = ()


def difference(before: BusinessCase, after: BusinessCase) -> CaseDifference:
    """What was added, removed and changed, and what each change did to net present value.

    The way from the earlier version to the later one is walked in a stated order, and each change is worth
    what it does at its place on the way, all before it done and all behind it not: years, prices (price year
    and index), regime; lines that were removed; assumptions in the later version's order; lines that changed
    and were added, in its order; the risk pool; the recommendation. Nothing is left over: in hundredths of
    the later version's currency and prices, the parts add up to the whole to the last hundredth.

    Raises `MixedCurrencies`, and `MixedPriceYears` when no index brings the earlier version to new prices.
    """
    if before.frame.currency != after.frame.currency:
        raise MixedCurrencies(before=before.frame.currency, after=after.frame.currency)
    earlier, later = model_of(before), model_of(after)
    walk = Walk(earlier, before.frame, _values(earlier, before.frame))
    npv_before, npv_after = (in_hundredths(present_value_of_lines(c.lines, c.frame)) for c in (before, after))
    parts = [*_reframed(walk, earlier, before.frame, after.frame)]
    frame = walk.frame
    effects = {line_id: _dropped(walk, line_id) for line_id in _removed(earlier, later)}
    assumptions = tuple(_supposed(walk, earlier, later))
    walk.suppose(_values(later, frame))
    known = {line.id: line for line in earlier.lines}
    for line in later.lines:
        if known.get(line.id) != line:
            walk.put(line)
            effects[line.id] = walk.effect()
    parts += _steered(walk, earlier, later, npv_after)
    return CaseDifference(
        before_number=before.number,
        after_number=after.number,
        npv_before=npv_before,
        npv_after=npv_after,
        effect_on_npv=npv_after - npv_before,
        frame_effect=sum(
            (one.effect_on_npv for one in parts if one.part in {Part.YEARS, Part.PRICES, Part.REGIME}),
            Decimal(0),
        ),
        lines=tuple(_line_changes(earlier, later, before.frame, frame, effects)),
        assumptions=assumptions,
        parts=tuple(parts),
    )


def _reframed(walk: Walk, model: CaseModel, before: CaseFrame, after: CaseFrame) -> Iterator[PartChange]:
    index = _joined_index(before, after)
    years = replace(before, base_year=after.base_year, horizon_years=after.horizon_years, index=index)
    prices = replace(years, price_year=after.price_year)
    _refuse_mixed_price_years(model, prices)
    steps = (
        (Part.YEARS, years, before.years != after.years),
        (Part.PRICES, prices, (before.price_year, before.index) != (after.price_year, after.index)),
        (Part.REGIME, replace(prices, regime=after.regime), before.regime != after.regime),
    )
    for part, frame, is_changed in steps:
        walk.reframe(frame, _values(model, frame))
        if is_changed:
            yield PartChange(part, walk.effect())


def _joined_index(before: CaseFrame, after: CaseFrame) -> PriceIndex | None:
    """The later version's index, and for the years that only the earlier one's has, what that one says.

    The two are joined where they meet, at the earlier version's price year.
    """
    if before.index is None or after.index is None:
        return after.index or before.index
    old, new, meet = before.index.values, after.index.values, before.price_year
    if meet not in old or meet not in new:
        return after.index
    with localcontext(prec=DIGITS):
        joined = {year: value * new[meet] / old[meet] for year, value in old.items()}
    return replace(after.index, values={**joined, **new})


def _refuse_mixed_price_years(model: CaseModel, frame: CaseFrame) -> None:
    factor = price_factor_in(frame)
    for one in model.assumptions:
        if one.is_money and one.value.is_plain:
            factor(one)


def _supposed(walk: Walk, earlier: CaseModel, later: CaseModel) -> Iterator[AssumptionChange]:
    known = earlier.assumptions_by_name
    mixture = dict(known)
    factor = price_factor_in(walk.frame)
    for one in later.assumptions:
        old = known.get(one.name)
        if old == one:
            continue
        mixture[one.name] = one
        effects: list[LineEffect] = []
        for line in walk.suppose(computable_values(mixture.values(), factor)):
            walk.put(line)
            effects.append(LineEffect(line.id, line.name, walk.effect()))
        yield _assumption_change(old, one, effects)
    for name, old in known.items():
        if name not in later.assumptions_by_name:
            yield _assumption_change(old, None, [])


def _steered(walk: Walk, earlier: CaseModel, later: CaseModel, npv_after: Decimal) -> Iterator[PartChange]:
    """The risk pool and the recommendation; what has no effect is told without one."""
    if earlier.risk_pool != later.risk_pool:
        walk.steer(recommended=earlier.recommended, pool=later.risk_pool)
        yield PartChange(Part.RISK_POOL, walk.effect())
    if earlier.recommended != later.recommended:
        walk.steer(recommended=later.recommended, pool=later.risk_pool)
        yield PartChange(Part.RECOMMENDATION, walk.effect(at=npv_after))
    if earlier.alternatives != later.alternatives:
        yield PartChange(Part.ALTERNATIVES, Decimal(0))
    if earlier.financing != later.financing:
        yield PartChange(Part.FINANCING, Decimal(0))
    if earlier.factors != later.factors:
        yield PartChange(Part.FACTORS, Decimal(0))


def _removed(earlier: CaseModel, later: CaseModel) -> list[UUID]:
    kept = {line.id for line in later.lines}
    return [line.id for line in earlier.lines if line.id not in kept]


def _dropped(walk: Walk, line_id: UUID) -> Decimal:
    walk.drop(line_id)
    return walk.effect()


def _line_changes(
    earlier: CaseModel,
    later: CaseModel,
    before: CaseFrame,
    frame: CaseFrame,
    effects: Mapping[UUID, Decimal],
) -> Iterator[LineChange]:
    left = {line.id: line for line in earlier.lines}
    right = {line.id: line for line in later.lines}
    own, repriced, values_after = _values(earlier, before), _values(earlier, frame), _values(later, frame)
    # What cannot be computed in the later version's prices is shown as it was.
    values_before = {**own, **repriced}
    for line_id in dict.fromkeys([*left, *right]):
        old, new = left.get(line_id), right.get(line_id)
        if old == new:
            continue
        yield LineChange(
            line_id,
            _shown(old, new).name,
            _change(old, new),
            _sum(old, frame, values_before, otherwise=own),
            _sum(new, frame, values_after, otherwise=values_after),
            effects[line_id],
            _members(old, new),
        )


def _assumption_change(
    old: Assumption | None, new: Assumption | None, effects: list[LineEffect]
) -> AssumptionChange:
    return AssumptionChange(
        _shown(old, new).name,
        _change(old, new),
        None if old is None else old.value.text,
        None if new is None else new.value.text,
        sum((one.effect_on_npv for one in effects), Decimal(0)),
        tuple(effects),
        _members(old, new),
    )


def _shown(old: T | None, new: T | None) -> T:
    shown = old if new is None else new
    assert shown is not None
    return shown


def _change(old: object | None, new: object | None) -> Change:
    if old is None:
        return Change.ADDED
    return Change.REMOVED if new is None else Change.CHANGED


def _members(old: Assumption | ModelLine | None, new: Assumption | ModelLine | None) -> tuple[str, ...]:
    """The names of what differs, where both are there."""
    if old is None or new is None:
        return ()
    return tuple(field.name for field in fields(old) if getattr(old, field.name) != getattr(new, field.name))


def _values(model: CaseModel, frame: CaseFrame) -> Mapping[str, Decimal]:
    return computable_values(model.assumptions, price_factor_in(frame))


def _sum(
    line: ModelLine | None,
    frame: CaseFrame,
    values: Mapping[str, Decimal],
    *,
    otherwise: Mapping[str, Decimal],
) -> Decimal:
    if line is None:
        return Decimal(0)
    try:
        line_amounts(line, values)
    except Refusal:
        values = otherwise
    with localcontext(prec=DIGITS):
        return in_hundredths(sum(line_flows(resolved_line(line, frame, values), frame), Decimal(0)))
