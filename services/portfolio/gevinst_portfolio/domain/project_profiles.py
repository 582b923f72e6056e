"""What a project takes per quarter of its life, from what is known of it.

Quarters are counted from the project's start, so that a profile moves with the start. Money is in whole
hundredths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from uuid import UUID

from gevinst_portfolio.domain.case_values import CaseValue
from gevinst_portfolio.domain.projects import (
    ANY_TIME,
    CostKind,
    CostOfYear,
    Lag,
    Need,
    ProjectStatus,
    Registration,
    Window,
)
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.waves import Wave, placed, wave_cost, wave_needs

Profile = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProjectFigures:
    """A project as planning sees it; `score` is from 0 (worst) to 1, and None while it is not scored.

    `scored_by` are the ids of the scores that it rests on, by version `score_version` of the model. `case` is
    the last version of the project's business case.
    """

    id: UUID
    name: str
    status: ProjectStatus
    registration: Registration = Registration.CENTRAL
    is_statutory: bool = False
    start: date | None = None
    end: date | None = None
    cost_minor: int | None = None
    benefit_minor: int | None = None
    cost_low_minor: int | None = None
    cost_high_minor: int | None = None
    benefit_low_minor: int | None = None
    benefit_high_minor: int | None = None
    cost_by_year: tuple[CostOfYear, ...] = ()
    needs: tuple[Need, ...] = ()
    depends_on: tuple[UUID, ...] = ()
    excludes: tuple[UUID, ...] = ()
    score: float | None = None
    is_partly_scored: bool = False
    score_version: int | None = None
    scored_by: tuple[UUID, ...] = ()
    case: CaseValue | None = None
    is_case_in_our_prices: bool = True
    category: str | None = None
    window: Window = ANY_TIME
    lags: tuple[Lag, ...] = ()
    receiving_unit_ids: tuple[UUID, ...] = ()
    # How long it lasts, where that is stated rather than told by its days.
    quarters: int | None = None
    # P12: what they cost is part of `cost_minor`, and beside `cost_by_year`.
    waves: tuple[Wave, ...] = ()

    @property
    def has_known_cost(self) -> bool:
        return self.cost_minor is not None or bool(self.cost_by_year)


def first_quarter(project: ProjectFigures) -> Quarter | None:
    """When the project starts, as it says: by its start, else with the first year that it costs money."""
    if project.start is not None:
        return Quarter.of(project.start)
    years = [cost.year for cost in project.cost_by_year]
    return Quarter.at(min(years), 1) if years else None


def duration_in_quarters(project: ProjectFigures) -> int | None:
    """How many quarters the project lasts; None when nothing tells.

    As stated; else from its days; without both days, to the end of the last year that it costs money;
    never shorter than its needs and its waves. Check: 2027-02-01 to 2027-12-31 lasts 4.
    """
    first = first_quarter(project)
    known = [len(need.amounts) for need in project.needs]
    known += [one.end for one in placed(project.waves)]
    if project.quarters is not None:
        known.append(project.quarters)
    elif project.start is not None and project.end is not None:
        known.append(Quarter.of(project.end).index - Quarter.of(project.start).index + 1)
    elif first is not None and project.cost_by_year:
        last = Quarter.at(max(cost.year for cost in project.cost_by_year), 4)
        known.append(last.index - first.index + 1)
    return max(known, default=None)


def cost_profiles(project: ProjectFigures, duration: int) -> Mapping[CostKind, Profile]:
    """What the project costs per quarter, by kind.

    The amount of a year is spread evenly over the project's quarters in that year (a year in which it has
    none goes to the nearest quarter that it has). When only the whole cost is known, that is an investment,
    spread evenly over the whole duration. Hundredths that cannot be divided fall in the last quarter.
    Check: 10.00 over 4 quarters is 250, 250, 250, 250; over 3 it is 333, 333, 334.
    """
    profiles = _own_costs(project, duration)
    for one in placed(project.waves):
        profile = profiles.setdefault(one.wave.cost_kind, [0] * duration)
        for at, part in enumerate(evenly(one.wave.cost_minor or 0, one.wave.quarters), start=one.offset):
            profile[at] += part
    return {kind: tuple(profile) for kind, profile in profiles.items() if any(profile)}


def _own_costs(project: ProjectFigures, duration: int) -> dict[CostKind, list[int]]:
    """What the project costs beside its waves."""
    if not project.cost_by_year:
        whole = max(0, (project.cost_minor or 0) - wave_cost(project.waves))
        return {CostKind.INVESTMENT: list(evenly(whole, duration))} if whole else {}
    first = first_quarter(project)
    assert first is not None
    profiles: dict[CostKind, list[int]] = {}
    for cost in project.cost_by_year:
        profile = profiles.setdefault(cost.kind, [0] * duration)
        begin = _within(Quarter.at(cost.year, 1).index - first.index, duration)
        end = _within(Quarter.at(cost.year, 4).index - first.index, duration)
        for at, part in enumerate(evenly(int(cost.amount.scaleb(2)), end - begin + 1), start=begin):
            profile[at] += part
    return profiles


def need_profiles(project: ProjectFigures) -> Mapping[UUID, tuple[Decimal, ...]]:
    """What the project takes of each shared resource per quarter, also in its waves (P12), all added up."""
    profiles: dict[UUID, tuple[Decimal, ...]] = {}
    for need in (*project.needs, *wave_needs(project.waves)):
        known = profiles.get(need.resource_id, ())
        pairs = zip_longest(known, need.amounts, fillvalue=Decimal(0))
        profiles[need.resource_id] = tuple(one + other for one, other in pairs)
    return profiles


def evenly(amount: int, parts: int) -> Profile:
    """The amount in `parts` equal parts; what cannot be divided is in the last."""
    part = amount // parts
    return (part,) * (parts - 1) + (amount - part * (parts - 1),)


def wave_cost_by_year(waves: Sequence[Wave], start: Quarter) -> tuple[CostOfYear, ...]:
    """What the planned waves cost per calendar year when the project starts in `start` (P12)."""
    years: dict[tuple[int, CostKind], int] = {}
    for one in placed(waves):
        for at, minor in enumerate(evenly(one.wave.cost_minor or 0, one.wave.quarters), start=one.offset):
            key = start.plus(at).year, one.wave.cost_kind
            years[key] = years.get(key, 0) + minor
    return tuple(
        CostOfYear(year, kind, Decimal(minor).scaleb(-2))
        for (year, kind), minor in sorted(years.items())
        if minor
    )


def _within(position: int, length: int) -> int:
    return min(max(position, 0), length - 1)


def cost_by_year_from(project: ProjectFigures, start: Quarter) -> tuple[CostOfYear, ...]:
    """The project's cost per year when it starts in another quarter: the profile moves with the start."""
    duration = duration_in_quarters(project)
    if not project.cost_by_year or duration is None:
        return project.cost_by_year
    years: dict[tuple[int, CostKind], int] = {}
    # The waves keep their cost to themselves.
    for kind, profile in cost_profiles(replace(project, waves=()), duration).items():
        for at, minor in enumerate(profile):
            key = start.plus(at).year, kind
            years[key] = years.get(key, 0) + minor
    return tuple(
        CostOfYear(year, kind, Decimal(minor).scaleb(-2))
        for (year, kind), minor in sorted(years.items())
        if minor
    )
