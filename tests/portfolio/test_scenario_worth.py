"""What a project is worth to a scenario (P6, C1, E2): formulas by hand, and what must hold always."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.case_values import CaseValue, case_value
from gevinst_portfolio.domain.gate_outcomes import OddFactError
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Supply
from gevinst_portfolio.domain.scenario_candidates import Omission
from gevinst_portfolio.domain.scenario_problem import scenario_question
from gevinst_portfolio.domain.scenario_worth import (
    ValueChoice,
    ValuePart,
    ValueRule,
    WhyUnknown,
    valuation,
    worths,
)

EVALUATED = datetime(2026, 11, 1, tzinfo=UTC)
NPV, MIX = ValueRule(ValueChoice.NET_PRESENT_VALUE), ValueChoice.MIX
money = st.integers(-(10**12), 10**12)


def case(amount: str, **members: Any) -> CaseValue:
    said = {
        "currency": "NOK",
        "price_year": 2026,
        "regime": "no-r-109-2021",
        "percentiles": {},
        "evaluated_at": EVALUATED,
    }
    return CaseValue(UUID(int=1), UUID(int=2), 1, net_present_value=Decimal(amount), **{**said, **members})


def project(number: int = 1, **members: Any) -> ProjectFigures:
    said = {"status": ProjectStatus.PROPOSED, "start": date(2027, 1, 1), "end": date(2027, 12, 31)}
    return ProjectFigures(UUID(int=number), f"project {number}", **{**said, **members})


def worth(one: ProjectFigures, rule: ValueRule) -> int | None:
    return worths([one], rule).get(one.id)


def unknown(one: ProjectFigures, rule: ValueRule) -> WhyUnknown | None:
    return valuation([one], rule).projects[one.id].unknown


def test_a_score_is_worth_its_share_of_the_best() -> None:
    assert worth(project(score=0.5), ValueRule(ValueChoice.SCORE)) == 50_000


def test_a_partial_score_is_no_worth_and_neither_is_none() -> None:
    """B6."""
    rule = ValueRule(ValueChoice.SCORE)

    assert unknown(project(is_partly_scored=True), rule) is WhyUnknown.PARTLY_SCORED
    assert unknown(project(), rule) is WhyUnknown.NOT_SCORED


def test_a_business_case_is_worth_its_net_present_value_or_a_percentile_of_it() -> None:
    """C5."""
    known = project(case=case("1234567.50", percentiles={10: Decimal(-500), 50: Decimal(1000)}))

    assert worth(known, NPV) == 1_234_568
    assert worth(known, ValueRule(ValueChoice.NET_PRESENT_VALUE, percentile=10)) == -500
    assert worth(known, ValueRule(ValueChoice.NET_PRESENT_VALUE, percentile=50)) == 1000


def test_a_percentile_that_nobody_computed_is_unknown_and_not_zero() -> None:
    """B6."""
    rule = ValueRule(ValueChoice.NET_PRESENT_VALUE, percentile=50)

    assert worth(project(case=case("100")), rule) is None
    assert unknown(project(case=case("100")), rule) is WhyUnknown.NO_SUCH_PERCENTILE
    assert unknown(project(), rule) is WhyUnknown.NO_BUSINESS_CASE


def test_money_of_other_prices_is_not_mixed_in() -> None:
    """C1."""
    foreign = project(case=case("100"), is_case_in_our_prices=False)

    assert unknown(foreign, NPV) is WhyUnknown.VALUE_IN_OTHER_PRICES
    assert not case("100").is_in("NOK", 2027)
    assert not case("100").is_in("DKK", 2026)
    assert case("100").is_in("NOK", 2026)


def test_a_scenario_leaves_out_a_case_in_other_prices_and_says_so() -> None:
    foreign = project(case=case("100"), is_case_in_our_prices=False)
    first = Quarter.read("2027-Q1")

    question = scenario_question(
        [project(2, case=case("5")), foreign], Supply({}), Assumptions({}, value=NPV), first=first, quarters=8
    )

    assert question.omitted == {foreign.id: Omission.VALUE_IN_OTHER_PRICES}


def test_a_mix_is_the_weighted_mean_of_normalised_parts() -> None:
    """Three quarters score 0.8, a quarter of the net present value 30 of at most 60: 100000 x 0.725."""
    rule = ValueRule(MIX, mix={ValuePart.SCORE: 3, ValuePart.NET_PRESENT_VALUE: 1})
    one, best = project(1, score=0.8, case=case("30")), project(2, score=0.1, case=case("-60"))

    found = valuation([one, best], rule)

    assert found.ranges == {ValuePart.NET_PRESENT_VALUE: Decimal(60)}
    assert found.projects[one.id].worth == 72_500
    assert found.projects[best.id].worth == round(100_000 * (0.75 * 0.1 - 0.25))


def test_a_mix_without_one_of_its_parts_is_unknown() -> None:
    rule = ValueRule(MIX, mix={ValuePart.SCORE: 1, ValuePart.NET_PRESENT_VALUE: 1})

    assert unknown(project(score=0.8), rule) is WhyUnknown.NO_BUSINESS_CASE
    assert (
        worth(project(score=0.8), ValueRule(MIX, mix={ValuePart.SCORE: 1, ValuePart.NET_PRESENT_VALUE: 0}))
        == 80_000
    )


def test_a_mix_in_which_nobody_gains_anything_still_orders_by_loss() -> None:
    """Dividing by the best would turn the order around where all lose."""
    rule = ValueRule(MIX, mix={ValuePart.NET_BENEFIT: 1})
    small, large = (
        project(number, cost_minor=cost, benefit_minor=0) for number, cost in ((1, 100_00), (2, 400_00))
    )

    found = worths([small, large], rule)

    assert found == {small.id: -25_000, large.id: -100_000}


def test_only_zero_amounts_are_worth_zero() -> None:
    assert worth(project(case=case("0")), ValueRule(MIX, mix={ValuePart.NET_PRESENT_VALUE: 1})) == 0


def test_what_is_over_does_not_set_the_range() -> None:
    rule = ValueRule(MIX, mix={ValuePart.NET_PRESENT_VALUE: 1})
    over = project(2, case=case("1000"), status=ProjectStatus.CLOSED)

    assert valuation([project(case=case("10")), over], rule).ranges == {
        ValuePart.NET_PRESENT_VALUE: Decimal(10)
    }


@given(st.lists(st.tuples(st.floats(0, 1), money), min_size=2, max_size=8))
def test_a_better_part_never_lowers_a_mix(drawn: list[tuple[float, int]]) -> None:
    projects = [
        project(number, score=score, case=case(str(amount))) for number, (score, amount) in enumerate(drawn)
    ]

    found = worths(projects, ValueRule(MIX, mix={ValuePart.SCORE: 2, ValuePart.NET_PRESENT_VALUE: 1}))

    for one in projects:
        for other in projects:
            assert one.case is not None
            assert other.case is not None
            is_better = one.case.net_present_value >= other.case.net_present_value
            if is_better and (one.score or 0) >= (other.score or 0):
                assert found[one.id] >= found[other.id]
    assert all(-100_000 <= amount <= 100_000 for amount in found.values())


EVENT = {
    "project_id": str(UUID(int=1)),
    "business_case_id": str(UUID(int=2)),
    "number": 3,
    "currency": "NOK",
    "price_year": 2026,
    "regime": "no-r-109-2021",
    "net_present_value": "12500000.00",
    "present_cost": "1.00",
    "present_benefit": "2.00",
}


def test_an_evaluated_case_is_read_with_percentiles_and_without() -> None:
    without = case_value(EVENT, EVALUATED)
    with_them = case_value({**EVENT, "percentiles": {"10": "-1.50", "90": "7"}, "colour": "red"}, EVALUATED)

    assert (without.number, without.net_present_value, without.percentiles) == (3, Decimal("12500000.00"), {})
    assert with_them.percentiles == {10: Decimal("-1.50"), 90: Decimal(7)}


@pytest.mark.parametrize(
    "odd",
    [
        {"net_present_value": "NaN"},
        {"net_present_value": "1e99"},
        {"net_present_value": 5},
        {"net_present_value": "much"},
        {"number": "3"},
        {"number": True},
        {"project_id": "x"},
        {"percentiles": {"0": "1"}},
        {"percentiles": {"fifty": "1"}},
        {"percentiles": {"50": "Infinity"}},
        {"percentiles": ["50"]},
        {"currency": None},
    ],
)
def test_an_odd_case_is_not_understood(odd: dict[str, Any]) -> None:
    with pytest.raises(OddFactError):
        case_value({**EVENT, **odd}, EVALUATED)
