"""G6: what a stop sets free."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.gates.stopping import (
    ChangeLoad,
    Commitments,
    FreedMoney,
    MovedNowhere,
    PeopleNeed,
    YearMoney,
    stop_consequences,
)
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_shared.values.money import Money
from tests.benefits.test_benefits import BENEFIT

UNIT = UUID(int=3)
OTHER_PROJECT = UUID(int=77)
STOP = date(2026, 5, 15)


def _kroner(amount: int) -> Money:
    return Money(Decimal(amount), "NOK", 2026)


def test_money_that_is_neither_spent_nor_bound_returns() -> None:
    money = (
        YearMoney(2025, _kroner(100), _kroner(90)),
        YearMoney(2026, _kroner(100), _kroner(40)),
        YearMoney(2027, _kroner(80), _kroner(0)),
        YearMoney(2028, _kroner(10), _kroner(15)),
    )

    freed = stop_consequences(Commitments(money=money), [], on=STOP, moved_to={}).money

    assert freed == (FreedMoney(2026, _kroner(60)), FreedMoney(2027, _kroner(80)))


def test_people_and_change_load_are_free_from_the_day_on() -> None:
    past = PeopleNeed("architect", date(2026, 1, 1), date(2026, 4, 1), 50)
    now = PeopleNeed("architect", date(2026, 4, 1), date(2026, 7, 1), 50)
    later = PeopleNeed("architect", date(2026, 7, 1), date(2026, 10, 1), 100)
    load = ChangeLoad(UNIT, date(2026, 4, 1), date(2026, 7, 1), 3)

    freed = stop_consequences(
        Commitments(people=(past, now, later), change_load=(load,)), [], on=STOP, moved_to={}
    )

    assert freed.people == (replace(now, starts=STOP), later)
    assert freed.change_load == (replace(load, starts=STOP),)


def test_benefits_are_closed_or_moved_and_realised_ones_stay() -> None:
    closed, moved = BENEFIT, replace(BENEFIT, id=UUID(int=5), state=BenefitState.CONFIRMED)
    realised = replace(BENEFIT, id=UUID(int=6), state=BenefitState.REALISED)

    after = stop_consequences(
        Commitments(), [closed, moved, realised], on=STOP, moved_to={moved.id: OTHER_PROJECT}
    )

    assert {b.id: b.state for b in after.benefits} == {
        closed.id: BenefitState.CLOSED,
        moved.id: BenefitState.MOVED,
    }
    assert after.moved_to == {moved.id: OTHER_PROJECT}


@pytest.mark.parametrize(
    "moved_to", [{UUID(int=99): OTHER_PROJECT}, {BENEFIT.id: BENEFIT.project_id}], ids=["unknown", "itself"]
)
def test_a_benefit_is_moved_from_this_project_to_another(moved_to: dict[UUID, UUID]) -> None:
    with pytest.raises(MovedNowhere):
        stop_consequences(Commitments(), [BENEFIT], on=STOP, moved_to=moved_to)


@given(
    years=st.lists(st.tuples(st.integers(2024, 2030), st.integers(0, 10**6), st.integers(0, 10**6))),
)
def test_a_stop_never_frees_more_than_was_planned(years: list[tuple[int, int, int]]) -> None:
    money = tuple(YearMoney(year, _kroner(planned), _kroner(spent)) for year, planned, spent in years)

    freed = stop_consequences(Commitments(money=money), [], on=STOP, moved_to={}).money

    assert all(one.money.amount > 0 and one.year >= 2026 for one in freed)
    assert sum(one.money.amount for one in freed) <= sum(year.planned.amount for year in money)
