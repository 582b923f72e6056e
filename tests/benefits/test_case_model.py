"""C1, C2, C7, P9: a case as it is written, and the amounts that follow from it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gevinst_benefits.domain.case.assumptions import AssumptionTwice, OddRange, ReservedName
from gevinst_benefits.domain.case.business_case import LineTwice, MixedPriceYears, OutsideHorizon, line_flows
from gevinst_benefits.domain.case.case_document import FormulasTooLong, model_document, model_from
from gevinst_benefits.domain.case.case_model import ZERO, Ramp, RampShape
from gevinst_benefits.domain.case.case_overview import CaseOverview
from gevinst_benefits.domain.case.case_overview import overview as overview_of
from gevinst_benefits.domain.case.case_resolving import (
    RISK_POOL,
    AlternativeTwice,
    Resolved,
    TimeWithoutUse,
    UnknownAlternative,
    business_case,
    resolve,
)
from gevinst_benefits.domain.case.case_results import evaluate
from gevinst_benefits.domain.formulas.refusals import (
    AssumptionCycle,
    DividedByZero,
    NumberTooLarge,
    UnitNotExpected,
    UnitsDoNotFit,
    UnknownName,
)
from gevinst_shared.values.refusal import Refusal
from tests.benefits.cases import INDEX, PROJECT, frame
from tests.benefits.living_cases import assumed, document, figures, line, model, once, ranged, resolved

LETTERS = assumed("letters", "1000", "letters/year")
POSTAGE = assumed("postage", "20", "NOK/letter")


def overview(found: Resolved) -> CaseOverview:
    return overview_of(found, business_case(PROJECT, 1, found))


def flows(*lines: dict[str, Any], **members: Any) -> list[tuple[Decimal, ...]]:
    found = resolved(*lines, **members)
    return [line_flows(one, found.frame) for one in found.lines]


def test_a_line_is_a_formula_over_assumptions() -> None:
    """C2: 1000 letters a year at 20 NOK, half of them the first year."""
    ramp = {"shape": "table", "shares": ["0.5"]}
    amounts = {"pattern": "recurring", "amount_per_year": "letters * postage", "ramp": ramp}

    assert flows(line(1, "benefit", amounts), assumptions=(LETTERS, POSTAGE)) == [
        figures(10000, 20000, 20000)
    ]


def test_an_assumption_may_be_a_formula_over_others_in_any_order() -> None:
    assumptions = (
        assumed("wage", "salary / full_time", "NOK/hour"),
        assumed("salary", "800000", "NOK/FTE/year"),
        assumed("full_time", "1600", "hours/FTE/year"),
        assumed("course", "30", "minutes"),
        assumed("people", "40", "persons"),
    )

    found = flows(line(1, "cost", once("people / 1 * course * wage / people * 40")), assumptions=assumptions)

    assert found == [figures(10000, 0, 0)]


@pytest.mark.parametrize(
    ("shape", "years", "expected"),
    [
        (RampShape.LINEAR, 4, ("0.25", "0.5", "0.75", "1")),
        (RampShape.S_CURVE, 4, ("0.15625", "0.5", "0.84375", "1")),
        (RampShape.LINEAR, 1, ("1",)),
    ],
)
def test_ramps_have_the_shares_that_they_state(
    shape: RampShape, years: int, expected: tuple[str, ...]
) -> None:
    assert Ramp(shape, years).shares == figures(*expected)


def test_an_assumption_in_other_prices_is_indexed_openly_or_refused() -> None:
    """C1: 20 NOK of 2024 is 21.2 of 2026 when the index went from 100 to 106."""
    old = assumed("postage", "20", "NOK/letter", price_year=2024)
    pays = line(1, "cost", "letters * postage")

    with pytest.raises(MixedPriceYears, match="2024"):
        resolved(pays, assumptions=(LETTERS, old))
    indexed = flows(pays, assumptions=(LETTERS, old), within=frame(horizon_years=2, index=INDEX))
    assert indexed == [figures(21200, 21200)]


def test_a_computed_line_cannot_claim_other_prices_than_the_cases() -> None:
    """C1."""
    with pytest.raises(MixedPriceYears) as refused:
        resolved(line(1, "cost", "letters * postage", price_year=2024), assumptions=(LETTERS, POSTAGE))

    assert refused.value.pointer == "/body/lines/0/price_year"


@pytest.mark.parametrize(
    ("assumptions", "refusal", "pointer"),
    [
        ((assumed("a", "b"), assumed("b", "a")), AssumptionCycle, "/body/assumptions/0/value"),
        ((assumed("a", "a + 1"),), AssumptionCycle, "/body/assumptions/0/value"),
        ((assumed("a", "1"), assumed("a", "2")), AssumptionTwice, "/body/assumptions/1/name"),
        ((assumed("min", "1"),), ReservedName, "/body/assumptions/0/name"),
        ((assumed("a", "nobody"),), UnknownName, "/body/assumptions/0/value"),
        ((assumed("a", "1 / b"), assumed("b", "0")), DividedByZero, "/body/assumptions/0/value"),
        (
            (assumed("a", "b", "hours"), assumed("b", "1", "NOK")),
            UnitNotExpected,
            "/body/assumptions/0/value",
        ),
        (
            (assumed("a", "b + c", "hours"), assumed("b", "1", "hours"), assumed("c", "1", "NOK")),
            UnitsDoNotFit,
            "/body/assumptions/0/value",
        ),
        ((ranged("a", "5", "6", "7"),), OddRange, "/body/assumptions/0/spread"),
        ((ranged("a", "b", "1", "2"), assumed("b", "1")), OddRange, "/body/assumptions/0/spread"),
    ],
)
def test_odd_assumptions_are_refused_where_they_stand(
    assumptions: tuple[dict[str, Any], ...], refusal: type[Refusal], pointer: str
) -> None:
    with pytest.raises(refusal) as refused:
        resolved(line(1, "cost", "1"), assumptions=assumptions)

    assert refused.value.pointer == pointer


def test_a_circle_is_named_in_full() -> None:
    circle = (assumed("a", "b * 2"), assumed("b", "c"), assumed("c", "a"))

    with pytest.raises(AssumptionCycle, match="a → b → c → a"):
        resolved(line(1, "cost", "1"), assumptions=circle)


@pytest.mark.parametrize(
    ("odd", "refusal", "member"),
    [
        (line(1, "cost", "letters"), UnitNotExpected, "amounts"),
        (line(1, "cost", "postage * letters + letters"), UnitsDoNotFit, "amounts"),
        (line(1, "cost", once("letters * postage")), UnitNotExpected, "amounts"),
        (
            line(1, "cost", "postage * letters / (letters / letters - 1)"),
            DividedByZero,
            "amounts/amount_per_year",
        ),
        (line(1, "cost", "letters * postage * 999999999999999"), NumberTooLarge, "amounts/amount_per_year"),
        (line(1, "cost", "1", unit_of_measure="hours"), UnitNotExpected, "unit_of_measure"),
        (line(1, "benefit", "1", ledger="time"), UnitNotExpected, "unit_of_measure"),
        (line(1, "benefit", "1", ledger="time", unit_of_measure="NOK"), UnitNotExpected, "unit_of_measure"),
        (
            line(1, "benefit", "1", ledger="quality", unit_of_measure="NOK"),
            UnitNotExpected,
            "unit_of_measure",
        ),
        (line(1, "cost", "1", alternative="other"), UnknownAlternative, "alternative"),
    ],
)
def test_odd_lines_are_refused_where_they_stand(
    odd: dict[str, Any], refusal: type[Refusal], member: str
) -> None:
    with pytest.raises(refusal) as refused:
        resolved(odd, assumptions=(LETTERS, POSTAGE))

    assert (refused.value.pointer or "").startswith(f"/body/lines/0/{member}")


def test_lines_of_every_alternative_are_checked() -> None:
    with pytest.raises(LineTwice):
        resolved(line(1, "cost", "1", alternative=ZERO), line(1, "cost", "1"))
    with pytest.raises(OutsideHorizon):
        resolved(line(1, "cost", "1", alternative=ZERO, first_year=2040))


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ({"recommended": "other"}, UnknownAlternative),
        ({"alternatives": [{"code": "main", "name": "a"}, {"code": "main", "name": "b"}]}, AlternativeTwice),
    ],
)
def test_alternatives_are_known_and_different(members: dict[str, Any], refusal: type[Refusal]) -> None:
    """P9."""
    with pytest.raises(refusal):
        resolved(line(1, "cost", "1"), **members)


def test_figures_are_relative_to_the_zero_alternative() -> None:
    """P9: doing nothing costs 40 a year; the case costs 100 and so 60 more, for a benefit of 90."""
    found = resolved(
        line(1, "cost", "100"),
        line(2, "benefit", "90"),
        line(3, "cost", "40", alternative=ZERO),
        within=frame(horizon_years=1),
    )

    result, seen = evaluate(business_case(PROJECT, 1, found)), overview(found)

    assert (result.costs, result.benefits, result.net) == (figures(60), figures(90), figures(30))
    zero, main = seen.alternatives
    assert (zero.own_present_cost, zero.present_cost, zero.net_present_value) == figures(40, 0, 0)
    assert (main.own_present_cost, main.present_cost, main.net_present_value) == figures(100, 60, 30)


def test_to_recommend_the_zero_alternative_changes_nothing() -> None:
    found = resolved(line(1, "cost", "100"), recommended=ZERO)

    assert evaluate(business_case(PROJECT, 1, found)).net_present_value == 0


def test_a_disbenefit_counts_against_the_benefits() -> None:
    found = resolved(
        line(1, "benefit", "90"), line(2, "benefit", "20", is_disbenefit=True), within=frame(horizon_years=1)
    )

    assert evaluate(business_case(PROJECT, 1, found)).benefits == figures(70)


def test_the_risk_pool_is_a_line_of_its_own() -> None:
    """15 % of each year's own costs, and 30 in one year; the zero alternative needs none."""
    unit = line(1, "cost", "1")["unit_id"]
    found = resolved(
        line(1, "cost", "200"),
        line(2, "cost", "40", alternative=ZERO),
        risk_pool={"unit_id": unit, "share": "0.15", "amount": "30.00", "year": 2027},
        within=frame(horizon_years=2),
    )

    pool = next(one for one in found.of("main") if one.id == RISK_POOL)

    assert line_flows(pool, found.frame) == figures(30, 60)
    assert evaluate(business_case(PROJECT, 1, found)).costs == figures(190, 220)


def test_financing_covers_what_the_case_costs_or_the_gap_is_shown() -> None:
    """A0: a loan moves money and is no effect: the value stays as it is."""
    sources = [
        {"name": "Own", "kind": "own-budget", "first_year": 2026, "price_year": 2026, "amounts": ["60.00"]},
        {
            "name": "Pool",
            "kind": "pool-loan",
            "first_year": 2026,
            "price_year": 2026,
            "amounts": ["30.00", "120"],
        },
    ]
    lines = (line(1, "cost", "100"), line(2, "cost", "5", alternative=ZERO))
    found = resolved(*lines, financing=sources, within=frame(horizon_years=2))

    cover = overview(found).cover

    assert cover is not None
    assert (cover.need, cover.gap, cover.is_covered) == (figures(95, 95), figures(5, -25), False)
    plain = resolved(*lines, within=frame(horizon_years=2))
    assert overview(plain).cover is None
    assert evaluate(business_case(PROJECT, 1, found)) == evaluate(business_case(PROJECT, 1, plain))


def test_financing_in_other_prices_needs_an_index() -> None:
    """C1."""
    source = {"name": "Own", "kind": "other", "first_year": 2026, "price_year": 2024, "amounts": ["100"]}

    with pytest.raises(MixedPriceYears):
        overview(resolved(line(1, "cost", "1"), financing=[source]))
    indexed = overview(
        resolved(line(1, "cost", "1"), financing=[source], within=frame(horizon_years=1, index=INDEX))
    )
    assert indexed.cover is not None
    assert indexed.cover.sources[0].amounts == figures(106)


def test_three_ledgers_are_never_added() -> None:
    """C7: hours, FTE and quality stand beside the money and are in none of its figures."""
    found = resolved(
        line(1, "benefit", "90"),
        line(2, "benefit", "120", ledger="time", unit_of_measure="minutes"),
        line(3, "cost", "1", ledger="time", unit_of_measure="hours"),
        line(4, "benefit", "2", ledger="time", unit_of_measure="FTE"),
        line(5, "benefit", "25", ledger="quality", unit_of_measure="points"),
        line(6, "benefit", "0.5", ledger="time", unit_of_measure="hours", alternative=ZERO),
        within=frame(horizon_years=1),
    )

    result, seen = evaluate(business_case(PROJECT, 1, found)), overview(found)

    assert result.benefits == figures(90)
    assert [(one.unit_of_measure, one.amounts) for one in seen.freed_time] == [
        ("FTE", figures(2)),
        ("hours", figures("0.5")),
    ]
    assert [(unit, amounts) for _, unit, amounts in seen.quality] == [("points", figures(25))]
    assert [one.net_present_value is None for one in seen.lines] == [False, True, True, True, True, True]


def test_time_becomes_money_only_through_a_stated_use() -> None:
    """C7."""
    assumptions = (assumed("freed", "100", "hours/year"), assumed("wage", "400", "NOK/hour"))
    saves = line(1, "benefit", "freed * wage")

    with pytest.raises(TimeWithoutUse) as refused:
        resolved(saves, assumptions=assumptions)
    assert refused.value.pointer == "/body/lines/0/use"
    assert flows(saves | {"use": "A post is not filled again"}, assumptions=assumptions)
    assert flows(line(1, "cost", "freed * wage"), assumptions=assumptions)


def test_a_figure_names_the_assumptions_behind_it() -> None:
    """E2."""
    assumptions = (
        LETTERS,
        assumed("postage", "list_price * 2", "NOK/letter"),
        assumed("list_price", "1", "NOK/letter"),
    )

    seen = overview(
        resolved(line(1, "cost", "letters * postage"), line(2, "cost", "5"), assumptions=assumptions)
    )

    assert [one.reads for one in seen.lines] == [("letters", "list_price", "postage"), ()]


def test_formulas_are_bounded_together() -> None:
    long = [line(number, "cost", "1 + " * 400 + "1") for number in range(30)]

    with pytest.raises(FormulasTooLong, match="48030"):
        model(*long)


def test_many_plain_amounts_are_no_formulas() -> None:
    yearly = {"pattern": "yearly", "amounts": ["999999999999999.99"] * 150}

    assert len(model(*(line(number, "cost", yearly) for number in range(200))).lines) == 200


def test_a_model_survives_its_document() -> None:
    ramp = {"shape": "s-curve", "years": 3}
    amounts = {"pattern": "recurring", "amount_per_year": "letters * postage", "ramp": ramp, "years": 2}
    written = document(
        line(1, "benefit", amounts, use="x", note="y", start_delays=[{"years": 0, "probability": "1"}]),
        line(2, "cost", once("-12.50")),
        line(3, "benefit", "1", ledger="time", unit_of_measure="FTE"),
        assumptions=(LETTERS, ranged("postage", "20", "15", "30", "NOK/letter")),
        risk_pool={"unit_id": line(1, "cost", "1")["unit_id"], "amount": "5.00"},
        origin={
            "general_case_id": line(9, "cost", "1")["id"],
            "publisher": "0184:1",
            "published_as": line(8, "cost", "1")["id"],
            "edition": 2,
            "sha256": "0",
        },
    )

    assert model_document(model_from(written)) == written


def test_a_changed_assumption_changes_every_line_that_uses_it() -> None:
    """C2."""
    lines = (line(1, "cost", "letters * postage"), line(2, "benefit", "letters * postage * 2"))
    found = resolve(model(*lines, assumptions=(LETTERS, POSTAGE)), frame(horizon_years=1))
    dearer = resolve(
        model(*lines, assumptions=(LETTERS, assumed("postage", "25", "NOK/letter"))), frame(horizon_years=1)
    )

    assert [line_flows(one, found.frame) for one in found.lines] == [figures(20000), figures(40000)]
    assert [line_flows(one, found.frame) for one in dearer.lines] == [figures(25000), figures(50000)]
    assert replace(dearer.model, assumptions=found.model.assumptions) == found.model
