"""G4: the difference between two living cases explains the change in full: the parts sum to the whole."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.business_case import BusinessCase, MixedPriceYears, PriceIndex
from gevinst_benefits.domain.case.case_difference import CaseDifference, Change, Part, difference
from gevinst_benefits.domain.case.case_model import ZERO
from gevinst_benefits.domain.case.case_results import evaluate
from gevinst_benefits.domain.case.case_sensitivity import tornado
from tests.benefits.cases import INDEX, frame
from tests.benefits.living_cases import assumed, figures, line, once, ranged, version

UNIT = line(1, "cost", "1")["unit_id"]


def parts_of(found: CaseDifference) -> Decimal:
    effects = [one.effect_on_npv for one in found.parts]
    effects += [one.effect_on_npv for one in found.assumptions]
    effects += [one.effect_on_npv for one in found.lines]
    return sum(effects, Decimal(0))


def test_finance_systems_are_evaluated_again_from_3_to_6_million() -> None:
    """Worked case 3: 3 M on what the systems cost, then 6 M with the work processes, then as it was built."""
    within = frame(base_year=2011, horizon_years=1, price_year=2011, regime="dk-2013")

    def systems(**changes: Any) -> dict[str, Any]:
        return line(1, "benefit", "now - offered", first_year=2011, price_year=2011) | changes

    def processes(members: str = "hours * wage") -> dict[str, Any]:
        use = "Fewer posts in the finance department"
        return line(2, "benefit", members, first_year=2011, price_year=2011, use=use)

    prices = (assumed("now", "8000000", "NOK/year"), assumed("offered", "5000000", "NOK/year"))
    time = (assumed("hours", "10000", "hours/year"), assumed("wage", "300", "NOK/hour"))
    first = version(1, systems(), assumptions=prices, within=within)
    second = version(2, systems(), processes(), assumptions=(*prices, *time), within=within)
    dearer = (prices[0], assumed("offered", "5200000", "NOK/year"))
    fewer = (assumed("hours", "11000", "hours/year"), time[1])
    third = version(3, systems(), processes(), assumptions=(*dearer, *fewer), within=within)

    looked_again, as_built, overall = (
        difference(first, second),
        difference(second, third),
        difference(first, third),
    )

    assert evaluate(first).net_present_value == 3_000_000
    assert evaluate(second).net_present_value == 6_000_000
    assert [(one.name, one.change, one.effect_on_npv) for one in looked_again.lines] == [
        ("benefit 2", Change.ADDED, Decimal(3_000_000))
    ]
    assert [(one.name, one.effect_on_npv) for one in as_built.assumptions] == [
        ("offered", Decimal(-200_000)),
        ("hours", Decimal(300_000)),
    ]
    assert as_built.lines == ()
    for found in (looked_again, as_built, overall):
        assert parts_of(found) == found.effect_on_npv == found.npv_after - found.npv_before
    assert overall.effect_on_npv == looked_again.effect_on_npv + as_built.effect_on_npv


def test_an_assumptions_change_is_told_line_by_line() -> None:
    """C2: a changed assumption says which lines it changed, and by how much."""
    lines = (line(1, "cost", "n * price"), line(2, "benefit", "2 * n * price"), line(3, "cost", "7"))
    before = (assumed("n", "10"), assumed("price", "3", "NOK"), assumed("note", "1", note="old"))
    after = (assumed("n", "10"), assumed("price", "5", "NOK"), assumed("note", "1", note="new"))
    within = frame(horizon_years=1)

    found = difference(
        version(1, *lines, assumptions=before, within=within),
        version(2, *lines, assumptions=after, within=within),
    )

    price, note = found.assumptions
    assert (price.name, price.value_before, price.value_after) == ("price", "3", "5")
    assert (price.effect_on_npv, price.members) == (Decimal(20), ("value",))
    assert [(one.line_id.int, one.effect_on_npv) for one in price.lines] == [
        (1, Decimal(-20)),
        (2, Decimal(40)),
    ]
    assert note.effect_on_npv == 0
    assert (note.lines, note.members) == ((), ("note",))


def test_an_assumption_works_through_those_that_are_formulas_over_it() -> None:
    lines = (line(1, "cost", "price"),)
    price = assumed("price", "2 * list", "NOK")
    within = frame(horizon_years=1)

    found = difference(
        version(1, *lines, assumptions=(price, assumed("list", "3", "NOK")), within=within),
        version(2, *lines, assumptions=(price, assumed("list", "4", "NOK")), within=within),
    )

    assert [(one.name, one.effect_on_npv) for one in found.assumptions] == [("list", Decimal(-2))]


def test_two_changes_that_only_work_together_still_sum() -> None:
    """Halfway the divisor is zero: what cannot be computed waits for the change that lets it."""
    lines = (line(1, "benefit", "100 / (a - b) * one"),)
    one, within = assumed("one", "1", "NOK"), frame(horizon_years=1)

    found = difference(
        version(1, *lines, assumptions=(assumed("a", "2"), assumed("b", "1"), one), within=within),
        version(2, *lines, assumptions=(assumed("a", "1"), assumed("b", "-4"), one), within=within),
    )

    assert [(each.name, each.effect_on_npv) for each in found.assumptions] == [
        ("a", Decimal(0)),
        ("b", Decimal(-80)),
    ]
    assert parts_of(found) == found.effect_on_npv == -80


def test_assumptions_that_change_places_make_no_circle() -> None:
    lines = (line(1, "cost", "a + b"),)
    within = frame(horizon_years=1)

    found = difference(
        version(
            1, *lines, assumptions=(assumed("a", "2 * b", "NOK"), assumed("b", "1", "NOK")), within=within
        ),
        version(
            2, *lines, assumptions=(assumed("b", "a / 4", "NOK"), assumed("a", "8", "NOK")), within=within
        ),
    )

    assert parts_of(found) == found.effect_on_npv == -7


def test_a_year_that_only_the_earlier_index_has_is_still_compared() -> None:
    """C1: the price of 2024 is 106 in the prices of 2026 by its own index, and gives way to another one."""
    newer = PriceIndex("CPI 2025", "made up", {2025: Decimal(50), 2026: Decimal(52)})
    lines = (line(1, "cost", "a"),)

    found = difference(
        version(
            1,
            *lines,
            assumptions=(assumed("a", "100", "NOK", price_year=2024),),
            within=frame(horizon_years=1, index=INDEX),
        ),
        version(
            2,
            *lines,
            assumptions=(assumed("a", "100", "NOK", price_year=2025),),
            within=frame(horizon_years=1, index=newer),
        ),
    )

    assert found.npv_before == -106
    assert found.npv_after == -104
    assert parts_of(found) == found.effect_on_npv == 2


def test_a_removed_line_that_the_later_index_cannot_bring_to_its_prices_is_refused() -> None:
    newer = PriceIndex("CPI 2025", "made up", {2025: Decimal(50), 2030: Decimal(60)})

    with pytest.raises(MixedPriceYears):
        difference(
            version(
                1,
                line(1, "cost", "a"),
                assumptions=(assumed("a", "100", "NOK", price_year=2024),),
                within=frame(horizon_years=1, index=INDEX),
            ),
            version(2, line(2, "cost", "7", price_year=2025), within=frame(price_year=2030, index=newer)),
        )


def test_frame_risk_pool_recommendation_and_financing_are_parts() -> None:
    lines = (
        line(1, "cost", "100"),
        line(2, "benefit", "150"),
        line(3, "benefit", "500", alternative="other"),
        line(4, "cost", "10", alternative=ZERO),
    )
    codes = [{"code": code, "name": code} for code in (ZERO, "main", "other")]
    source = {"name": "Own", "kind": "own-budget", "first_year": 2026, "price_year": 2026, "amounts": ["1"]}

    found = difference(
        version(1, *lines, alternatives=codes, within=frame(horizon_years=1)),
        version(
            2,
            *lines,
            alternatives=codes,
            recommended="other",
            financing=[source],
            risk_pool={"unit_id": UNIT, "share": "0.2", "amount": "7"},
            within=frame(horizon_years=2, regime="dk-2021"),
        ),
    )

    assert {one.part: one.effect_on_npv for one in found.parts} == {
        Part.YEARS: Decimal("57.69"),
        Part.REGIME: Decimal("0.28"),
        Part.RISK_POOL: Decimal("-46.32"),
        Part.RECOMMENDATION: Decimal("924.10"),
        Part.FINANCING: Decimal(0),
    }
    assert found.frame_effect == Decimal("57.97")
    assert parts_of(found) == found.effect_on_npv


def test_what_is_removed_is_told_with_what_it_was_worth() -> None:
    before = version(
        1,
        line(1, "cost", "a"),
        line(2, "cost", "5"),
        assumptions=(assumed("a", "9", "NOK"),),
        within=frame(horizon_years=1),
    )
    after = version(2, line(2, "cost", "5"), within=frame(horizon_years=1))

    found = difference(before, after)

    assert [(one.line_id.int, one.change, one.total_before, one.effect_on_npv) for one in found.lines] == [
        (1, Change.REMOVED, Decimal(9), Decimal(9))
    ]
    assert [(one.name, one.change, one.effect_on_npv) for one in found.assumptions] == [
        ("a", Change.REMOVED, Decimal(0))
    ]


def test_time_and_quality_change_without_an_effect_on_money() -> None:
    """C7."""
    hours = line(1, "benefit", "10", ledger="time", unit_of_measure="hours")
    more = line(1, "benefit", "30", ledger="time", unit_of_measure="hours")

    found = difference(version(1, hours, line(2, "cost", "1")), version(2, more, line(2, "cost", "1")))

    assert [(one.total_before, one.total_after, one.effect_on_npv) for one in found.lines] == [
        figures(30, 90, 0)
    ]


@st.composite
def living_versions(draw: st.DrawFn) -> BusinessCase:
    names = draw(st.permutations(["a", "b", "c", "d"]))
    assumptions = []
    for place, name in enumerate(names):
        earlier = names[:place]
        is_plain = not earlier or draw(st.booleans())
        text = (
            str(draw(st.integers(0, 9)))
            if is_plain
            else f"{draw(st.sampled_from(earlier))} * 2 + {earlier[0]}"
        )
        price_year = draw(st.sampled_from([2024, 2025, 2026])) if is_plain else 2026
        assumptions.append(assumed(name, text, "NOK", price_year=price_year))
    formulas = st.sampled_from(
        ["a + b", "c * 3", "if(a > b, c / a * d, d)", "17", "max(a, b) - d", "a * b / max(a, b, one)"]
    )
    assumptions.append(assumed("one", "1", "NOK"))
    lines = [
        line(
            number,
            draw(st.sampled_from(["cost", "benefit"])),
            draw(formulas) if draw(st.booleans()) else once(draw(formulas)),
            alternative=draw(st.sampled_from([ZERO, "main", "other"])),
            first_year=draw(st.integers(2026, 2030)),
        )
        for number in sorted(draw(st.sets(st.integers(1, 6), min_size=1)))
    ]
    pool = {
        "unit_id": UNIT,
        "share": draw(st.sampled_from(["0", "0.15"])),
        "amount": draw(st.sampled_from(["0", "5"])),
    }
    within = frame(
        horizon_years=draw(st.integers(5, 40)),
        regime=draw(st.sampled_from(["dk-2021", "no-r109-2021"])),
        index=INDEX,
    )
    return version(
        draw(st.integers(1, 9)),
        *lines,
        assumptions=tuple(assumptions),
        alternatives=[{"code": code, "name": code} for code in (ZERO, "main", "other")],
        recommended=draw(st.sampled_from([ZERO, "main", "other"])),
        risk_pool=pool if draw(st.booleans()) else None,
        within=within,
    )


@pytest.mark.slow
@given(before=living_versions(), after=living_versions())
def test_the_parts_sum_to_the_whole_for_any_two_versions(before: BusinessCase, after: BusinessCase) -> None:
    found = difference(before, after)

    assert found.npv_before == evaluate(before).net_present_value
    assert found.npv_after == evaluate(after).net_present_value
    assert parts_of(found) == found.effect_on_npv == found.npv_after - found.npv_before
    for one in found.assumptions:
        assert sum((line.effect_on_npv for line in one.lines), Decimal(0)) == one.effect_on_npv


@given(one=living_versions())
def test_a_living_version_does_not_differ_from_itself(one: BusinessCase) -> None:
    found = difference(one, one)

    assert found.effect_on_npv == 0
    assert (found.lines, found.assumptions, found.parts) == ((), (), ())


def test_the_tornado_has_each_assumption_at_its_ends_with_the_widest_first() -> None:
    """C5: exact also where the case is not linear."""
    case = version(
        1,
        line(1, "cost", "n * n * price"),
        line(2, "benefit", "100 / share * price"),
        assumptions=(
            ranged("n", "3", "2", "5"),
            ranged("price", "2", "1", "4", "NOK"),
            ranged("share", "1", "0", "2"),
            assumed("sure", "1"),
        ),
        within=frame(horizon_years=1),
    )
    assert case.model is not None

    found = tornado(case.model, case.frame)

    assert found.net_present_value == 182
    assert [(one.name, one.npv_at_low, one.npv_at_high) for one in found.assumptions] == [
        ("share", None, Decimal(82)),
        ("price", Decimal(91), Decimal(364)),
        ("n", Decimal(192), Decimal(150)),
    ]
    assert [one.swing for one in found.assumptions] == [None, 273, 42]
    assert [line_id.int for line_id in found.assumptions[1].line_ids] == [1, 2]


@given(one=living_versions())
def test_the_tornados_middle_is_the_cases_value(one: BusinessCase) -> None:
    assert one.model is not None

    assert tornado(one.model, one.frame).net_present_value == evaluate(one).net_present_value
