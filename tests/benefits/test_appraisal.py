"""C5: payback, ratios, annual and switching values of a case."""

from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.appraisal import (
    Payback,
    appraise,
    equivalent_annual_value,
    payback,
    switching_factor,
)
from gevinst_benefits.domain.case.business_case import Recurring, Yearly
from gevinst_benefits.domain.case.case_results import evaluate, present_value_of_lines
from gevinst_benefits.domain.case.discounting import discount_factors, find_regime
from gevinst_benefits.domain.case.rates_of_return import NoRate
from tests.benefits.cases import case, cost, decimals, frame, gain

flows_of_years = st.lists(st.integers(-1_000, 1_000), min_size=1, max_size=20)


def test_a_third_three_times_pays_the_whole_back() -> None:
    """To 50 digits a third is a hair too small: what is left of 100 is no debt."""
    with localcontext(prec=50):
        third = replace(gain(2, 1), amounts=Recurring(Decimal(100) / 3))
    written = case(cost(1, 100), third, within=frame(horizon_years=4))

    assert appraise(written).payback == Payback(3, Decimal("3.00"))
    assert evaluate(written).payback_year == 2029
    assert str(appraise(written).internal_rate_of_return.rate_per_year) == "0.000000"


@pytest.mark.parametrize(
    ("flows", "year", "years"),
    [
        ((-100, 60, 60), 2, "1.67"),
        ((-100, 100), 1, "1.00"),
        ((-100, 0, 0, 400), 3, "2.25"),
        ((0, -100, 200), 2, "1.50"),
        ((-50, 100, 0, -400, 100, 400), 5, "4.62"),  # up, down again by a renewal, and up for good
        ((0, 0), 0, "0.00"),
        ((5,), 0, "0.00"),
    ],
)
def test_payback_is_the_last_crossing_with_the_part_of_its_year(
    flows: tuple[int, ...], year: int, years: str
) -> None:
    found = payback(decimals(*flows))

    assert found is not None
    assert found.year == year
    assert round(found.years, 2) == Decimal(years)


@pytest.mark.parametrize("flows", [(-1,), (-100, 50, 49), (10, -11)])
def test_flows_that_end_below_zero_are_never_paid_back(flows: tuple[int, ...]) -> None:
    assert payback(decimals(*flows)) is None


@given(flows=flows_of_years)
def test_after_payback_the_sum_stays_at_or_above_zero_and_before_it_does_not(flows: list[int]) -> None:
    found = payback(decimals(*flows))

    sums = list(accumulate(flows))
    if found is None:
        assert sums[-1] < 0
    else:
        assert all(amount >= 0 for amount in sums[found.year :])
        assert found.year == 0 or sums[found.year - 1] < 0
        assert max(found.year - 1, 0) <= found.years <= found.year


def test_a_thousand_over_ten_years_at_4_per_cent_is_123_29_a_year() -> None:
    """The annuity factor of ten years at 4 % is 8.1109."""
    factors = discount_factors(find_regime("no-r109-2021"), 11)

    found = equivalent_annual_value(Decimal(1_000), factors)

    assert found is not None
    assert round(found, 2) == Decimal("123.29")
    assert round(1_000 / found, 4) == Decimal("8.1109")


def test_there_is_no_annual_value_of_a_single_year() -> None:
    assert equivalent_annual_value(Decimal(1_000), [Decimal(1)]) is None


def test_a_case_is_appraised_in_ratios_and_rates() -> None:
    """Investment 100 now, operation 10 a year, 52 a year for three years; 4 % gives 2.775091 for 1 a year."""
    operation = replace(cost(2, 10, 10, 10, first_year=2027), kind="operation")
    one = case(cost(1, 100), operation, gain(3, 52), within=frame(horizon_years=4))

    found = appraise(one)

    # Net: -100, 42, 42, 42. Present: 42 x 2.775091 - 100 = 16.5538.
    assert found.payback == Payback(3, Decimal("2.38"))
    assert found.discounted_payback == Payback(3, Decimal("2.56"))
    assert found.internal_rate_of_return.rate_per_year == Decimal("0.125096")
    assert found.benefit_cost_ratio == Decimal("1.1296")  # 144.3047 / 127.7509
    assert found.net_present_value_per_invested == Decimal("0.1655")
    # With the cost of tax financing, 20 % of it all, the ratios of the taxed amounts are the same here.
    assert found.nnk_i == Decimal("0.1655")
    assert found.nnk_idu == Decimal("0.1296")
    assert found.equivalent_annual_value == Decimal("5.97")  # 16.5538 / 2.775091
    assert [one.factor for one in found.switching_values] == [
        Decimal("1.1655"),
        Decimal("1.5965"),
        Decimal("0.8853"),
    ]


def test_private_benefits_bear_no_tax_cost_in_the_swedish_ratios() -> None:
    """Investment 100 of taxes counts as 130, citizens' gain of 207 next year as 200: (200 - 130) / 130."""
    one = case(
        cost(1, 100),
        gain(2, 207, is_public_money=False),
        within=frame(horizon_years=2, regime="se-asek-5"),
    )

    found = appraise(one)

    assert found.nnk_i == Decimal("0.5385")
    assert found.net_present_value_per_invested == 1


def test_a_case_of_benefits_alone_has_no_ratios_and_no_rate() -> None:
    found = appraise(case(gain(1, 10)))

    assert found.payback == Payback(0, Decimal("0.00"))
    assert found.benefit_cost_ratio is None
    assert found.net_present_value_per_invested is None
    assert found.nnk_i is None
    assert found.nnk_idu is None
    assert found.internal_rate_of_return.reason is NoRate.NO_CHANGE_OF_SIGN


def test_a_case_of_zeros_has_no_rate_and_no_switching_value() -> None:
    found = appraise(case(cost(1, 0), within=frame(horizon_years=1)))

    assert found.internal_rate_of_return.reason is NoRate.NO_FLOWS
    assert found.equivalent_annual_value is None
    assert found.switching_values[0].factor is None
    assert found.payback == Payback(0, Decimal("0.00"))


def test_three_hundred_years_are_appraised() -> None:
    long = case(cost(1, 1_000), gain(2, 30), within=frame(horizon_years=300, regime="uk-green-book"))

    found = appraise(long)

    assert found.internal_rate_of_return.rate_per_year == Decimal("0.029996")
    assert found.discounted_payback is None


def test_the_appraisal_under_another_regime_is_that_of_the_other_rates() -> None:
    one = case(cost(1, 100), gain(2, 104), within=frame(horizon_years=2))

    assert appraise(one).net_present_value_per_invested == 0
    assert appraise(one, find_regime("dk-2021")).net_present_value_per_invested == Decimal("0.0048")


@pytest.mark.slow
@given(paid=st.integers(1, 10**6), gained=st.integers(1, 10**6))
def test_a_line_at_its_switching_value_makes_the_case_worth_nothing(paid: int, gained: int) -> None:
    lines = (cost(1, paid), gain(2, gained))
    one = case(*lines)
    contribution = present_value_of_lines([lines[0]], one.frame)

    factor = switching_factor(present_value_of_lines(lines, one.frame), contribution)

    assert factor is not None
    switched = replace(lines[0], amounts=Yearly((paid * factor,)))
    assert abs(present_value_of_lines([switched, lines[1]], one.frame)) < Decimal("1e-15")


@pytest.mark.slow
@given(paid=st.integers(1, 10**6), gained=st.integers(0, 10**6), scale=st.integers(2, 1_000))
def test_ratios_do_not_depend_on_the_unit_of_money(paid: int, gained: int, scale: int) -> None:
    one = appraise(case(cost(1, paid), gain(2, gained)))
    many = appraise(case(cost(1, paid * scale), gain(2, gained * scale)))

    assert replace(many, equivalent_annual_value=None) == replace(one, equivalent_annual_value=None)


@pytest.mark.slow
@given(gained=st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_the_appraisal_and_the_results_agree(gained: list[int]) -> None:
    one = case(cost(1, 1_000), *(gain(n, amount) for n, amount in enumerate(gained, start=2)))

    result, found = evaluate(one), appraise(one)

    payback_year = None if found.payback is None else one.frame.base_year + found.payback.year
    assert payback_year == result.payback_year
    assert found.benefit_cost_ratio is not None
    assert result.benefit_cost_ratio is not None
    assert abs(found.benefit_cost_ratio - result.benefit_cost_ratio) <= Decimal("0.0051")
