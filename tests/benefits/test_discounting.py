"""C4: published discount tables and examples first, then what must hold for any flows."""

from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.discounting import (
    DIGITS,
    REGIMES,
    DiscountRegime,
    NoRegimeThen,
    Uneven,
    UnknownRegime,
    discount_factors,
    discount_rates,
    find_regime,
    mid_year_factors,
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


def test_the_norwegian_and_the_swedish_regime_have_a_tax_financing_cost() -> None:
    assert {r.id: r.tax_financing_rate for r in REGIMES if r.tax_financing_rate} == {
        "no-r109-2021": Decimal("0.20"),
        "se-asek-5": Decimal("0.30"),
    }


@pytest.mark.parametrize(
    ("year", "rate"),
    [
        (30, "0.015"),
        (31, "0.0129"),
        (76, "0.0107"),
        (126, "0.0086"),
        (201, "0.0064"),
        (301, "0.0043"),
    ],
)
def test_health_has_rates_of_its_own_in_the_green_book(year: int, rate: str) -> None:
    assert find_regime("uk-green-book-health").rate(year) == Decimal(rate)


@pytest.mark.parametrize(
    ("regime_id", "year", "factor"),
    [
        # 1.04 ** -40, then a year at 3 %, then 35 of them and a year at 2 %.
        ("no-r109-2021", 40, "0.208289"),
        ("no-r109-2021", 41, "0.202222"),
        ("no-r109-2021", 75, "0.074022"),
        ("no-r109-2021", 76, "0.072571"),
        ("dk-2021", 35, "0.299977"),
        ("dk-2021", 36, "0.292660"),
        ("dk-2021", 70, "0.126402"),
        ("dk-2021", 71, "0.124534"),
        ("dk-2013", 35, "0.253415"),
        ("dk-2013", 70, "0.090060"),
        ("dk-2013", 75, "0.081570"),
        ("se-asek-5", 60, "0.126934"),
    ],
)
def test_factors_are_products_of_one_year_factors(regime_id: str, year: int, factor: str) -> None:
    assert discount_factors(find_regime(regime_id), year + 1)[year].quantize(Decimal("1e-6")) == Decimal(
        factor
    )


def test_a_spreadsheets_npv_is_worth_a_year_less_than_ours() -> None:
    """The documentation of NPV has -10,000, 3,000, 4,200, 6,800 at 10 % worth 1,188.44.

    There the first amount already lies a year ahead; here it is in the base year and is not discounted.
    """
    ten_per_cent = Decimal("0.1")
    flows = [Decimal(flow) for flow in (-10_000, 3_000, 4_200, 6_800)]

    ours = net_present_value(flows, [ten_per_cent] * 4)
    theirs = net_present_value([Decimal(0), *flows], [ten_per_cent] * 5)

    assert theirs.quantize(Decimal("0.01")) == Decimal("1188.44")
    assert ours.quantize(Decimal("0.01")) == Decimal("1307.29")


@pytest.mark.parametrize(
    ("flows", "value"),
    [
        ((-40_000, 8_000, 9_200, 10_000, 12_000, 14_500), "1922.06"),
        ((-40_000, 8_000, 9_200, 10_000, 12_000, 14_500, -9_000), "-3749.47"),
    ],
)
def test_an_investment_now_is_outside_the_spreadsheets_npv(flows: tuple[int, ...], value: str) -> None:
    """The second example in the documentation of NPV, at 8 %: the investment is added, not discounted."""
    found = net_present_value([Decimal(flow) for flow in flows], [Decimal("0.08")] * len(flows))

    assert found.quantize(Decimal("0.01")) == Decimal(value)


def test_money_in_the_middle_of_the_year_is_discounted_half_a_year_less() -> None:
    factors = mid_year_factors(find_regime("no-r109-2021"), 42)

    assert factors[0] == 1
    assert factors[1].quantize(Decimal("0.0001")) == Decimal("0.9806")
    # Year 41 is the first at 3 %.
    with localcontext(prec=DIGITS):
        assert abs(factors[41] - 1 / (Decimal("1.04") ** 40 * Decimal("1.03").sqrt())) < TINY
    assert mid_year_factors(find_regime("no-r109-2021"), 0) == ()


@pytest.mark.parametrize(
    ("country", "day", "regime_id"),
    [
        ("DK", date(2013, 5, 31), "dk-2013"),
        ("DK", date(2021, 1, 6), "dk-2013"),
        ("DK", date(2021, 1, 7), "dk-2021"),
        ("NO", date(2026, 1, 1), "no-r109-2021"),
        ("GB", date(2026, 1, 1), "uk-green-book"),
        ("SE", date(2026, 1, 1), "se-asek-5"),
    ],
)
def test_the_regime_of_a_day_is_the_one_in_force(country: str, day: date, regime_id: str) -> None:
    assert regime_on(country, day).id == regime_id


def test_a_day_without_a_regime_is_refused() -> None:
    with pytest.raises(NoRegimeThen, match="DK"):
        regime_on("DK", date(2013, 5, 30))


def test_an_unknown_regime_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownRegime, match="dk-2021"):
        find_regime("fi-none")


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
