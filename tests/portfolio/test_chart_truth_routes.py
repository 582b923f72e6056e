"""Every form of every chart of this service says the figures of the JSON operation, in all languages.

Money stands in tables with its hundredths; points, levels, loads and values rounded to hundredths, shares of
a capacity or of today's money to whole percents; what is not known is said to be so, and is nowhere zero.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.portfolio.planned import open_world, propose, read, solved
from tests.portfolio.scoring_world import BENEFIT, central, model, score
from tests.portfolio.test_analyses_routes import analysed
from tests.portfolio.test_storms_routes import developers
from tests.portfolio.world import World, made, make_world
from tests.support.callers import Desk
from tests.support.chart_reading import (
    LANGUAGES,
    Cell,
    ReadChart,
    check_table,
    day_text,
    holds_all,
    missing,
    number,
    read_chart,
)
from tests.support.days import today

PACKAGE = "gevinst_portfolio"
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def rounded(value: Any, places: int = 2) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), places)


def amount(project: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(project[name]["amount"]) if name in project else None


def day(project: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(project[name]) if name in project else None


async def bubble_world(world: World) -> None:
    """Four projects: one whole, one without a cost, one without a concept, one without points."""
    (criterion,) = (await model(world, BENEFIT))["criteria"]
    for name, value, level, cost in (
        ("Whole", 5, 4, "4000000.50"),
        ("No cost", 4, 5, None),
        ("No concept", 3, None, "2500000.00"),
        ("No points", None, 3, "1000000.00"),
    ):
        members = {} if cost is None else {"cost": cost}
        project = await central(world, name, **members)
        if value is not None:
            await score(world.office, project, {criterion["id"]: value})
        if level is not None:
            feasibility = [
                {"dimension": "technical", "level": level, "reason": "So"},
                {"dimension": "organisational", "level": 5, "reason": "So"},
            ]
            concept = {"name": "Buy", "is_recommended": True, "feasibility": feasibility}
            await made(world.office, f"/projects/{project['id']}/concepts", concept)


@in_every_language
async def test_the_bubbles(world: World, language: str) -> None:
    """P6, P9."""
    await bubble_world(world)
    ranking = (await read(world.office, f"/portfolios/{world.portfolio_id}/scores"))["items"]
    figures: dict[str, list[Cell]] = {}
    for one in ranking:
        project = await read(world.office, f"/projects/{one['project_id']}")
        concepts = (await read(world.office, f"/projects/{one['project_id']}/concepts"))["items"]
        levels = [found["level"] for concept in concepts for found in concept["feasibility"]]
        weakest = Decimal(min(levels)) if levels else None
        figures[project["name"]] = [rounded(one["total"].get("points")), weakest, amount(project, "cost")]

    chart = await read_chart(world.office, f"/portfolios/{world.portfolio_id}/charts/bubbles", language)

    without_status = replaced(chart, column=1)
    check_table(without_status, PACKAGE, [[name, *parts] for name, parts in figures.items()])
    drawn = {name: parts for name, parts in figures.items() if None not in parts[:2]}
    assert {row["name"]: [row["value"], row["feasibility"], row.get("cost")] for row in chart.rows} == {
        name: [None if one is None else float(str(one)) for one in parts] for name, parts in drawn.items()
    }
    assert set(drawn) == {"Whole", "No cost"}
    (points, _, cost) = figures["Whole"]
    assert isinstance(points, Decimal)
    assert isinstance(cost, Decimal)
    # Both are in the upper half; the cost of one is known.
    assert holds_all(chart.numbers_said(), [2, 4, cost, 2026, points, 2, 1])
    assert set(drawn) <= chart.labels


def replaced(chart: ReadChart, *, column: int) -> ReadChart:
    """The chart whose table has no such column: it holds words."""
    rows = [[*row[:column], *row[column + 1 :]] for row in chart.tables[0]]
    return ReadChart(
        chart.language,
        chart.specification,
        chart.title,
        chart.description,
        chart.labels,
        (rows, *chart.tables[1:]),
        chart.outline,
    )


@in_every_language
async def test_the_roadmap(world: World, language: str) -> None:
    """Over the end of a year, without an end, and without a start."""
    await propose(world, "Early", start="2026-12-31", end="2027-01-01")
    await world.project(name="On and on", start="2027-06-30")
    await world.project(name="Some day")
    projects = (await read(world.office, "/projects", portfolio=world.portfolio_id))["items"]
    figures = {one["name"]: [day(one, "start"), day(one, "end")] for one in projects}

    chart = await read_chart(world.office, f"/portfolios/{world.portfolio_id}/charts/roadmap", language)

    without_status = replaced(chart, column=1)
    rows = sorted(without_status.tables[0])
    assert {name: list(said) for name, *said in rows} == {
        name: [missing(PACKAGE, language) if one is None else day_text(one, language) for one in days]
        for name, days in figures.items()
    }
    assert {row["name"]: (row["start"], row.get("end")) for row in chart.rows} == {
        "Early": ("2026-12-31", "2027-01-01"),
        "On and on": ("2027-06-30", None),
    }
    at_present = day_text(today(), language)
    first, last = (day_text(one, language) for one in (date(2026, 12, 31), date(2027, 6, 30)))
    # Two are drawn, none is under way; one has no start, one no end.
    assert holds_all(chart.numbers_said(first, last, at_present, "Some day"), [2, 0, 1, 1])
    assert {"Early", "On and on"} <= chart.labels


@in_every_language
async def test_the_load_map(world: World, language: str) -> None:
    """P3, P4: a load above the capacity, and one of a resource without any."""
    resource = await developers(world)
    nobody = await made(world.office, "/resources", {"name": "Nobody", "kind": "role"})
    needs = [
        {"resource_id": resource["id"], "amounts": [3.25, 3, 5]},
        {"resource_id": nobody["id"], "amounts": [2]},
    ]
    await propose(world, "Both", needs=needs)
    storms = await read(world.office, f"/portfolios/{world.portfolio_id}/storms")
    known = {
        (one["resource_name"], quarter["quarter"]): quarter
        for one in storms["resources"]
        for quarter in one["quarters"]
    }

    chart = await read_chart(world.office, f"/portfolios/{world.portfolio_id}/charts/load-map", language)

    figures = {key: (one["load"], one.get("capacity")) for key, one in known.items()}
    shown = {(row[0], row[1]): row[2:5] for row in chart.tables[0]}
    assert len(shown) == len(chart.tables[0])
    assert shown.keys() <= figures.keys()
    for key, (load, capacity, share) in shown.items():
        told = figures[key]
        assert number(load, language) == rounded(told[0])
        assert (capacity == missing(PACKAGE, language)) == (told[1] is None)
        if told[1]:
            assert number(capacity, language) == rounded(told[1])
            assert number(share, language) == rounded(told[0] / told[1])
    assert len(chart.rows) == len(shown)
    for row, (key, _) in zip(chart.rows, shown.items(), strict=True):
        assert (row["load"], row.get("capacity")) == figures[key]
        assert row["text"] in chart.labels
    quarters = chart.specification["encoding"]["x"]["scale"]["domain"]
    assert {key[1] for key in shown} <= set(quarters)
    over = [key for key in shown if (figures[key][1] or 99) < figures[key][0]]
    (worst,) = over
    unknown = sum(1 for key in shown if figures[key][1] is None and figures[key][0])
    load, capacity = figures[worst]
    assert holds_all(
        chart.numbers_said(quarters[0], quarters[-1], worst[1]), [1, load, capacity, load / capacity, unknown]
    )


@pytest.mark.slow
async def test_the_frontier_and_the_scenarios_charts(world: World) -> None:
    """P7: also an amount with which no plan keeps all rules."""
    for name, benefit in (("Best", "30000000.00"), ("Good", "20000000.00"), ("Poor", "5000000.00")):
        await propose(world, name, benefit=benefit)
    plan = await solved(world)
    found = (await analysed(world, plan["id"], "frontier", points=4))["frontier"]
    selected = (await read(world.office, f"/scenarios/{plan['id']}/plan"))["selected"]
    analysis = (await read(world.office, f"/scenarios/{plan['id']}/analyses"))["items"][0]["id"]

    for language in LANGUAGES:
        chart = await read_chart(world.office, f"/analyses/{analysis}/charts/efficient-frontier", language)
        check_frontier(chart, found["points"])
        roadmap = await read_chart(world.office, f"/scenarios/{plan['id']}/charts/roadmap", language)
        rows = replaced(roadmap, column=1).tables[0]
        assert sorted(rows) == sorted(
            [
                one["project_name"],
                *(day_text(date.fromisoformat(one[name]), language) for name in ("starts_on", "ends_on")),
            ]
            for one in selected
        )


def check_frontier(chart: ReadChart, points: Sequence[dict[str, Any]]) -> None:
    language = chart.language
    for row, point in zip(chart.tables[0], points, strict=True):
        assert number(row[0], language) == Decimal(point["money"]["amount"])
        assert number(row[1], language) == rounded(point["factor"])
        assert number(row[4], language) == len(point["selected"])
        for cell, name in ((row[2], "value"), (row[3], "bound")):
            if name in point:
                assert number(cell, language) == rounded(point[name])
            else:
                assert not any(character.isdigit() for character in cell)
    valued = [one for one in points if "value" in one]
    assert [(row["money"], row["value"]) for row in chart.rows] == [
        (float(one["money"]["amount"]), one["value"]) for one in valued
    ]
    today = min(valued, key=lambda one: (abs(one["factor"] - 1), one["factor"]))
    ends = [Decimal(one["money"]["amount"]) for one in (today, valued[0], valued[-1])]
    values = [one["value"] for one in (today, valued[0], valued[-1])]
    said = [one for one in chart.numbers_said() if one.value != len(points) - len(valued)]
    known = [*ends, *values, 2026]
    assert all(any(one.is_of(Decimal(str(figure))) for one in said) for figure in known)


@in_every_language
@pytest.mark.parametrize("name", ["bubbles", "roadmap", "load-map"])
async def test_nothing_is_said_to_be_nothing(world: World, name: str, language: str) -> None:
    """No table of zeros where there is nothing: one sentence, the same everywhere."""
    chart = await read_chart(world.office, f"/portfolios/{world.portfolio_id}/charts/{name}", language)

    assert chart.tables == ([[chart.description]],)
    assert all(one.value == 0 for one in chart.numbers_said())
