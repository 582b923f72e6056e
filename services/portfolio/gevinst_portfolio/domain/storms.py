"""Project storms: where a start plan asks for more than there is, and who makes it (P3, P4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from gevinst_portfolio.domain.capacity import CarryChoice, Load, Resource, ResourceKind, RollOver
from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    cost_profiles,
    duration_in_quarters,
    need_profiles,
)
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus
from gevinst_portfolio.domain.quarters import YEARS, Quarter

# The causes that a warning names; the load itself names all.
MOST_CAUSES = 3
_DECIDED = frozenset({ProjectStatus.APPROVED, ProjectStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class Placed:
    """A project in a start plan; without a start it falls nowhere yet."""

    project: ProjectFigures
    start: Quarter | None


@dataclass(frozen=True, slots=True)
class Spending:
    """What one project spends in a year, in whole hundredths."""

    project_id: UUID
    name: str
    status: ProjectStatus
    minor: int


@dataclass(frozen=True, slots=True)
class YearOfSpending:
    """One year and kind of money, in whole hundredths; `budget` is None when no limit was stated.

    `carried` rolled on from the year before, as far as that year left it.
    """

    year: int
    kind: CostKind
    budget: int | None
    carried: int
    shares: tuple[Spending, ...]

    @property
    def load(self) -> int:
        return sum(share.minor for share in self.shares)

    @property
    def decided_load(self) -> int:
        """Without proposals."""
        return sum(share.minor for share in self.shares if share.status in _DECIDED)

    @property
    def overload(self) -> int:
        return 0 if self.budget is None else max(0, self.load - self.budget - self.carried)


@dataclass(frozen=True, slots=True)
class Storm:
    """One overload that is coming: of a resource in a quarter, or of money in a year.

    `overload` is in the resource's measure, or in whole hundredths. `is_decided`: decided work alone is
    too much. `causes` are names, the biggest first.
    """

    begins: Quarter
    overload: float
    is_decided: bool
    causes: tuple[str, ...]
    resource: Resource | None = None
    kind: CostKind | None = None


@dataclass(frozen=True, slots=True)
class UnstatedChange:
    """The project changes the unit's work, and says nothing of how much of its capacity that takes."""

    project: ProjectFigures
    resource: Resource


def years_of_spending(
    budget: Mapping[tuple[int, CostKind], int], rolls: RollOver, placed: Iterable[Placed]
) -> list[YearOfSpending]:
    """Every year of `YEARS` and kind that has a budget or is spent of, in order of kind and year.

    Costs move with the start, as the optimiser counts them. Check: 100 a year that roll on and 60 spent in
    the first leave 140 for the second.
    """
    shares: dict[tuple[CostKind, int], list[Spending]] = defaultdict(list)
    for one in placed:
        for (year, kind), minor in _spent(one).items():
            if year in YEARS:
                share = Spending(one.project.id, one.project.name, one.project.status, minor)
                shares[kind, year].append(share)
    found: list[YearOfSpending] = []
    for kind, year in sorted({*shares, *((kind, year) for year, kind in budget)}):
        carried = _carried(found[-1], rolls) if found and _follows(found[-1], kind, year) else 0
        by_size = sorted(shares[kind, year], key=lambda share: (-share.minor, share.project_id))
        found.append(YearOfSpending(year, kind, budget.get((year, kind)), carried, tuple(by_size)))
    return found


def coming_storms(
    loads: Iterable[tuple[Resource, Sequence[Load]]],
    years: Iterable[YearOfSpending],
    *,
    since: Quarter,
) -> list[Storm]:
    """Every overload from `since` on, the soonest first: shown before it happens (P3)."""
    found = [
        Storm(
            load.quarter,
            load.overload,
            load.decided > (load.capacity or 0) + 1e-9,
            tuple(share.name for share in load.shares[:MOST_CAUSES]),
            resource=resource,
        )
        for resource, quarters in loads
        for load in quarters
        if load.is_overloaded and load.quarter >= since
    ]
    found += [
        Storm(
            Quarter.at(year.year, 1),
            year.overload,
            year.decided_load > (year.budget or 0) + year.carried,
            tuple(share.name for share in year.shares[:MOST_CAUSES]),
            kind=year.kind,
        )
        for year in years
        if year.overload and year.year >= since.year
    ]
    return sorted(found, key=lambda storm: (storm.begins, storm.resource is None, storm.overload))


def unstated_changes(
    projects: Iterable[ProjectFigures], resources: Iterable[Resource]
) -> list[UnstatedChange]:
    """P4: projects that change a unit's work without saying what they take of its capacity for change."""
    of_unit: dict[UUID, list[Resource]] = defaultdict(list)
    for resource in resources:
        if resource.kind is ResourceKind.CHANGE_LOAD and resource.unit_id is not None:
            of_unit[resource.unit_id].append(resource)
    found = []
    for project in projects:
        stated = need_profiles(project).keys()
        for unit_id in project.receiving_unit_ids:
            offers = of_unit.get(unit_id, [])
            if offers and not any(offer.id in stated for offer in offers):
                found.append(UnstatedChange(project, offers[0]))
    return found


def _spent(one: Placed) -> Mapping[tuple[int, CostKind], int]:
    """A whole cost of unknown length falls in the year of the start."""
    found: dict[tuple[int, CostKind], int] = defaultdict(int)
    if one.start is None:
        return found
    duration = duration_in_quarters(one.project) or 1
    for kind, profile in cost_profiles(one.project, duration).items():
        for count, minor in enumerate(profile):
            found[one.start.plus(count).year, kind] += minor
    return {key: minor for key, minor in found.items() if minor}


def _follows(last: YearOfSpending, kind: CostKind, year: int) -> bool:
    return (last.kind, last.year + 1) == (kind, year)


def _carried(last: YearOfSpending, rolls: RollOver) -> int:
    if last.kind is not CostKind.INVESTMENT or last.budget is None:
        return 0
    left = max(0, last.budget + last.carried - last.load)
    match rolls.carry:
        case CarryChoice.NONE:
            return 0
        case CarryChoice.POOL:
            return left
        case CarryChoice.CAPPED:
            return min(left, rolls.cap_minor or 0)
