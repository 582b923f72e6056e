"""B15: installations carry their cost, or it is said what it would take."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.plan.installations import Installation, verdict
from gevinst_shared.values.money import Money

COUNTS, AMOUNTS = st.integers(1, 50), st.integers(0, 5_000)


def kroner(amount: int | str) -> Money:
    return Money(Decimal(amount), "NOK", 2026)


CAMERAS = Installation(
    count=10,
    one_off_cost=kroner(6_000),
    cost_per_year=kroner(1_000),
    benefit_per_year=kroner(5_000),
    shared_cost_per_year=kroner(10_000),
    lifetime_months=60,
)


def test_ten_cameras_pay_for_themselves_in_two_years() -> None:
    """By hand: 60,000 spent; 10 × 4,000 − 10,000 = 30,000 a year; three carry the centre's 10,000."""
    found = verdict(CAMERAS)

    assert (found.net_per_year, found.carries) == (kroner(4_000), True)
    assert (found.break_even_months, found.break_even_count) == (24, 3)


def test_what_gives_less_than_it_costs_never_pays() -> None:
    found = verdict(replace(CAMERAS, benefit_per_year=kroner(1_000)))

    assert (found.carries, found.break_even_months, found.break_even_count) == (False, None, None)


def test_what_takes_longer_than_it_lasts_does_not_pay() -> None:
    assert not verdict(replace(CAMERAS, lifetime_months=23)).carries
    assert verdict(replace(CAMERAS, lifetime_months=24)).carries


def test_what_would_take_millions_of_years_is_never() -> None:
    found = verdict(replace(CAMERAS, one_off_cost=kroner(10**14), benefit_per_year=kroner("2000.01")))

    assert found.break_even_months is None


@given(
    count=COUNTS, one_off=AMOUNTS, cost=AMOUNTS, benefit=AMOUNTS, shared=AMOUNTS, months=st.integers(1, 120)
)
def test_the_verdict_agrees_with_adding_up_month_by_month(
    count: int, one_off: int, cost: int, benefit: int, shared: int, months: int
) -> None:
    """Oracle: what has come in less what has gone out at the end of its life, and after each month."""
    one = Installation(
        count, kroner(one_off), kroner(cost), kroner(benefit), kroner(shared), lifetime_months=months
    )
    per_year = count * (benefit - cost) - shared

    found = verdict(one)

    paid = [month for month in range(months + 1) if per_year > 0 and per_year * month >= 12 * count * one_off]
    assert found.carries == bool(paid)
    assert not paid or found.break_even_months == paid[0]
    enough = [n for n in range(1, 5_002) if n * (benefit - cost) >= shared and benefit > cost]
    assert found.break_even_count == (enough[0] if enough else None)


@given(more=AMOUNTS)
def test_more_benefit_never_takes_longer(more: int) -> None:
    better = replace(CAMERAS, benefit_per_year=kroner(5_000 + more))

    assert (verdict(better).break_even_months or 0) <= 24
