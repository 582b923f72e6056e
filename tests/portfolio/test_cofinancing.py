"""Co-financing schemes as dated data (M4)."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.cofinancing import (
    ConditionState,
    OddScheme,
    ProjectFacts,
    Scheme,
    StepOutOfTurn,
    StepState,
    YearsMissing,
    eligibility,
    refuse_odd_scheme,
    refuse_out_of_turn,
    value_per_krone,
)
from gevinst_portfolio.store.cofinancing_schemes import condition_texts, shipped_schemes
from gevinst_shared.values.money import MixedMoney, Money
from gevinst_shared.web.languages import LANGUAGES
from tests.support.tree import ROOT


def edition(name: str) -> Scheme:
    return next(scheme for scheme in shipped_schemes() if scheme.edition == name)


def nok(amount: str, price_year: int = 2026) -> Money:
    return Money(Decimal(amount), "NOK", price_year)


READY = ProjectFacts(
    cost=nok("40000000"),
    phase="planlegge",
    start=date(2027, 1, 1),
    end=date(2029, 12, 31),
    applicant="state-body",
    is_triggering=True,
    papers=frozenset({"assumptions", "net-present-value", "benefit-plan"}),
)


@pytest.mark.parametrize(
    ("name", "cost", "most"),
    [
        # DOMAIN.md M4: NO 2016–19 up to 50 %, at most 15 M NOK; now of 10–100 M, up to 50 %.
        ("2016", "40000000", "15000000"),
        ("2016", "8000000", "4000000"),
        ("2020-1", "50000000", "15000000"),
        ("2020-2", "100000000", "85000000"),
        ("2023", "100000000", "50000000"),
        ("2023", "10000000", "5000000"),
    ],
)
def test_the_shipped_schemes_give_what_was_published(name: str, cost: str, most: str) -> None:
    scheme = edition(name)

    found = eligibility(scheme, replace(READY, cost=nok(cost)), scheme.valid_from)

    assert found.most == Decimal(most)
    assert found.state is ConditionState.MET


def test_on_a_day_the_editions_of_that_day_are_in_force() -> None:
    days = {
        date(2015, 12, 31): [],
        date(2019, 12, 31): ["2016"],
        date(2020, 1, 1): ["2020-1", "2020-2"],
        date(2026, 1, 1): ["2023"],
    }

    for day, editions in days.items():
        assert [one.edition for one in shipped_schemes() if one.is_in_force(day)] == editions


def test_every_award_of_2020_could_be_given_by_an_edition_of_2020() -> None:
    """Nine awards, NOK 159,817,689 (tests/data/cofinancing)."""
    text = (ROOT / "tests" / "data" / "cofinancing" / "no_cofinancing_2020.csv").read_text("utf-8")
    awards = [int(row["grant_nok"]) for row in csv.DictReader(text.splitlines())]
    first, second = edition("2020-1"), edition("2020-2")
    assert first.ceiling is not None
    assert second.most_cost is not None

    assert sum(awards) == 159_817_689
    # Three were above what category 1 ever gives, and none above what category 2 could.
    assert sum(award > first.ceiling for award in awards) == 3
    assert all(award <= second.share * second.most_cost for award in awards)


@pytest.mark.parametrize(
    ("condition", "unknown", "failed"),
    [
        ("applicant", {"applicant": None}, {"applicant": "municipality"}),
        ("window", {"phase": None}, {"phase": "gjennomfore"}),
        ("window", {"phase": "pilotering"}, {"phase": "konsept"}),
        ("cost", {"cost": None}, {"cost": nok("9999999")}),
        ("cost", {"cost": Money(Decimal("20000000"), "DKK", 2026)}, {"cost": nok("100000001")}),
        ("duration", {"end": None}, {"end": date(2031, 1, 1)}),
        ("triggering", {"is_triggering": None}, {"is_triggering": False}),
        ("papers", {"papers": None}, {"papers": frozenset({"assumptions"})}),
    ],
)
def test_what_nobody_has_said_is_unknown_and_not_failed(
    condition: str, unknown: dict[str, object], failed: dict[str, object]
) -> None:
    """Missing is not zero."""
    scheme, day = edition("2023"), date(2026, 11, 21)

    for change, state in (({}, "met"), (unknown, "unknown"), (failed, "not-met")):
        found = eligibility(scheme, replace(READY, **change), day)  # type: ignore[arg-type]
        assert {one.code: one.state.value for one in found.conditions}[condition] == state
        assert found.state.value == state


def test_the_missing_papers_are_named() -> None:
    found = eligibility(edition("2023"), replace(READY, papers=frozenset({"assumptions"})), date(2026, 1, 1))

    assert [paper.code for paper in found.missing_papers] == ["net-present-value", "benefit-plan"]


def test_four_years_to_the_day_is_four_years() -> None:
    scheme, day = edition("2023"), date(2026, 11, 21)
    ends = {date(2030, 12, 31): ConditionState.MET, date(2031, 1, 1): ConditionState.NOT_MET}

    for end, state in ends.items():
        found = eligibility(scheme, replace(READY, end=end), day)
        assert {one.code: one.state for one in found.conditions}["duration"] is state


@given(st.integers(min_value=0, max_value=10**12))
def test_no_amount_is_above_the_ceiling_or_the_share(cost: int) -> None:
    for scheme in shipped_schemes():
        found = eligibility(scheme, replace(READY, cost=nok(str(cost))), scheme.valid_from)
        assert found.most is not None
        assert found.most <= cost * scheme.share
        assert scheme.ceiling is None or found.most <= scheme.ceiling


def test_a_ranking_holds_value_against_investment_in_one_money() -> None:
    assert value_per_krone(nok("30"), nok("12")) == Decimal("2.5000")
    assert value_per_krone(None, nok("12")) is None
    with pytest.raises(MixedMoney):
        value_per_krone(nok("30"), nok("12", 2025))


def test_each_shipped_name_and_each_requirement_speaks_five_languages() -> None:
    found = eligibility(edition("2023"), READY, date(2026, 1, 1))
    for language in LANGUAGES:
        texts = condition_texts(language)
        assert [texts[one.code].format(**one.values) for one in found.conditions]
        for scheme in shipped_schemes():
            assert scheme.names[language]
            assert all(paper.names[language] for paper in scheme.papers)
            assert scheme.sources


def test_an_application_goes_step_by_step() -> None:
    refuse_out_of_turn(StepState.APPLIED, StepState.AWARDED, [2027, 2028])
    refuse_out_of_turn(StepState.PAID, StepState.REPORTED, [])
    for state in (StepState.REFUSED, StepState.WITHDRAWN):
        for following in StepState:
            with pytest.raises(StepOutOfTurn):
                refuse_out_of_turn(state, following, [])
    for years in ([], [2027, 2027]):
        with pytest.raises(YearsMissing):
            refuse_out_of_turn(StepState.APPLIED, StepState.AWARDED, years)


def test_limits_with_nothing_between_them_are_refused() -> None:
    scheme = edition("2023")

    for odd in (
        replace(scheme, valid_until=scheme.valid_from),
        replace(scheme, least_cost=Decimal(2), most_cost=Decimal(1)),
        replace(scheme, valid_until=scheme.valid_from - timedelta(days=1)),
        replace(scheme, floor=Decimal(60_000_000)),
    ):
        with pytest.raises(OddScheme):
            refuse_odd_scheme(odd)
