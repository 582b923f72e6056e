"""X4: the potential of many bodies as one chart: in which unit, who is drawn, what is said of the others."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.charts import joint_potential as potential_chart
from gevinst_benefits.domain.joint_potential import (
    JointPotential,
    Standing,
    Unit,
    UnitAsked,
    joint_potential,
)
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.specification import View
from gevinst_shared.charts.words import TAGS, read_words
from gevinst_shared.values.joint_body import Held, JointLine, JointView
from tests.benefits.joint_lines import DKK, NOK, Line, body, line, money

LANGUAGES = tuple(TAGS)
ANY = UnitAsked()
figure = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


def drawn(lines: Sequence[Line], asked: UnitAsked = ANY, language: str = "en", **view: Any) -> Chart:
    found = joint_potential(JointView(lines), asked)
    return potential_chart.chart(None, found, View(read_words("gevinst_benefits", language), **view))


def bars(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.specification["data"]["values"]
    return [one for one in found if "said" in one]


def standings(found: JointPotential) -> dict[str | None, Standing]:
    return {one.body.name: one.standing for one in found.bodies}


def test_the_largest_stands_first_and_the_sum_is_of_what_is_drawn() -> None:
    """Two and a half million and one and a half, of which two are confirmed."""
    chart = drawn(
        [line("Ås", {NOK: money(500_000, 1_000_000)}), line("Oslo", {NOK: money(1_500_000, 1_000_000)})]
    )

    assert [(one["name"], one["confirmed"], one["unconfirmed"]) for one in bars(chart)] == [
        ("Oslo", 1_500_000.0, 1_000_000.0),
        ("Ås", 500_000.0, 1_000_000.0),
    ]
    assert chart.description.replace("\u00a0", " ") == (
        "4 million NOK in a full year at 2026 prices, of which owners have confirmed 2 million NOK; "
        "told by 2 of 2 bodies. Most falls with Oslo: 2.5 million NOK."
    )
    assert chart.notes == []


def test_missing_is_no_bar_and_is_named() -> None:
    """B6: what is told as nothing is zero, and what is not told is not."""
    lines = [
        line(None, {NOK: money(1)}),
        line("None", projects=2),
        line("Silent", projects=3, missing=3),
        line("Nothing", projects=0),
        line("Unclear", projects=0, undecided=2),
        line("Partly", {NOK: money(2)}, projects=5, missing=2),
    ]

    chart = drawn(lines)

    assert [one["name"] for one in bars(chart)] == ["Partly", "Your organisation"]
    assert chart.tables[0].rows == (
        ("Partly", "2", "0", "2", "3 of 5"),
        ("Your organisation", "1", "0", "1", "1 of 1"),
        ("None", "0", "0", "0", "2 of 2"),
        ("Silent", *["not known yet"] * 3, "0 of 3"),
        ("Unclear", *["not known yet"] * 3, "cannot be told which"),
        ("Nothing", *["not known yet"] * 3, "no project known"),
    )
    assert chart.notes == [
        "Not known of 3 of 6 bodies: Silent, Unclear, Nothing. What is missing is not zero.",
        "Of these bodies' 8 projects, 2 do not tell it.",
        "More projects of which nobody can tell whether they are asked for: 2.",
        "Bodies known to have none in money: 1.",
    ]


def test_of_ourselves_everything_is_known() -> None:
    found = joint_potential(JointView([line(None, projects=0)]), ANY)

    assert standings(found) == {None: Standing.NONE_IN_MONEY}


@pytest.mark.parametrize(
    ("asked", "unit", "elsewhere"),
    [
        (ANY, DKK, [(NOK, 1), (Unit("NOK", 2027), 1)]),
        (UnitAsked(currency="NOK"), Unit("NOK", 2027), [(DKK, 2), (NOK, 1)]),
        (UnitAsked(price_year=2026), NOK, [(DKK, 2), (Unit("NOK", 2027), 1)]),
        (UnitAsked("NOK", 2026), NOK, [(DKK, 2), (Unit("NOK", 2027), 1)]),
        (UnitAsked("NOK", 2025), None, [(DKK, 2), (NOK, 1), (Unit("NOK", 2027), 1)]),
        (UnitAsked("SEK"), None, [(DKK, 2), (NOK, 1), (Unit("NOK", 2027), 1)]),
    ],
)
def test_one_unit_is_drawn_and_the_others_are_said(
    asked: UnitAsked, unit: Unit | None, elsewhere: list[tuple[Unit, int]]
) -> None:
    """C1: that of most bodies, and where as many state two, the later one."""
    lines = [
        line(None, {NOK: money(10**9), Unit("NOK", 2027): money(10**9)}),
        line("First", {DKK: money(1)}),
        line("Second", {DKK: money(2)}),
    ]

    found = joint_potential(JointView(lines), asked)
    chart = drawn(lines, asked)

    assert (found.unit, found.elsewhere) == (unit, elsewhere)
    assert chart.is_empty == (unit is None)
    assert len(chart.tables[0].rows) == 3
    for other, bodies in elsewhere:
        assert f"{other.currency} at {other.price_year} prices ({bodies})" in chart.spoken


def test_what_is_in_no_unit_says_so() -> None:
    lines = [line("Body", {NOK: money(1)})]

    said = [
        drawn(lines, asked).description
        for asked in (UnitAsked("SEK", 2020), UnitAsked("SEK"), UnitAsked(price_year=2020))
    ]

    assert [one.rpartition(": ")[2] for one in said] == ["SEK at 2020 prices.", "SEK.", "2020 prices."]
    assert drawn([line("Body")]).description == "No body here has told what its benefits give in money."
    assert drawn([]).is_empty


def test_after_a_restore_no_partner_is_drawn_until_all_were_read() -> None:
    """0040: also who was read anew is not compared with those who were not."""
    lines = [
        line(None, {NOK: money(5)}),
        line("Read", {DKK: money(7)}),
        JointLine(body("Held", Held.HAS_NOT_READ_US), None),
    ]

    chart, without_us = drawn(lines), drawn(lines[1:])

    assert [one["confirmed"] for one in bars(chart)] == [5.0]
    assert chart.tables[0].rows[1:] == (
        ("Held", *["held back"] * 3, "held since your restore"),
        ("Read", *["held back"] * 3, "left out meanwhile"),
    )
    assert "1 of the partners (Held)" in chart.spoken
    assert "DKK" not in chart.spoken
    assert without_us.is_empty
    assert without_us.description == "There is nothing to draw while partners are held."
    assert "1 of the partners (Held)" in without_us.spoken


def test_of_many_bodies_the_largest_are_bars_and_all_stand_in_the_table() -> None:
    chart = drawn([line(f"Body {at}", {NOK: money(at)}) for at in range(98)], language="nb")

    (rest,) = (one for one in chart.specification["data"]["values"] if "rest" in one)
    assert [one["confirmed"] for one in bars(chart)] == [float(at) for at in range(97, 67, -1)]
    # 0 + 1 + … + 67.
    assert rest == {"place": 30, "rest": "til sammen 2\u00a0278\u00a0kr"}
    assert chart.specification["params"][0]["value"][-1] == ["… og 68 til"]
    assert len(chart.tables[0].rows) == 98


def test_many_names_are_counted_and_long_ones_cut() -> None:
    lines = [line(f"{at} {'long ' * 90}", missing=1) for at in range(9)]

    (note,) = drawn([line(None, {NOK: money(1)}), *lines]).notes

    assert note.endswith("… and 4 more. What is missing is not zero.")
    assert len(note) < 400


@given(st.lists(st.tuples(figure, figure), min_size=1, max_size=40))
def test_a_bar_is_as_long_as_what_it_says(figures: list[tuple[Decimal, Decimal]]) -> None:
    """What is below zero hides nothing of what is above; what is not drawn is in the sum of the rest."""
    lines = [line(f"Body {at}", {NOK: money(*one)}) for at, one in enumerate(figures)]
    chart = drawn(lines)

    shown = bars(chart)
    sums = sorted((float(sum(one)) for one in figures), reverse=True)
    assert [round(one["confirmed"] + one["unconfirmed"], 2) for one in shown] == pytest.approx(sums[:30])
    for one in shown:
        assert one["to"] - one["from"] == pytest.approx(one["unconfirmed"], abs=0.01)
        assert one["from"] in {0.0, one["confirmed"]}
        assert (one["at"] >= max(0, one["confirmed"], one["to"])) or (
            one["at"] <= min(0, one["confirmed"], one["to"])
        )
    lowest, highest = chart.specification["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert all(lowest <= one[name] <= highest for one in shown for name in ("confirmed", "to", "at"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_whole_in_every_language(language: str) -> None:
    lines = [
        line(None, {NOK: money(3, 4, in_transit=5)}),
        line("Partly", {NOK: money(1)}, projects=2, missing=1, undecided=1),
        line("Elsewhere", {DKK: money(1)}),
        line("Silent", missing=1),
        line("None"),
        *(line(f"Body {at}", {NOK: money(1)}) for at in range(30)),
    ]
    held: Line = JointLine(body("Held", Held.NOT_READ_IN_FULL), None)

    charts = [
        drawn(lines, asked, language) for asked in (ANY, UnitAsked("SEK", 2020), UnitAsked(price_year=1))
    ]
    charts += [drawn(every, ANY, language) for every in ([*lines, held], [held], [line("None")])]

    for chart in charts:
        assert not any(mark in f"{chart.title} {chart.spoken}" for mark in "{}")
        assert len(chart.tables[0].columns) == 5
        assert chart.language == language
    assert [len(chart.notes) for chart in charts] == [6, 5, 5, 2, 1, 1]
