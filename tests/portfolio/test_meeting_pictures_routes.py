"""The pictures of a meeting's paper are the charts of the plans that it shall decide (P3, P6, P7, P8)."""

import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import Renderer
from tests.portfolio.planned import open_world, propose, publish, solved
from tests.portfolio.scoring_world import BENEFIT, model, score
from tests.portfolio.test_analyses_routes import analysed
from tests.portfolio.test_meeting_paper_routes import DOCX, PDF, paper
from tests.portfolio.test_meetings_routes import called, item, meeting
from tests.portfolio.test_storms_routes import developers
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk
from tests.support.paper_reading import docx_text, pdf_text, tags


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def description(world: World, path: str, language: str) -> str:
    """What the chart says of itself."""
    headers = {"Accept": "image/svg+xml", "Accept-Language": language}
    answer = await world.office.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(fromstring(answer.text)[1].text)


async def with_plan(world: World) -> tuple[str, str, str]:
    """The ids of a meeting that was called, of its scenario, and of the frontier that somebody asked for."""
    said = (await model(world, BENEFIT))["criteria"]
    needs = [{"resource_id": (await developers(world))["id"], "amounts": [3, 1]}]
    for name, points in (("Archive", 5), ("Booking", 3), ("Counter", 4)):
        project = await propose(world, name, needs=needs)
        await score(world.office, project, {said[0]["id"]: points})
    scenario = await solved(world)
    await publish(world, scenario["id"])
    frontier = await analysed(world, scenario["id"], "frontier", points=4)
    found, _ = await called(world, kind="scenario", name="Plan for 2027", scenario_id=scenario["id"])
    return found["id"], scenario["id"], frontier["id"]


@pytest.mark.parametrize("language", ["nb", "da"])
async def test_pictures_say_what_the_charts_say(world: World, language: str) -> None:
    meeting_id, scenario_id, analysis_id = await with_plan(world)
    charts = (
        f"/analyses/{analysis_id}/charts/efficient-frontier",
        f"/scenarios/{scenario_id}/charts/roadmap",
        f"/scenarios/{scenario_id}/charts/load-map",
    )

    printed = await paper(world, meeting_id, PDF, language)

    found = [str(one["/Alt"]) for one in tags(printed.content) if one["/S"] == "/Figure"]
    assert found == [await description(world, path, language) for path in charts]
    of_projects = await description(world, f"/portfolios/{world.portfolio_id}/charts/bubbles", language)
    assert re.sub(r"\s+", " ", of_projects) in pdf_text(printed.content)  # nothing to draw yet
    again = await paper(world, meeting_id, PDF, language)
    assert again.content == printed.content
    assert again.headers["etag"] == printed.headers["etag"]


async def test_a_paper_comes_with_rows_when_there_is_nobody_to_draw(world: World) -> None:
    """It has no tag: the next one may be whole again."""
    meeting_id, scenario_id, _ = await with_plan(world)
    said = await description(world, f"/scenarios/{scenario_id}/charts/roadmap", "en")
    house = world.desk.app.state.house
    full = Pictures(Renderer(processes=1, most_waiting=0), room=0)
    world.desk.app.state.house = replace(house, pictures=full)
    try:
        answer = await paper(world, meeting_id, DOCX)
    finally:
        world.desk.app.state.house = house

    text = docx_text(answer.content)
    assert re.sub(r"\s+", " ", f"is not shown as a picture here. {said}") in text
    assert "Archive Proposed" in text
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_a_plan_that_nobody_asked_the_frontier_of_has_the_other_pictures(world: World) -> None:
    await propose(world, "Archive")
    scenario = await solved(world)
    await publish(world, scenario["id"])
    found, _ = await called(world, kind="scenario", name="Plan", scenario_id=scenario["id"])

    printed = await paper(world, found["id"], PDF)

    assert [one["/S"] for one in tags(printed.content)].count("/Figure") == 1


async def test_scenarios_beyond_those_that_are_shown_are_counted_and_named(world: World) -> None:
    """P7: nine are to be decided; eight are told at length, four side by side."""
    await propose(world, "Archive")
    ids = []
    for place in range(9):
        scenario = await solved(world, name=f"Plan {place}")
        await publish(world, scenario["id"])
        ids.append(scenario["id"])
    found = (await meeting(world))["id"]
    for place, scenario_id in enumerate(ids):
        await item(world, found, kind="scenario", name=f"Item {place}", scenario_id=scenario_id)

    text = docx_text((await paper(world, found, DOCX)).content)

    assert "Not shown here: 5." in text
    assert text.count("This scenario is not shown here. It can be read at") == 1
    assert f"/portfolio/v1/scenarios/{ids[-1]}." in text
