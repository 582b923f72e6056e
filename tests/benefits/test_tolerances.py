"""Traffic lights from stated tolerances (B7)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.tolerances import (
    Because,
    Bound,
    Light,
    Measure,
    OddTolerance,
    Tolerance,
    benefit_light,
    cost_light,
    months_after,
    refuse_odd_tolerance,
    time_light,
    tolerance_in_force,
)
from gevinst_benefits.store.tolerances import shipped_tolerances
from gevinst_shared.values.money import MixedMoney, Money

DAY = date(2026, 11, 22)


def danish(measure: Measure) -> Tolerance:
    found = tolerance_in_force(measure, country="DK", on=DAY, shipped=shipped_tolerances(), own=[])
    assert found is not None
    return found


def dkk(amount: str) -> Money:
    return Money(Decimal(amount), "DKK", 2026)


@pytest.mark.parametrize(
    ("baseline", "expected", "light", "because"),
    [
        ("100000000", "100000000", Light.GREEN, Because.WITHIN),
        ("100000000", "90000000", Light.GREEN, Because.WITHIN),
        ("100000000", "100000000.01", Light.YELLOW, Because.SHARE),
        ("100000000", "106000000", Light.YELLOW, Because.SHARE),
        ("100000000", "106000000.01", Light.RED, Because.AMOUNT),
        ("10000000", "11000000", Light.YELLOW, Because.SHARE),
        ("10000000", "11000000.01", Light.RED, Because.SHARE),
        ("0", "6000000.01", Light.RED, Because.AMOUNT),
        ("0", "5", None, Because.NO_BASELINE),
        ("0", "0", Light.GREEN, Because.WITHIN),
    ],
)
def test_the_danish_light_of_cost_is_red_above_ten_per_cent_or_six_million(
    baseline: str, expected: str, light: Light | None, because: Because
) -> None:
    """B7: Statens It-råd."""
    reading = cost_light(danish(Measure.COST), baseline=dkk(baseline), expected=dkk(expected))

    assert (reading.light, reading.because) == (light, because)


@pytest.mark.parametrize(
    ("expected", "light"),
    [
        (date(2026, 1, 31), Light.GREEN),
        (date(2026, 2, 27), Light.GREEN),
        (date(2026, 2, 28), Light.YELLOW),
        (date(2026, 4, 30), Light.YELLOW),
        (date(2026, 5, 1), Light.RED),
        (date(2020, 1, 1), Light.GREEN),
    ],
)
def test_the_danish_light_of_time_is_yellow_from_one_month_and_red_above_three(
    expected: date, light: Light
) -> None:
    """B7."""
    assert time_light(danish(Measure.TIME), baseline=date(2026, 1, 31), expected=expected).light is light


@pytest.mark.parametrize(
    ("expected", "light"),
    [("95", Light.GREEN), ("94.9", Light.YELLOW), ("80", Light.YELLOW), ("79", Light.RED)],
)
def test_a_benefit_below_its_plan_turns_yellow_and_then_red(expected: str, light: Light) -> None:
    reading = benefit_light(danish(Measure.BENEFIT), planned=Decimal(100), expected=Decimal(expected))

    assert reading.light is light
    assert reading.tolerance == "gevinst-benefit"


def test_without_a_tolerance_there_is_no_light() -> None:
    """B6: missing is not green."""
    assert cost_light(None, baseline=dkk("1"), expected=dkk("2")).because is Because.NO_TOLERANCE
    assert time_light(None, baseline=DAY, expected=DAY).light is None


def test_costs_of_two_price_years_are_not_compared() -> None:
    """C1."""
    with pytest.raises(MixedMoney):
        cost_light(danish(Measure.COST), baseline=dkk("1"), expected=Money(Decimal(1), "DKK", 2025))


def test_a_limit_in_another_currency_does_not_count() -> None:
    nok = Money(Decimal(100_000_000), "NOK", 2026)

    reading = cost_light(
        danish(Measure.COST), baseline=nok, expected=Money(Decimal(109_000_000), "NOK", 2026)
    )

    assert reading.light is Light.YELLOW


def test_the_organisations_own_rule_goes_before_the_countrys_from_its_day_on() -> None:
    own = [_own(date(2026, 1, 1), "0.2"), _own(date(2026, 6, 1), "0.3"), _own(date(2026, 6, 1), "0.4")]

    def red_share(on: date) -> Decimal | None:
        found = tolerance_in_force(Measure.COST, country="DK", on=on, shipped=shipped_tolerances(), own=own)
        return found.red.share if found else None

    assert red_share(date(2025, 12, 31)) == Decimal("0.10")
    assert red_share(date(2026, 5, 31)) == Decimal("0.2")
    assert red_share(date(2026, 6, 1)) == Decimal("0.4")


def test_before_the_countrys_rule_the_starting_point_holds() -> None:
    found = tolerance_in_force(
        Measure.COST, country="DK", on=date(2010, 1, 1), shipped=shipped_tolerances(), own=[]
    )

    assert found is not None
    assert found.code == "gevinst-cost"


@pytest.mark.parametrize(
    ("measure", "yellow", "red"),
    [
        (Measure.COST, Bound(), Bound(share=Decimal("0.1"))),
        (Measure.COST, Bound(share=Decimal("0.2")), Bound(share=Decimal("0.1"))),
        (Measure.COST, Bound(months=1), Bound(share=Decimal("0.1"))),
        (Measure.COST, Bound(amount=Decimal(1)), Bound(share=Decimal("0.1"))),
        (
            Measure.COST,
            Bound(amount=Decimal(1), currency="NOK"),
            Bound(amount=Decimal(2), currency="DKK"),
        ),
        (Measure.TIME, Bound(share=Decimal("0.1")), Bound(months=3)),
        (Measure.TIME, Bound(months=4), Bound(months=3)),
        (Measure.BENEFIT, Bound(share=Decimal("0.1")), Bound(amount=Decimal(1), currency="NOK")),
    ],
)
def test_odd_tolerances_are_refused(measure: Measure, yellow: Bound, red: Bound) -> None:
    with pytest.raises(OddTolerance):
        refuse_odd_tolerance(Tolerance("own", measure, yellow, red, "ours", DAY))


def test_every_shipped_tolerance_holds_together() -> None:
    for tolerance in shipped_tolerances():
        refuse_odd_tolerance(tolerance)


@given(
    baseline=st.integers(1, 10**9),
    first=st.integers(0, 10**9),
    second=st.integers(0, 10**9),
)
def test_a_dearer_project_never_has_a_greener_light(baseline: int, first: int, second: int) -> None:
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    lights = [
        cost_light(danish(Measure.COST), baseline=dkk(str(baseline)), expected=dkk(str(expected))).light
        for expected in sorted((first, second))
    ]

    assert order.index(lights[0] or Light.RED) <= order.index(lights[1] or Light.RED)


@given(day=st.dates(), months=st.integers(0, 600))
def test_months_after_a_day_is_that_many_months_later(day: date, months: int) -> None:
    later = months_after(day, months)

    assert later == date.max or (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later >= day


def _own(valid_from: date, share: str) -> Tolerance:
    bound = Bound(share=Decimal(share))
    return Tolerance("own", Measure.COST, Bound(share=Decimal("0.01")), bound, "ours", valid_from)
