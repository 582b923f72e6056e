"""C1, C4, C5: a case's lines and what they come to."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.business_case import (
    LineTwice,
    MixedPriceYears,
    OutsideHorizon,
    PriceIndex,
    line_flows,
)
from gevinst_benefits.domain.case.case_results import evaluate, in_hundredths
from gevinst_benefits.domain.case.discounting import find_regime
from tests.benefits.cases import INDEX, IT_UNIT, LINE_UNIT, case, cost, decimals, frame, gain


def test_100_now_for_104_next_year_at_4_percent_is_worth_nothing() -> None:
    result = evaluate(case(cost(1, 100), gain(2, 104), within=frame(horizon_years=2)))

    assert result.net_present_value == 0
    assert result.present_cost == result.present_benefit == 100
    assert result.benefit_cost_ratio == 1
    assert result.net == decimals(-100, 104)
    assert result.accumulated == decimals(-100, 4)
    assert result.payback_year == 2027


def test_a_digital_post_case_has_a_net_cost_first_and_a_rising_gain_after() -> None:
    """Worked case 1 of a municipality: 300 in the first year, savings of 200 and then 400 a year."""
    result = evaluate(case(cost(1, 300), gain(2, 400, ramp=("0.5",)), within=frame(horizon_years=3)))

    assert result.net == decimals(-300, 200, 400)
    # 200 / 1.04 + 400 / 1.04² - 300
    assert result.net_present_value == Decimal("262.13")
    assert result.payback_year == 2028


def test_a_recurring_line_ramps_up_and_lasts_to_the_end_of_the_case() -> None:
    line = gain(1, 100, ramp=("0.2", "0.6"))

    assert line_flows(line, frame(horizon_years=5)) == decimals(0, 20, 60, 100, 100)


def test_a_recurring_line_may_end_before_the_case() -> None:
    line = gain(1, 100, years=2)

    assert line_flows(line, frame(horizon_years=5)) == decimals(0, 100, 100, 0, 0)


def test_price_years_are_brought_together_by_an_open_index() -> None:
    """C1: 100 in 2024 prices is 106 in 2026 prices when the index went from 100 to 106."""
    indexed = case(cost(1, 100, price_year=2024), within=frame(index=INDEX))

    assert evaluate(indexed).costs[0] == 106


@pytest.mark.parametrize("index", [None, INDEX])
def test_price_years_without_an_index_are_refused(index: PriceIndex | None) -> None:
    """C1: sums never mix price years silently."""
    with pytest.raises(MixedPriceYears, match="2019"):
        case(cost(1, 100, price_year=2019), within=frame(index=index))


@pytest.mark.parametrize("first_year", [2025, 2035, 2036])
def test_an_amount_outside_the_years_of_the_case_is_refused(first_year: int) -> None:
    with pytest.raises(OutsideHorizon, match="2026–2035"):
        case(cost(1, 10, 10, first_year=first_year))


def test_a_line_id_is_used_once() -> None:
    with pytest.raises(LineTwice):
        case(cost(1, 10), cost(1, 20))


def test_payback_is_the_last_crossing() -> None:
    """Up after the first year, down again by a renewal in the fourth, up for good in the last."""
    result = evaluate(case(cost(1, 50, 0, 0, 400), gain(2, 100), within=frame(horizon_years=6)))

    assert result.accumulated == decimals(-50, 50, 150, -150, -50, 50)
    assert result.payback_year == 2031


def test_a_case_that_ends_below_zero_has_no_payback() -> None:
    assert evaluate(case(cost(1, 500), gain(2, 10))).payback_year is None


def test_a_case_without_costs_has_no_ratio_and_is_paid_back_at_once() -> None:
    result = evaluate(case(gain(2, 10)))

    assert result.benefit_cost_ratio is None
    assert result.payback_year == 2026


def test_tax_financing_is_a_line_of_its_own_on_the_net_public_need() -> None:
    """C4: 20 % of 100 now, less 20 % of 52 relieved next year; time saved for citizens relieves nothing."""
    result = evaluate(
        case(cost(1, 100), gain(2, 52), gain(3, 52, is_public_money=False), within=frame(horizon_years=2))
    )

    assert result.tax_financing == decimals(20, "-10.4")
    assert result.net_present_value == 0
    assert result.present_tax_financing == 10
    assert result.net_present_value_after_tax_financing == -10


def test_the_same_case_can_be_seen_under_another_regime() -> None:
    one = case(cost(1, 100), gain(2, 104), within=frame(horizon_years=2))

    danish = evaluate(one, find_regime("dk-2021"))

    assert danish.regime_id == "dk-2021"
    assert danish.net_present_value == in_hundredths(104 / Decimal("1.035") - 100)
    assert danish.present_tax_financing == 0


def test_each_unit_has_its_part() -> None:
    units = {u.unit_id: u for u in evaluate(case(cost(1, 100), gain(2, 104))).units}

    assert units[IT_UNIT].net_present_value == -100
    assert units[IT_UNIT].benefits == decimals(*[0] * 10)
    assert units[LINE_UNIT].benefits == decimals(0, *[104] * 9)


@given(amounts=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=10), scale=st.integers(1, 1000))
def test_a_case_in_thousands_is_worth_a_thousandth(amounts: list[int], scale: int) -> None:
    """Net present value is linear in the amounts, to the one rounding at the end."""
    one = evaluate(case(cost(1, *amounts))).net_present_value
    many = evaluate(case(cost(1, *(amount * scale for amount in amounts)))).net_present_value

    assert abs(many - scale * one) <= Decimal("0.005") * (scale + 1)


@given(amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_delaying_a_cost_by_a_year_divides_it_by_one_plus_the_rate(amounts: list[int]) -> None:
    now = evaluate(case(cost(1, *amounts))).present_cost
    later = evaluate(case(cost(1, *amounts, first_year=2027))).present_cost

    assert abs(later - now / Decimal("1.04")) <= Decimal("0.01")


@given(gains=st.lists(st.integers(0, 10**9), max_size=6))
def test_the_units_add_up_to_the_case(gains: list[int]) -> None:
    lines = [replace(gain(n, g), unit_id=UUID(int=100 + n % 3)) for n, g in enumerate(gains, start=1)]
    result = evaluate(case(*lines))

    assert abs(sum(unit.net_present_value for unit in result.units) - result.net_present_value) <= Decimal(
        "0.02"
    )
