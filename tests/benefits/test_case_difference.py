"""G4: what changed between two versions of a case, and what each change did."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.business_case import BusinessCase, CaseLine, MixedPriceYears
from gevinst_benefits.domain.case.case_difference import Change, MixedCurrencies, difference
from gevinst_benefits.domain.case.case_results import evaluate
from tests.benefits.cases import INDEX, case, cost, decimals, frame, gain

REGIME_IDS = ("no-r109-2021", "dk-2021", "uk-green-book")


def test_each_change_says_what_it_did() -> None:
    before = case(cost(1, 100), cost(2, 50), gain(3, 104), within=frame(horizon_years=2))
    after = replace(before, number=2, lines=(cost(1, 120), gain(3, 104), gain(4, 52)))

    found = difference(before, after)

    assert [(c.line_id.int, c.change) for c in found.lines] == [
        (1, Change.CHANGED),
        (2, Change.REMOVED),
        (4, Change.ADDED),
    ]
    assert [(c.total_before, c.total_after, c.effect_on_npv) for c in found.lines] == [
        decimals(100, 120, -20),
        decimals(50, 0, 50),
        decimals(0, 52, 50),
    ]
    assert (found.npv_before, found.npv_after, found.effect_on_npv) == decimals(-50, 30, 80)
    assert found.frame_effect == 0


def test_a_case_that_is_looked_into_again_can_double() -> None:
    """Worked case 3, finance systems: 3 M on system cost, 6 M once the work processes were counted."""
    before = case(gain(1, 3_000_000, years=1, first_year=2026))
    after = replace(before, number=2, lines=(*before.lines, gain(2, 3_000_000, years=1, first_year=2026)))

    found = difference(before, after)

    assert [change.change for change in found.lines] == [Change.ADDED]
    assert found.npv_after == 2 * found.npv_before


def test_another_regime_is_an_effect_of_the_frame() -> None:
    before = case(cost(1, 100), gain(2, 104), within=frame(horizon_years=2))
    after = replace(before, number=2, frame=frame(horizon_years=2, regime="dk-2021"))

    found = difference(before, after)

    assert found.lines == ()
    assert found.frame_effect == found.effect_on_npv == Decimal("0.48")


def test_sunk_years_no_longer_count_when_the_base_year_moves() -> None:
    before = case(cost(1, 100, 10), within=frame(horizon_years=2))
    after = case(cost(1, 10, first_year=2027), within=frame(base_year=2027, horizon_years=1), number=2)

    found = difference(before, after)

    assert found.npv_after == -10
    assert found.frame_effect == found.effect_on_npv
    assert [line.effect_on_npv for line in found.lines] == [0]


def test_versions_in_different_price_years_need_an_index() -> None:
    before = case(cost(1, 100, price_year=2025), within=frame(price_year=2025))
    later = case(cost(1, 106), within=frame(), number=2)

    with pytest.raises(MixedPriceYears):
        difference(before, later)

    indexed = replace(later, frame=frame(index=INDEX))
    assert difference(before, indexed).frame_effect == Decimal("-1.92")


def test_versions_in_different_currencies_are_not_compared() -> None:
    before = case(cost(1, 100))
    after = replace(before, number=2, frame=replace(before.frame, currency="DKK"))

    with pytest.raises(MixedCurrencies, match="NOK"):
        difference(before, after)


@st.composite
def versions(draw: st.DrawFn) -> BusinessCase:
    within = frame(
        base_year=draw(st.integers(2024, 2026)),
        horizon_years=draw(st.integers(12, 60)),
        price_year=draw(st.sampled_from([2024, 2025, 2026])),
        regime=draw(st.sampled_from(REGIME_IDS)),
        index=INDEX,
    )
    lines: list[CaseLine] = []
    for number in sorted(draw(st.sets(st.integers(1, 8)))):
        amounts = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=4))
        is_cost = draw(st.booleans())
        line = cost(number, *amounts) if is_cost else gain(number, amounts[0], ramp=("0.35", "0.715"))
        lines.append(replace(line, price_year=draw(st.sampled_from([2024, 2025, 2026]))))
    return case(*lines, within=within)


@pytest.mark.slow
@given(before=versions(), after=versions())
def test_the_parts_sum_to_the_whole_to_the_last_hundredth(before: BusinessCase, after: BusinessCase) -> None:
    found = difference(before, after)

    assert found.npv_before == evaluate(before).net_present_value
    assert found.npv_after == evaluate(after).net_present_value
    assert found.effect_on_npv == found.npv_after - found.npv_before
    assert found.frame_effect + sum(line.effect_on_npv for line in found.lines) == found.effect_on_npv


@given(one=versions())
def test_a_version_does_not_differ_from_itself(one: BusinessCase) -> None:
    found = difference(one, one)

    assert found.lines == ()
    assert found.effect_on_npv == found.frame_effect == 0
