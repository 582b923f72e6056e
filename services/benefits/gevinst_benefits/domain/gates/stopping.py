"""G6: what a stop sets free, and what becomes of the benefits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gevinst_benefits.domain.plan.benefits import Benefit, BenefitState
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class MovedNowhere(Refusal):
    code = "benefit-moved-nowhere"
    title = "The benefit cannot be moved there"
    detail = "{benefit} is not an open benefit of this project, or would be moved to the project itself."


@dataclass(frozen=True, slots=True)
class YearMoney:
    """What a calendar year has for the project, and what of it is spent or bound by contract."""

    year: int
    planned: Money
    spent: Money


@dataclass(frozen=True, slots=True)
class PeopleNeed:
    """Full-time equivalents of a shared role, from a day until (not including) another, in hundredths."""

    role: str
    starts: date
    ends: date
    fte_hundredths: int


@dataclass(frozen=True, slots=True)
class ChangeLoad:
    """P4: points of change that a receiving unit carries, from a day until (not including) another."""

    unit_id: UUID
    starts: date
    ends: date
    points: int


@dataclass(frozen=True, slots=True)
class Commitments:
    """What the portfolio has set aside for a project."""

    money: tuple[YearMoney, ...] = ()
    people: tuple[PeopleNeed, ...] = ()
    change_load: tuple[ChangeLoad, ...] = ()


@dataclass(frozen=True, slots=True)
class FreedMoney:
    year: int
    money: Money


@dataclass(frozen=True, slots=True)
class StopConsequences:
    """What is free from the day of the stop, and the open benefits as they are after it.

    `benefits` are closed, or moved: state `moved`, with the receiving project in `moved_to` by benefit id.
    """

    money: tuple[FreedMoney, ...]
    people: tuple[PeopleNeed, ...]
    change_load: tuple[ChangeLoad, ...]
    benefits: tuple[Benefit, ...]
    moved_to: Mapping[UUID, UUID]


def stop_consequences(
    commitments: Commitments, benefits: Sequence[Benefit], *, on: date, moved_to: Mapping[UUID, UUID]
) -> StopConsequences:
    """What a stop on a day sets free; `moved_to` names the project that takes over a benefit, by benefit id.

    Money of the stop's year and later that is neither spent nor bound; people and change load from the day
    on, so that a period under way is freed for what is left of it. Realised benefits stay as they are.
    Raises `MovedNowhere`.
    """
    still_open = [benefit for benefit in benefits if benefit.is_open]
    _refuse_odd_moves(still_open, moved_to)
    return StopConsequences(
        money=tuple(
            FreedMoney(year.year, year.planned - year.spent)
            for year in commitments.money
            if year.year >= on.year and (year.planned - year.spent).amount > 0
        ),
        people=tuple(
            replace(need, starts=max(need.starts, on)) for need in commitments.people if need.ends > on
        ),
        change_load=tuple(
            replace(load, starts=max(load.starts, on)) for load in commitments.change_load if load.ends > on
        ),
        benefits=tuple(
            replace(benefit, state=BenefitState.MOVED if benefit.id in moved_to else BenefitState.CLOSED)
            for benefit in still_open
        ),
        moved_to=dict(moved_to),
    )


def _refuse_odd_moves(still_open: Sequence[Benefit], moved_to: Mapping[UUID, UUID]) -> None:
    projects = {benefit.id: benefit.project_id for benefit in still_open}
    for benefit_id, project_id in moved_to.items():
        if benefit_id not in projects or projects[benefit_id] == project_id:
            raise MovedNowhere(benefit=benefit_id)
