"""The charts of the benefits service as pure functions: what is missing, and what the table says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree
from gevinst_benefits.domain.charts import (
    benefit_tree,
    cash_flow,
    gate_strip,
    npv_distribution,
    tornado,
)
from gevinst_benefits.domain.charts import planned_against_realised as realised
from gevinst_benefits.domain.gates.gates import Outcome, ProjectState
from gevinst_benefits.domain.money.reconciliation import YearFigures
from gevinst_benefits.domain.tree_picture.layout import layout_of
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.specification import View
from gevinst_shared.charts.words import TAGS, read_words
from gevinst_shared.values.money import MixedMoney, Money
from tests.benefits.trees import any_trees, telemedicine

PACKAGE = "gevinst_benefits"
NOK = Money(Decimal(1000), "NOK", 2026)
LANGUAGES = tuple(TAGS)


def view(language: str = "en", **members: Any) -> View:
    return View(read_words(PACKAGE, language), **members)


def figures(year: int, planned: int | None, booked: int | None, verified: int | None) -> YearFigures:
    return YearFigures(
        year=year,
        planned=planned,
        agreed=None,
        booked=booked,
        reversed=0,
        cost=0,
        verified=verified,
        verification_id=None,
        lines=(),
        units=(),
    )


def years(*of_benefits: tuple[YearFigures, ...], today: int = 2027) -> realised.Together:
    found = realised.together([realised.BenefitYears(NOK, one) for one in of_benefits], today=today)
    assert found is not None
    return found


def rows(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.specification["data"]["values"]
    return found


def test_a_year_sums_what_is_there_and_counts_what_is_missing() -> None:
    """B6: of two benefits one is verified; the sum is what is known, and the other is said to be missing."""
    found = years((figures(2026, 10000, 8000, 6000),), (figures(2026, 5000, None, None),))

    drawn = realised.chart("Unit", found, view())

    assert rows(drawn) == [
        {"year": 2026, "planned": 150.0, "booked": 80.0, "realised": 60.0, "missing": 1, "top": 150.0}
    ]
    assert drawn.notes == [
        "Not both booked and verified yet: 1 of 2 yearly benefits, in 2026. What is missing is not zero."
    ]
    assert drawn.tables[0].rows == (("2026", "150", "80", "60", "1 of 2"),)


def test_a_year_that_is_not_verified_is_no_bar_of_zero() -> None:
    drawn = realised.chart(None, years((figures(2026, 10000, None, None),)), view("nb"))

    assert "realised" not in rows(drawn)[0]
    assert drawn.tables[0].rows[0][3] == "ikke kjent ennå"
    assert "ingenting av det er både bokført og verifisert" in drawn.description


def test_nothing_is_missing_in_a_year_that_is_still_to_come() -> None:
    drawn = realised.chart(None, years((figures(2030, 10000, None, None),)), view())

    assert rows(drawn)[0]["missing"] == 0
    assert drawn.notes == []
    assert "nothing is due yet" in drawn.description


def test_money_of_two_kinds_is_in_no_chart() -> None:
    """C1."""
    other = replace(NOK, price_year=2025)
    one = (figures(2026, 1, None, None),)

    with pytest.raises(MixedMoney):
        realised.together([realised.BenefitYears(NOK, one), realised.BenefitYears(other, one)], today=2026)


def test_reversals_can_take_more_than_was_planned() -> None:
    drawn = realised.chart(None, years((figures(2026, 10000, -3000, 0),)), view("sv"))

    assert rows(drawn)[0]["booked"] == -30.0
    assert "−30" in drawn.tables[0].rows[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_every_figure_of_the_picture(language: str) -> None:
    found = years(*((figures(2026 + at, 12345 * at, 999 * at, 1001 * at),) for at in range(1, 5)))
    drawn = realised.chart("Æ & Ø", found, view(language))
    words = read_words(PACKAGE, language)

    for row, said in zip(rows(drawn), drawn.tables[0].rows, strict=True):
        named = [row["year"], *(row[name] for name in ("planned", "booked", "realised"))]
        assert list(said[:4]) == [
            str(named[0]),
            *(words.exact(Decimal(str(amount)).quantize(Decimal("0.01"))) for amount in named[1:]),
        ]


@given(any_trees(9))
def test_every_node_stands_in_the_picture_and_none_over_another(tree: BenefitTree) -> None:
    """B3: the boxes are those of the layout, for any tree."""
    drawn = benefit_tree.chart("Tree", benefit_tree.Drawn(tree, layout_of(tree)), view())
    if not tree.nodes:
        assert drawn.tables[0].rows
        return
    data = {one["name"]: one["values"] for one in drawn.specification["data"]}
    boxes = data["nodes"]

    assert [one["key"] for one in boxes] == [node.key for node in tree.nodes]
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )
    assert len(drawn.tables[0].rows) == len(tree.edges)
    assert sum(len(kind.branches) for kind in drawn.outline) == len(tree.nodes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_tree_has_the_same_fingerprint_and_each_language_its_own(language: str) -> None:
    tree = telemedicine()
    drawn = benefit_tree.Drawn(tree, layout_of(tree))

    first, second = (benefit_tree.chart("Tree", drawn, view(language)) for _ in range(2))
    dark = benefit_tree.chart("Tree", drawn, view(language, is_dark=True))
    others = {benefit_tree.chart("Tree", drawn, view(one)).fingerprint() for one in LANGUAGES}

    assert first.fingerprint() == second.fingerprint() != dark.fingerprint()
    assert len(others) == len(LANGUAGES)


def flow(costs: list[int], benefits: list[int], payback: int | None) -> cash_flow.CashFlow:
    net = [Decimal(gain - cost) for cost, gain in zip(costs, benefits, strict=True)]
    return cash_flow.CashFlow(
        project="A project",
        number=1,
        currency="NOK",
        price_year=2026,
        years=range(2026, 2026 + len(net)),
        costs=[Decimal(cost) for cost in costs],
        benefits=[Decimal(gain) for gain in benefits],
        net=net,
        accumulated=[sum(net[: at + 1], Decimal(0)) for at in range(len(net))],
        net_present_value=sum(net, Decimal(0)),
        payback_year=payback,
    )


def test_payback_is_a_line_through_its_year_and_is_said() -> None:
    paid, never = (
        cash_flow.chart(flow([9, 0], [0, 9], 2027), view()),
        cash_flow.chart(flow([9], [0], None), view()),
    )

    assert "paid back by the end of 2027" in paid.description
    assert "does not pay back" in never.description
    assert len(paid.specification["layer"]) == len(never.specification["layer"]) + 3


def bar(name: str, low: int | None, high: int | None) -> tornado.Bar:
    return tornado.Bar(
        name, "1", "2", None if low is None else Decimal(low), None if high is None else Decimal(high)
    )


def test_what_cannot_be_computed_is_in_the_table_and_said() -> None:
    """C5: a divisor of zero at one end."""
    bars = [bar("Wide", -5, 9), bar("By nothing", None, 3)]
    drawn = tornado.chart(tornado.Tornado("P", "NOK", 2026, Decimal(2), bars), view())

    assert [row["name"] for row in rows(drawn)] == ["Wide"]
    assert [row[0] for row in drawn.tables[0].rows] == ["Wide", "By nothing"]
    assert "1 of 2 assumptions alone can turn it" in drawn.description
    assert drawn.notes == ["Not drawn, because a value cannot be computed there: 1."]


def test_a_name_of_an_assumption_is_never_part_of_an_expression() -> None:
    """What people write stays data."""
    name = "'] + toString(1) + ['"
    drawn = tornado.chart(tornado.Tornado("P", "NOK", 2026, Decimal(2), [bar(name, 1, 3)]), view())

    def expressions(node: Any) -> list[str]:
        if isinstance(node, Mapping):
            own = [str(node[key]) for key in ("labelExpr", "expr", "test", "filter", "signal") if key in node]
            return own + [one for value in node.values() for one in expressions(value)]
        return [one for part in node for one in expressions(part)] if isinstance(node, list) else []

    assert not [one for one in expressions(drawn.specification) if "toString" in one]


def test_twenty_outcomes_stand_at_the_middles_of_their_twentieths() -> None:
    percentiles = {percent: Decimal(percent) for percent in range(1, 100)}

    found = npv_distribution.outcomes(percentiles)

    assert found[:2] == [Decimal("2.5"), Decimal("7.5")]
    assert (found[-1], len(found)) == (Decimal("97.5"), 20)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=99, max_size=99).map(sorted))
def test_no_outcome_below_zero_stands_among_the_gains(values: list[int]) -> None:
    percentiles = {percent: Decimal(value) for percent, value in enumerate(values, start=1)}
    known = npv_distribution.Distribution(
        "P",
        "NOK",
        2026,
        100,
        100,
        Decimal(0),
        percentiles[10],
        percentiles[50],
        percentiles[90],
        Decimal("0.5"),
        percentiles,
    )

    drawn = npv_distribution.chart("P", known, view())

    for row in rows(drawn):
        assert row["is_loss"] == (row["outcome"] < 0)
        assert (row["at"] < 0) == (row["outcome"] < 0)
    # No dot stands over another.
    assert len({(row["at"], row["level"]) for row in rows(drawn)}) == 20


def test_years_in_a_row_are_said_as_one_span() -> None:
    found = years(*((figures(year, 1000, None, None),) for year in (2022, 2023, 2024, 2026)))

    (note,) = realised.chart(None, found, view()).notes

    assert "in 2022–2024, 2026." in note


def test_of_gates_that_were_decided_on_one_day_the_last_is_told() -> None:
    day = date(2026, 3, 1)
    phases = [
        gate_strip.PhaseOfStrip("Idea", "passed", gate_strip.GateOfStrip("BP1", "Start", Outcome.GO, day)),
        gate_strip.PhaseOfStrip("Concept", "passed", gate_strip.GateOfStrip("BP2", "Plan", Outcome.GO, day)),
    ]

    drawn = gate_strip.chart(gate_strip.Strip("P", ProjectState.RUNNING, phases), view())

    assert "Last decision: Plan: Go" in drawn.description


def test_a_strip_says_where_the_project_is_and_what_must_be_decided_again() -> None:
    """G1, G7."""
    gate = gate_strip.GateOfStrip("BP1", "Start", Outcome.GO, date(2026, 3, 1), is_reopened=True)
    phases = [
        gate_strip.PhaseOfStrip("Idea", "passed", gate),
        gate_strip.PhaseOfStrip("Concept", "current", gate_strip.GateOfStrip("BP2", "Plan")),
    ]

    drawn = gate_strip.chart(gate_strip.Strip("P", ProjectState.REOPENED, phases), view())

    assert drawn.description == (
        "In the phase Concept, 2 of 2; to be decided again. "
        "Last decision: Start: Go, 1 Mar 2026 (to be decided again)."
    )
    assert drawn.tables[0].rows[1] == ("Concept", "now here", "Plan", "not decided")
