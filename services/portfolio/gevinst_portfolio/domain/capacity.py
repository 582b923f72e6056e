"""What there is against what is taken: money per year, shared resources per quarter (P3, P4)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.projects import CostKind, Need, ProjectStatus
from gevinst_portfolio.domain.quarters import YEARS, Quarter
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
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """A project that takes resources; `needs` count from the quarter of `start`."""

    id: UUID
    name: str
    start: date | None
    needs: tuple[Need, ...]
    status: ProjectStatus = ProjectStatus.APPROVED


@dataclass(frozen=True, slots=True)
class Share:
    """What one project takes of a resource in a quarter."""

    project_id: UUID
    name: str
    amount: float
    status: ProjectStatus = ProjectStatus.APPROVED


@dataclass(frozen=True, slots=True)
class Load:
    """One resource in one quarter; `capacity` is None when no limit was stated."""

    quarter: Quarter
    capacity: float | None
    taken: float
    shares: tuple[Share, ...]

    @property
    def decided(self) -> float:
        """What is taken without proposals."""
        return sum(share.amount for share in self.shares if share.status is not ProjectStatus.PROPOSED)

    @property
    def overload(self) -> float:
        """How much more is asked than there is."""
        return self.taken - self.capacity if self.capacity is not None and self.is_overloaded else 0.0

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


class CarryChoice(StrEnum):
    """What becomes of investment money that a year leaves; operation always lapses with its year."""

    CAPPED = "capped"
    POOL = "pool"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RollOver:
    """`cap_minor`, in whole hundredths, is the most that rolls on into the next year when capped."""

    carry: CarryChoice = CarryChoice.NONE
    cap_minor: int | None = None


LAPSES = RollOver()


class OddCap(Refusal):
    code = "odd-cap"
    title = "A cap for what is capped"
    detail = "Give `cap`, zero or more, when money rolls on `capped`, and leave it away otherwise."


class UnitMissing(Refusal):
    code = "unit-missing"
    title = "Say whose capacity it is"
    detail = "Capacity for change belongs to a unit: give its `unit_id`."


class NamedTwice(Refusal):
    code = "named-twice"
    title = "Named twice"
    detail = "{what} stands twice in the list. Give one amount for each."


def roll_over(carry: CarryChoice, cap: Decimal | None, *, pointer: str) -> RollOver:
    """The roll-over as said; `OddCap` when there is a cap without use for it, or none where one is needed."""
    is_capped = carry is CarryChoice.CAPPED
    if is_capped is (cap is None) or (cap is not None and cap < 0):
        raise OddCap(pointer=pointer)
    return RollOver(carry, None if cap is None else int(cap.scaleb(2)))


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
        taken: dict[Quarter, float] = defaultdict(float)
        for need in taker.needs:
            if need.resource_id == resource.id:
                for quarter, amount in taken_per_quarter(taker.start, need):
                    taken[quarter] += float(amount)
        for quarter, total in taken.items():
            if quarter.year in YEARS:
                shares[quarter].append(Share(taker.id, taker.name, total, taker.status))
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


def taken_per_quarter(start: date, need: Need) -> Iterator[tuple[Quarter, Decimal]]:
    """When a project with this start takes how much: the need moves with the start."""
    first = Quarter.of(start)
    return ((first.plus(count), amount) for count, amount in enumerate(need.amounts) if amount)
