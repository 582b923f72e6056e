"""What a stopped project leaves to others (G6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    cost_profiles,
    duration_in_quarters,
    first_quarter,
    need_profiles,
)
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter

TAKES_CAPACITY = frozenset({ProjectStatus.APPROVED, ProjectStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class FreedMoney:
    """In whole hundredths."""

    year: int
    kind: CostKind
    minor: int


@dataclass(frozen=True, slots=True)
class FreedResource:
    """What is free again of one shared resource, per quarter."""

    resource_id: UUID
    quarters: tuple[tuple[Quarter, Decimal], ...]

    @property
    def total(self) -> Decimal:
        return sum((amount for _, amount in self.quarters), Decimal(0))


@dataclass(frozen=True, slots=True)
class Freed:
    """Empty when the project had nothing ahead of it, or nothing is known of what it takes."""

    money: tuple[FreedMoney, ...] = ()
    resources: tuple[FreedResource, ...] = ()

    @property
    def total_minor(self) -> int:
        return sum(one.minor for one in self.money)

    @property
    def is_empty(self) -> bool:
        return not self.money and not self.resources


def freed_by_stop(project: ProjectFigures, stopped_on: date) -> Freed:
    """What the project would have taken in the quarters that begin after the day of the stop.

    The quarter of the stop is counted as spent. Uses the same profiles as planning, so that what was planned
    with is what comes back. Only approved and running work takes anything.
    Check: 400 spread over the four quarters of 2027, stopped on 2027-04-10, frees 200 in 2027.
    """
    return freed_between(project, Quarter.of(stopped_on).plus(1), None)


def freed_between(project: ProjectFigures, first: Quarter, end: Quarter | None) -> Freed:
    """What the project takes from the quarter `first` on, and before the quarter `end` when there is one.

    Only approved and running work takes anything.
    """
    begins, duration = first_quarter(project), duration_in_quarters(project)
    if project.status not in TAKES_CAPACITY or begins is None or duration is None:
        return Freed()
    ahead = range(max(0, first.index - begins.index), duration)
    if end is not None:
        ahead = range(ahead.start, min(duration, end.index - begins.index))
    money: dict[tuple[int, CostKind], int] = {}
    for kind, profile in cost_profiles(project, duration).items():
        for at in ahead:
            key = begins.plus(at).year, kind
            money[key] = money.get(key, 0) + profile[at]
    resources = [
        FreedResource(
            resource,
            tuple((begins.plus(at), amount) for at, amount in enumerate(amounts) if at in ahead and amount),
        )
        for resource, amounts in need_profiles(project).items()
    ]
    return Freed(
        tuple(FreedMoney(year, kind, minor) for (year, kind), minor in sorted(money.items()) if minor),
        tuple(one for one in resources if one.quarters),
    )


def spent_in(project: ProjectFigures, year: int, last: Quarter) -> dict[CostKind, int]:
    """What the project had spent of the year's money when the quarter `last` was over, by kind.

    In whole hundredths, by the profiles of planning, whatever its status is now.
    Check: 400 spread over the four quarters of 2027 has spent 200 of 2027 by the end of 2027-Q2.
    """
    begins, duration = first_quarter(project), duration_in_quarters(project)
    if begins is None or duration is None:
        return {}
    return {
        kind: sum(
            minor
            for at, minor in enumerate(profile)
            if begins.plus(at).year == year and begins.plus(at).index <= last.index
        )
        for kind, profile in cost_profiles(project, duration).items()
    }
