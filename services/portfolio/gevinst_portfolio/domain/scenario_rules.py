"""What a scenario changes over the portfolio besides money: groups, categories, pins and capacity (P3-P5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from gevinst_portfolio.domain.capacity import RollOver
from gevinst_portfolio.domain.optimiser.problem import Category, Project
from gevinst_portfolio.domain.optimiser.result import Goal
from gevinst_portfolio.domain.projects import Window
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenarios import CapacityBelowZero, CapacityUnknown, CategoryEmpty

Group = tuple[UUID, ...]


class CapacityChange(StrEnum):
    ADD = "add"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class OtherCapacity:
    """What a scenario supposes of a resource in a quarter: `amount` more (or less), or in its place."""

    resource_id: UUID
    quarter: Quarter
    change: CapacityChange
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CategoryLimit:
    """Shares are of the whole cost of what is chosen; `max_spend_minor` is in whole hundredths."""

    category: str
    min_share: Decimal | None = None
    max_share: Decimal | None = None
    max_spend_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ScenarioRules:
    """`pins` are projects that must start in a quarter; `most_starts` is per quarter, None without limit."""

    all_or_none: tuple[Group, ...] = ()
    exclusive: tuple[Group, ...] = ()
    categories: tuple[CategoryLimit, ...] = ()
    most_starts: int | None = None
    pins: Mapping[UUID, Quarter] = field(default_factory=dict)
    capacity: tuple[OtherCapacity, ...] = ()
    roll_over: RollOver | None = None
    # What is minded once the value is settled, in this order, and how much of the value that may cost.
    second_goals: tuple[Goal, ...] = ()
    given_up: Decimal = Decimal(0)


NO_RULES = ScenarioRules()


@dataclass(frozen=True, slots=True)
class Periods:
    """A window in periods, as the optimiser counts them; None limits nothing."""

    earliest: int | None
    latest_start: int | None
    deadline: int | None


def window_in_periods(window: Window, origin: Quarter) -> Periods:
    """The periods that keep every day of the window.

    Check: with origin 2027-Q1, an earliest start on 2027-02-01 is period 1, and a deadline on 2027-06-30
    means over before period 2.
    """
    one_day = timedelta(days=1)
    earliest, latest, deadline = window.earliest_start, window.latest_start, window.deadline
    return Periods(
        None if earliest is None else Quarter.of(earliest - one_day).index + 1 - origin.index,
        None if latest is None else Quarter.of(latest).index - origin.index,
        None if deadline is None else Quarter.of(deadline + one_day).index - origin.index,
    )


def changed_capacity(
    name: str, registered: Mapping[Quarter, Decimal], changes: Iterable[OtherCapacity]
) -> dict[Quarter, Decimal]:
    """A resource's capacity by quarter, as the scenario supposes it.

    Raises `CapacityUnknown` for more or less of what is not stated, `CapacityBelowZero` for what no
    resource can have.
    """
    found = dict(registered)
    for change in changes:
        if change.change is CapacityChange.REPLACE:
            found[change.quarter] = change.amount
        elif change.quarter not in found:
            raise CapacityUnknown(name=name, quarter=change.quarter)
        else:
            found[change.quarter] += change.amount
        if found[change.quarter] < 0:
            raise CapacityBelowZero(name=name, quarter=change.quarter, amount=found[change.quarter])
    return found


def category_rules(limits: Sequence[CategoryLimit], planned: Iterable[Project]) -> Iterable[Category]:
    """P5: floors and ceilings; `CategoryEmpty` when no project that can be planned is of the category."""
    known = {project.category for project in planned}
    for limit in limits:
        if limit.category not in known:
            raise CategoryEmpty(category=limit.category)
        yield Category(
            limit.category,
            limit.category,
            None if limit.min_share is None else Fraction(limit.min_share),
            None if limit.max_share is None else Fraction(limit.max_share),
            limit.max_spend_minor,
        )


def most_starts(most: int | None, planned: Sequence[Project], periods: int) -> tuple[int, ...]:
    """Most starts per period; what is under way has started already, and uses none of them up."""
    if most is None:
        return ()
    limits = [most] * periods
    for project in planned:
        if project.fixed_start is not None:
            limits[project.fixed_start] += 1
    return tuple(limits)


def groups_of(groups: Iterable[Group], planned: Mapping[UUID, object]) -> list[tuple[str, ...]]:
    """The groups among what is planned; those with fewer than two left say nothing."""
    found = (tuple(sorted({str(key) for key in group if key in planned})) for group in groups)
    return [group for group in found if len(group) > 1]
