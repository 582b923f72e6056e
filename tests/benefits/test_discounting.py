"""C4: published discount tables and examples first, then what must hold for any flows."""

from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.discounting import (
    DIGITS,
    REGIMES,
    DiscountRegime,
    NoRegimeThen,
    Uneven,
    UnknownRegime,
    discount_factors,
    discount_rates,
    find_regime,
    net_present_value,
    regime_on,
)

# The calculation is exact to 50 digits; amounts here have at most 14.
TINY = Decimal("1e-30")

amounts = st.decimals(min_value=-(10**10), max_value=10**10, places=2)
regimes = st.sampled_from(REGIMES)


@pytest.mark.parametrize(
    ("year", "factor"),
    [
        (0, "1.0000"),
        (1, "0.9662"),
        (10, "0.7089"),
        (30, "0.3563"),
        (31, "0.3459"),
        (75, "0.0942"),
        (125, "0.0274"),
        (200, "0.0062"),
        (300, "0.0014"),
    ],
)
def test_uk_factors_are_those_of_the_green_book_table(year: int, factor: str) -> None:
    factors = discount_factors(find_regime("uk-green-book"), 301)

    assert factors[year].quantize(Decimal("0.0001")) == Decimal(factor)


def test_danish_bands_apply_to_their_own_years_only() -> None:
    """Folketinget, FIU alm. del 2017-18, answer 418: a project of 75 years at 4, 3 and 2 percent."""
    factors = discount_factors(find_regime("dk-2013"), 76)

    with localcontext(prec=DIGITS):
        expected = 1 / (Decimal("1.04") ** 35 * Decimal("1.03") ** 35 * Decimal("1.02") ** 5)
    assert abs(factors[75] - expected) < TINY


@pytest.mark.parametrize(
    ("regime_id", "year", "rate"),
    [
        ("no-r109-2021", 40, "0.04"),
        ("no-r109-2021", 41, "0.03"),
        ("no-r109-2021", 75, "0.03"),
        ("no-r109-2021", 76, "0.02"),
        ("dk-2021", 35, "0.035"),
        ("dk-2021", 36, "0.025"),
        ("dk-2021", 70, "0.025"),
        ("dk-2021", 71, "0.015"),
        ("dk-2013", 71, "0.02"),
        ("uk-green-book", 301, "0.01"),
    ],
)
def test_a_band_ends_with_its_last_year(regime_id: str, year: int, rate: str) -> None:
    assert find_regime(regime_id).rate(year) == Decimal(rate)


def test_104_next_year_at_4_percent_is_100() -> None:
    rates = discount_rates(find_regime("no-r109-2021"), 2)

    assert net_present_value([Decimal(0), Decimal(104)], rates) == 100


def test_the_norwegian_regime_alone_has_a_tax_financing_cost() -> None:
    assert {r.id: r.tax_financing_rate for r in REGIMES if r.tax_financing_rate} == {
        "no-r109-2021": Decimal("0.20")
    }


@pytest.mark.parametrize(
    ("country", "day", "regime_id"),
    [
        ("DK", date(2013, 5, 31), "dk-2013"),
        ("DK", date(2021, 1, 6), "dk-2013"),
        ("DK", date(2021, 1, 7), "dk-2021"),
        ("NO", date(2026, 1, 1), "no-r109-2021"),
        ("GB", date(2026, 1, 1), "uk-green-book"),
    ],
)
def test_the_regime_of_a_day_is_the_one_in_force(country: str, day: date, regime_id: str) -> None:
    assert regime_on(country, day).id == regime_id


def test_a_day_without_a_regime_is_refused() -> None:
    with pytest.raises(NoRegimeThen, match="DK"):
        regime_on("DK", date(2013, 5, 30))


def test_an_unknown_regime_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownRegime, match="dk-2021"):
        find_regime("se-asek")


def test_flows_and_rates_of_different_length_are_refused() -> None:
    with pytest.raises(Uneven):
        net_present_value([Decimal(1)], [])


def test_no_flows_are_worth_nothing() -> None:
    assert net_present_value([], []) == 0
    assert discount_factors(REGIMES[0], 0) == ()


@given(regime=regimes, flows=st.lists(amounts, max_size=90))
def test_net_present_value_is_the_sum_of_flows_times_factors(
    regime: DiscountRegime, flows: list[Decimal]
) -> None:
    factors = discount_factors(regime, len(flows))

    with localcontext(prec=DIGITS):
        expected = sum((f * d for f, d in zip(flows, factors, strict=True)), Decimal(0))
        assert abs(net_present_value(flows, discount_rates(regime, len(flows))) - expected) < TINY


@given(regime=regimes, pairs=st.lists(st.tuples(amounts, amounts), max_size=90), scale=amounts)
def test_net_present_value_is_linear_in_the_amounts(
    regime: DiscountRegime, pairs: list[tuple[Decimal, Decimal]], scale: Decimal
) -> None:
    rates = discount_rates(regime, len(pairs))
    left, right = [a for a, _ in pairs], [b for _, b in pairs]

    with localcontext(prec=DIGITS):
        together = net_present_value([a + scale * b for a, b in pairs], rates)
        apart = net_present_value(left, rates) + scale * net_present_value(right, rates)
        assert abs(together - apart) < Decimal("1e-20")


@given(regime=regimes, amount=amounts, year=st.integers(0, 120))
def test_a_year_of_delay_multiplies_by_the_ratio_of_the_factors(
    regime: DiscountRegime, amount: Decimal, year: int
) -> None:
    rates = discount_rates(regime, year + 2)
    factors = discount_factors(regime, year + 2)
    none = [Decimal(0)] * year

    in_time = net_present_value([*none, amount, Decimal(0)], rates)
    delayed = net_present_value([*none, Decimal(0), amount], rates)

    with localcontext(prec=DIGITS):
        assert abs(delayed - in_time * factors[year + 1] / factors[year]) < TINY


@given(regime=regimes, years=st.integers(2, 350))
def test_money_later_is_worth_less(regime: DiscountRegime, years: int) -> None:
    factors = discount_factors(regime, years)

    assert factors[0] == 1
    assert all(later < earlier for earlier, later in pairwise(factors))
