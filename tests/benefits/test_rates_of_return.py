"""C5: published rates of return first, then flows that have none or several, then what must always hold."""

from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
import pyxirr
from hypothesis import assume, given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.discounting import DIGITS, net_present_value
from gevinst_benefits.domain.case.rates_of_return import (
    NoRate,
    RateOfReturn,
    dated_rate_of_return,
    internal_rate_of_return,
    modified_rate_of_return,
)
from tests.benefits.cases import decimals

whole = st.integers(-(10**6), 10**6)


def rate(found: RateOfReturn, digits: int) -> str:
    assert found.reason is None
    assert found.rate_per_year is not None
    return f"{found.rate_per_year:.{digits}f}"


def dated(*flows: tuple[str, float | str]) -> list[tuple[date, Decimal]]:
    return [(date.fromisoformat(day), Decimal(str(flow))) for day, flow in flows]


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ((-70_000, 12_000, 15_000, 18_000, 21_000), "-0.021"),
        ((-70_000, 12_000, 15_000, 18_000, 21_000, 26_000), "0.087"),
        ((-70_000, 12_000, 15_000), "-0.444"),
    ],
)
def test_rates_are_those_of_the_documentation_of_irr(flows: tuple[int, ...], expected: str) -> None:
    assert rate(internal_rate_of_return(decimals(*flows)), 3) == expected


def test_the_dated_rate_is_that_of_the_documentation_of_xirr() -> None:
    flows = dated(
        ("2008-01-01", -10_000),
        ("2008-03-01", 2_750),
        ("2008-10-30", 4_250),
        ("2009-02-15", 3_250),
        ("2009-04-01", 2_750),
    )

    assert rate(dated_rate_of_return(flows), 8) == "0.37336253"


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        # Reference values of PhpSpreadsheet's tests of XIRR.
        ([("2015-04-01", 4_000), ("2019-06-27", -46_000)], "0.778689"),
        ([("2019-06-12", 100), ("2020-06-11", -110)], "0.100000"),
        ([("2010-01-01", -100), ("2010-04-01", 20), ("2010-10-01", 40), ("2011-02-01", 25)], "-0.197387"),
        ([("2021-11-24", 55_600), ("2021-12-24", "-51094.83")], "-0.642308"),
        ([("2019-12-31", -100), ("2020-03-05", 1_000)], "412461.6383"),
    ],
)
def test_dated_rates_of_every_size_are_found(flows: list[tuple[str, float | str]], expected: str) -> None:
    digits = len(expected.partition(".")[2])

    assert rate(dated_rate_of_return(dated(*flows)), digits) == expected


def test_dates_may_come_in_any_order_and_twice() -> None:
    """From PhpSpreadsheet's tests of XIRR: the first flow is not the earliest, and two are on one day."""
    flows = dated(
        ("2019-06-27", "1893.67"),
        ("2019-06-20", "139947.43"),
        ("2019-06-21", "52573.25"),
        ("2019-06-24", "48849.74"),
        ("2019-06-27", "26369.16"),
        ("2019-07-27", "-273029.18"),
    )

    assert rate(dated_rate_of_return(flows), 8) == "0.13796353"
    assert dated_rate_of_return(flows[::-1]) == dated_rate_of_return(flows)


@pytest.mark.parametrize(
    ("reinvestment_rate", "flows", "expected"),
    [
        ("0.12", (-120_000, 39_000, 30_000, 21_000, 37_000, 46_000), "0.1261"),
        ("0.12", (-120_000, 39_000, 30_000, 21_000), "-0.0480"),
        ("0.14", (-120_000, 39_000, 30_000, 21_000, 37_000, 46_000), "0.1348"),
    ],
)
def test_modified_rates_are_those_of_the_documentation_of_mirr(
    reinvestment_rate: str, flows: tuple[int, ...], expected: str
) -> None:
    found = modified_rate_of_return(
        decimals(*flows), finance_rate=Decimal("0.1"), reinvestment_rate=Decimal(reinvestment_rate)
    )

    assert found is not None
    assert f"{found:.4f}" == expected


@pytest.mark.parametrize("flows", [(), (5,), (0, 0), (1, 2), (-1, -2), (-100, 0)])
def test_there_is_no_modified_rate_without_flows_both_ways(flows: tuple[int, ...]) -> None:
    rates = {"finance_rate": Decimal("0.1"), "reinvestment_rate": Decimal("0.1")}

    assert modified_rate_of_return(decimals(*flows), **rates) is None


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ((), NoRate.NO_FLOWS),
        ((0,), NoRate.NO_FLOWS),
        ((0, 0, 0), NoRate.NO_FLOWS),
        ((100,), NoRate.NO_CHANGE_OF_SIGN),
        ((-100,), NoRate.NO_CHANGE_OF_SIGN),
        ((-1, -2, 0, -3), NoRate.NO_CHANGE_OF_SIGN),
        ((1, -2, 3), NoRate.NO_ZERO),
        ((1, -3, 3, -5, 9), NoRate.NO_ZERO),
        ((-100, 230, -132), NoRate.SEVERAL),  # 10 % and 20 %
        ((-1_000, 6_000, -11_000, 6_000), NoRate.SEVERAL),  # 0 %, 100 % and 200 %
        ((-1_600, 10_000, -10_000), NoRate.SEVERAL),  # the pump of Lorie and Savage: 25 % and 400 %
    ],
)
def test_flows_without_one_rate_have_none_and_say_why(flows: tuple[int, ...], reason: NoRate) -> None:
    found = internal_rate_of_return(decimals(*flows))

    assert found == RateOfReturn(None, reason)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        (("-100", "220", "-121"), "0.1"),  # worth touches zero at 10 % and is below it at every other rate
        (("-1", "3.3", "-3.63", "1.331"), "0.1"),  # three times the same rate
        (("-1", "1", "1", "-1"), "0"),
        (("-100", "0", "0", "100"), "0"),
        (("-100", "50"), "-0.5"),
        (("0", "0", "-100", "110"), "0.1"),  # years before the first flow do not matter
        (("-1", "1000000"), "999999"),
        (("-1000000", "0.01"), "-0.99999999"),
    ],
)
def test_a_rate_is_exact_where_it_has_few_digits(flows: tuple[str, ...], expected: str) -> None:
    found = internal_rate_of_return(decimals(*flows)).rate_per_year

    assert found is not None
    assert abs(found - Decimal(expected)) < Decimal("1e-45")


def test_two_rates_that_are_almost_one_are_still_two() -> None:
    """(1 - 1.1 x) (1 - 1.1000001 x), written out."""
    two = internal_rate_of_return(decimals("-1", "2.2000001", "-1.21000011"))

    assert two.reason is NoRate.SEVERAL


def test_worth_that_only_almost_touches_zero_has_no_rate() -> None:
    assert internal_rate_of_return(decimals("-100", "219.9999999", "-121")).reason is NoRate.NO_ZERO


def test_three_hundred_years_have_a_rate() -> None:
    found = internal_rate_of_return(decimals(-100, *[5] * 300)).rate_per_year

    # An endless 5 on 100 is 5 %; three hundred years fall short of it by a millionth.
    assert found is not None
    assert Decimal("0.049999") < found < Decimal("0.05")


def test_three_hundred_years_with_a_clean_up_at_the_end_have_two_rates_and_none_is_chosen() -> None:
    assert internal_rate_of_return(decimals(-100, *[5] * 299, -20_000)).reason is NoRate.SEVERAL


def test_many_changes_of_direction_are_no_trouble_when_the_sums_change_once() -> None:
    """Norstrøm's criterion: a noisy series of 150 years with one crossing of its accumulated flows."""
    flows = decimals(-1_000, *[(-40 if year % 2 else 90) for year in range(149)])

    found = internal_rate_of_return(flows)

    assert found.rate_per_year is not None
    assert abs(net_present_value(flows, [found.rate_per_year] * 150)) < Decimal("1e-40")


def test_more_changes_of_direction_than_can_be_settled_are_said_not_to_be() -> None:
    wave = [40, -50, 60, -40, 30, -45, 50, -40]

    assert internal_rate_of_return(decimals(-10, *wave * 30, 1)).reason in (NoRate.NOT_PROVED, NoRate.SEVERAL)


def test_flows_on_one_day_have_no_rate() -> None:
    assert dated_rate_of_return(dated(("2026-01-01", -5), ("2026-01-01", 5))).reason is NoRate.NO_FLOWS
    assert dated_rate_of_return(dated(("2026-01-01", -5), ("2026-01-01", 7))).reason is (
        NoRate.NO_CHANGE_OF_SIGN
    )
    assert dated_rate_of_return([]).reason is NoRate.NO_FLOWS


@pytest.mark.slow
def test_a_decade_of_daily_flows_has_a_rate() -> None:
    start = date(2020, 1, 1)
    flows = [(start, Decimal(-100_000))]
    flows += [(start + timedelta(days=day), Decimal(40)) for day in range(1, 3_651)]

    found = dated_rate_of_return(flows).rate_per_year

    # pyxirr stops at a precision of its own.
    assert found is not None
    assert pyxirr.xirr(flows) == pytest.approx(float(found), abs=1e-9)


@pytest.mark.slow
@given(paid=st.lists(st.integers(1, 10**6), min_size=1, max_size=5), got=st.lists(whole, max_size=30))
def test_what_is_found_is_a_rate_at_which_flows_are_worth_nothing(paid: list[int], got: list[int]) -> None:
    flows = decimals(*(-p for p in paid), *got)

    found = internal_rate_of_return(flows).rate_per_year

    assume(found is not None)
    assert found is not None
    with localcontext(prec=200):
        ends = [
            sum((f * (1 + r) ** -t for t, f in enumerate(flows)), Decimal(0))
            for r in (found - Decimal("1e-40"), found + Decimal("1e-40"))
        ]
        size = sum((abs(f) * (1 + found) ** -t for t, f in enumerate(flows)), Decimal(0))
    # Either worth changes sign within 40 digits of the rate, or it touches zero there.
    assert ends[0] * ends[1] < 0 or abs(ends[0]) < size * Decimal("1e-60")


@pytest.mark.slow
@given(gains=st.lists(st.integers(0, 10**6), min_size=1, max_size=40), cost=st.integers(1, 10**6))
def test_one_payment_then_gains_agree_with_pyxirr(gains: list[int], cost: int) -> None:
    assume(sum(gains) > cost / 2)
    found = internal_rate_of_return(decimals(-cost, *gains)).rate_per_year

    theirs = pyxirr.irr([float(-cost), *map(float, gains)])

    assume(theirs is not None)
    assert found is not None
    assert theirs == pytest.approx(float(found), rel=1e-6, abs=1e-6)


@pytest.mark.slow
@given(
    gains=st.lists(st.tuples(st.integers(1, 5_000), st.integers(1, 10**6)), min_size=1, max_size=20),
    cost=st.integers(1, 10**6),
)
def test_dated_flows_agree_with_pyxirr(gains: list[tuple[int, int]], cost: int) -> None:
    start = date(2020, 1, 1)
    days = [start, *(start + timedelta(days=day) for day, _ in gains)]
    flows = [-cost, *(amount for _, amount in gains)]
    found = dated_rate_of_return(zip(days, decimals(*flows), strict=True)).rate_per_year

    theirs = pyxirr.xirr(days, [float(flow) for flow in flows])

    assert found is not None
    assume(theirs is not None and -0.9 < found < 10)
    assert theirs == pytest.approx(float(found), rel=1e-6, abs=1e-6)


@given(roots=st.lists(st.integers(-9, 30), min_size=1, max_size=6))
def test_as_many_rates_are_found_as_were_put_in(roots: list[int]) -> None:
    """Flows with the rates 10 % times each number: one distinct rate is found, and several never are."""
    flows = decimals(-1)
    for root in roots:
        grown = 1 + Decimal(root) / 10
        longer = [Decimal(0), *flows]
        flows = tuple(a - grown * b for a, b in zip([*flows, Decimal(0)], longer, strict=True))

    found = internal_rate_of_return(flows)

    if len(set(roots)) > 1:
        assert found.reason is NoRate.SEVERAL
    else:
        assert found.rate_per_year is not None
        assert abs(found.rate_per_year - Decimal(roots[0]) / 10) < Decimal("1e-30")


@given(flows=st.lists(whole, max_size=12), scale=st.integers(1, 10**6))
def test_the_rate_does_not_depend_on_the_unit_of_money_or_on_the_side(flows: list[int], scale: int) -> None:
    one = internal_rate_of_return(decimals(*flows))

    for factor in (scale, -scale):
        other = internal_rate_of_return(decimals(*(flow * factor for flow in flows)))
        assert other.reason is one.reason
        if one.rate_per_year is not None and other.rate_per_year is not None:
            assert abs(one.rate_per_year - other.rate_per_year) < Decimal("1e-35") * (1 + one.rate_per_year)


@pytest.mark.slow
@given(gains=st.lists(st.integers(0, 1_000), min_size=1, max_size=30))
def test_more_money_gives_a_higher_rate(gains: list[int]) -> None:
    assume(any(gains))
    rates = [
        internal_rate_of_return(decimals(-1_000, *(gain * times for gain in gains))).rate_per_year
        for times in (1, 2, 3)
    ]

    with localcontext(prec=DIGITS):
        assert all(low is not None and high is not None and low < high for low, high in pairwise(rates))
