"""What there is against what is taken: money per year, shared resources per quarter (P3, P4)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.projects import CostKind, Need
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_shared.values.refusal import Refusal


class ResourceKind(StrEnum):
    """P4: a shared role, or how much change a unit can absorb."""

    ROLE = "role"
    CHANGE_LOAD = "change-load"


@dataclass(frozen=True, slots=True)
class Resource:
    """`capacity[q]` is what there is in quarter q. A quarter that is not a key has no stated limit."""

    id: UUID
    name: str
    kind: ResourceKind
    measure: str
    capacity: Mapping[Quarter, float]


@dataclass(frozen=True, slots=True)
class Taker:
    """A project that takes resources; `needs` count from the quarter of `start`."""

    id: UUID
    name: str
    start: date | None
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one project takes of a resource in a quarter."""

    project_id: UUID
    name: str
    amount: float


@dataclass(frozen=True, slots=True)
class Load:
    """One resource in one quarter; `capacity` is None when no limit was stated."""

    quarter: Quarter
    capacity: float | None
    taken: float
    shares: tuple[Share, ...]

    @property
    def is_overloaded(self) -> bool:
        """P3: more is asked than there is: a project storm."""
        return self.capacity is not None and self.taken > self.capacity + 1e-9


@dataclass(frozen=True, slots=True)
class YearOfMoney:
    """One year and kind: what there is, what is planned, and what is free. Missing is not zero (B6)."""

    year: int
    kind: CostKind
    budget: Decimal | None
    planned: Decimal

    @property
    def free(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.planned


class UnitMissing(Refusal):
    code = "unit-missing"
    title = "Say whose capacity it is"
    detail = "Capacity for change belongs to a unit: give its `unit_id`."


class NamedTwice(Refusal):
    code = "named-twice"
    title = "Named twice"
    detail = "{what} stands twice in the list. Give one amount for each."


def refuse_odd_resource(kind: ResourceKind, unit_id: UUID | None, quarters: Sequence[Quarter]) -> None:
    """Refuse capacity for change without a unit, and a quarter with two amounts."""
    if kind is ResourceKind.CHANGE_LOAD and unit_id is None:
        raise UnitMissing(pointer="/body/unit_id")
    for quarter in quarters:
        if quarters.count(quarter) > 1:
            raise NamedTwice(what=str(quarter), pointer="/body/capacity")


def loads(resource: Resource, takers: Sequence[Taker]) -> list[Load]:
    """The resource quarter by quarter, where there is capacity or somebody takes of it.

    Needs move with the project's start: `amounts[k]` falls in the k-th quarter after the quarter of the
    start. A taker without a start falls nowhere.
    """
    shares: dict[Quarter, list[Share]] = defaultdict(list)
    for taker in takers:
        if taker.start is None:
            continue
        for quarter, amount in _taken(resource.id, taker.start, taker.needs).items():
            shares[quarter].append(Share(taker.id, taker.name, amount))
    return [
        Load(
            quarter=quarter,
            capacity=resource.capacity.get(quarter),
            taken=sum(share.amount for share in shares.get(quarter, ())),
            shares=tuple(
                sorted(shares.get(quarter, ()), key=lambda share: (-share.amount, share.project_id))
            ),
        )
        for quarter in sorted({*resource.capacity, *shares})
    ]


def years_of_money(
    budget: Mapping[tuple[int, CostKind], Decimal], planned: Mapping[tuple[int, CostKind], Decimal]
) -> list[YearOfMoney]:
    """Every year and kind that has a budget or planned cost, in order."""
    return [
        YearOfMoney(year, kind, budget.get((year, kind)), planned.get((year, kind), Decimal(0)))
        for year, kind in sorted({*budget, *planned})
    ]


def _taken(resource_id: UUID, start: date, needs: Sequence[Need]) -> Mapping[Quarter, float]:
    first = Quarter.of(start)
    found: dict[Quarter, float] = defaultdict(float)
    for need in needs:
        if need.resource_id != resource_id:
            continue
        for count, amount in enumerate(need.amounts):
            if amount:
                found[first.plus(count)] += float(amount)
    return found
