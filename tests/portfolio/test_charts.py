"""The charts of the portfolio service as pure functions: places of names, what is missing or too much."""

from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.charts import bubbles, frontier, load_map, roadmap
from gevinst_portfolio.domain.charts.label_places import Mark, Place, label_places
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.labels import text_width
from gevinst_shared.charts.specification import View
from gevinst_shared.charts.words import TAGS, read_words

LANGUAGES = tuple(TAGS)
TODAY = date(2026, 11, 22)
marks = st.lists(
    st.builds(
        Mark,
        st.floats(0, 600),
        st.floats(0, 360),
        st.floats(0, 30),
        st.text("abcdefgæøå ", min_size=1, max_size=25),
    ),
    max_size=25,
)


def view(language: str = "en", **members: Any) -> View:
    return View(read_words("gevinst_portfolio", language), **members)


def rows(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.specification["data"]["values"]
    return found


@given(marks)
def test_no_name_stands_over_another_over_a_mark_or_outside(found: list[Mark]) -> None:
    places = label_places(found, width=600, height=360)
    named = [(mark, place) for mark, place in zip(found, places, strict=True) if place is not None]

    for (one, here), (other, there) in combinations(named, 2):
        is_apart = (
            here.x + text_width(one.name, 12) <= there.x
            or there.x + text_width(other.name, 12) <= here.x
            or abs(here.y - there.y) >= 14 - 1e-9
        )
        assert is_apart
    for mark, place in named:
        assert 0 <= place.x <= place.x + text_width(mark.name, 12) <= 600
        for other in found:
            is_inside = place.x < other.x < place.x + text_width(mark.name, 12)
            assert not (is_inside and abs(place.y - other.y) < 7 and other.radius > 0.1)


def test_a_name_stands_to_the_right_where_there_is_room() -> None:
    (place,) = label_places([Mark(100, 100, 10, "il")], width=600, height=360)

    assert place == Place(114, 100)


def bubble(name: str, value: float | None = 60, feasibility: float | None = 4, cost: int | None = 5) -> Any:
    return bubbles.Bubble(name, True, value, feasibility, None if cost is None else Decimal(cost))


def portfolio(*projects: Any) -> bubbles.Bubbles:
    return bubbles.Bubbles("Ours", "NOK", 2026, None, 1, 5, projects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_said_and_stands_in_the_table_only(language: str) -> None:
    """Missing is not zero."""
    found = portfolio(bubble("Known"), bubble("No value", value=None), bubble("No cost", cost=None))

    drawn = bubbles.chart(found, view(language))

    assert [row["name"] for row in rows(drawn)] == ["Known", "No cost"]
    assert "cost" not in rows(drawn)[1]
    assert [row[0] for row in drawn.tables[0].rows] == ["Known", "No value", "No cost"]
    missing = read_words("gevinst_portfolio", language).say("missing")
    assert (drawn.tables[0].rows[1][2], drawn.tables[0].rows[2][4]) == (missing, missing)
    assert len(drawn.notes) == 2


def test_a_portfolio_of_projects_without_cost_is_drawn_and_costs_not_nothing() -> None:
    """Missing is not zero, also in what is said."""
    drawn = bubbles.chart(portfolio(bubble("No cost", cost=None)), view())

    assert len(rows(drawn)) == 1
    assert "what they cost is not known" in drawn.description
    assert "NOK" not in drawn.description


def test_today_is_the_point_nearest_to_the_money_that_there_is() -> None:
    points = [
        frontier.Point(factor, Decimal(int(factor * 100)), value, value, 1, ())
        for factor, value in ((0.5, 10.0), (0.95, 20.0), (1.5, 25.0))
    ]
    none = frontier.Point(0.1, Decimal(10), None, None, 0, ())

    drawn = frontier.chart(frontier.Frontier("S", "NOK", 2026, [none, *points]), view())

    assert drawn.description.startswith("With 95\u00a0NOK the best plan found is worth 20.")
    assert drawn.notes == ["Amounts with which no plan keeps all rules: 1."]
    assert [row["value"] for row in rows(drawn)] == [10.0, 20.0, 25.0]
    assert drawn.tables[0].rows[0][2] == "no plan"


def stretch(name: str, start: date | None, end: date | None) -> roadmap.Stretch:
    return roadmap.Stretch(name, "decided", start, end)


def test_a_project_without_an_end_goes_on_and_one_without_a_start_is_named() -> None:
    known = stretch("Known", date(2026, 1, 1), date(2027, 6, 30))
    found = [stretch("On", date(2026, 2, 1), None), known, stretch("Some day", None, None)]

    drawn = roadmap.chart(roadmap.Roadmap("Ours", TODAY, found), view())

    assert [(row["name"], row.get("end"), row["until"]) for row in rows(drawn)] == [
        ("Known", "2027-06-30", "2027-07-01"),
        ("On", None, "2027-07-01"),
    ]
    assert drawn.notes == [
        "Without a start, so nowhere here: 1 (Some day).",
        "Without an end, so an arrow: 1.",
    ]
    assert "2 are decided and under way on 22 Nov 2026" in drawn.description


def test_more_bars_than_can_be_read_stand_in_the_table() -> None:
    found = [stretch(f"P{number}", date(2026, 1, 1), None) for number in range(70)]

    drawn = roadmap.chart(roadmap.Roadmap("Ours", TODAY, found), view())

    assert (len(rows(drawn)), len(drawn.tables[0].rows)) == (60, 70)
    assert drawn.notes[-1] == "Those that begin last stand in the table only: 10."


def test_the_worst_overload_is_the_message() -> None:
    """P3: 5 of 4 is 125 %; a quarter without a stated capacity is no overload."""
    cells = [
        load_map.Cell("2027-Q1", 4, 5),
        load_map.Cell("2027-Q2", None, 3),
        load_map.Cell("2027-Q3", 4, 1),
    ]
    quarters = [cell.quarter for cell in cells]
    found = load_map.LoadMap("Ours", quarters, [load_map.Row("Developers", "months", False, cells)])

    drawn = load_map.chart(found, view())

    assert "Worst is Developers in 2027-Q1: 5 of 4 (125%)" in drawn.description
    assert [(row["band"], row["text"]) for row in rows(drawn)] == [
        ("over", "125!"),
        ("unknown", "3?"),
        ("some", "25"),
    ]
    assert drawn.notes == ["Quarters without a stated capacity, where the load itself is shown: 1."]


def test_a_capacity_of_nothing_is_overloaded_and_not_divided_by() -> None:
    cells = [load_map.Cell("2027-Q1", 0, 2)]
    found = load_map.LoadMap("Ours", ["2027-Q1"], [load_map.Row("Nobody", "months", False, cells)])

    drawn = load_map.chart(found, view("nb"))

    assert rows(drawn)[0]["band"] == "over"
    assert "ingenting der" in drawn.description
