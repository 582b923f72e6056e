"""Each chart of the portfolio service holds the figures that its JSON operation answers, in all languages."""

from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import Renderer
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.planned import open_world, propose, read, solved
from tests.portfolio.scoring_world import BENEFIT, RISK, central, model, score
from tests.portfolio.test_analyses_routes import analysed
from tests.portfolio.test_storms_routes import developers
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

LANGUAGES = ("en", "nb", "nn", "da", "sv")


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def drawn(world: World, path: str, language: str = "en") -> list[dict[str, Any]]:
    """The rows of the specification; the picture and the table are asked for on the way."""
    headers = {"Accept-Language": language}
    answer = await world.office.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    picture = await world.office.get(path, headers=headers | {"Accept": "image/svg+xml"})
    page = await world.office.get(path, headers=headers | {"Accept": "text/html"})
    assert (picture.status_code, page.status_code) == (200, 200), picture.text
    title, description = (element.text or "" for element in fromstring(picture.text)[:2])
    assert title in page.text
    assert any(character.isdigit() for character in description), description
    rows: list[dict[str, Any]] = answer.json()["data"]["values"]
    return rows


def charts(world: World, name: str) -> str:
    return f"/portfolios/{world.portfolio_id}/charts/{name}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_bubbles_stand_where_ranking_and_criterion_say(world: World, language: str) -> None:
    """P6: value is the ranking's, a criterion may stand to the right; what is not scored stands nowhere."""
    said = (await model(world, BENEFIT, RISK))["criteria"]
    benefit, risk = (one["id"] for one in said)
    best = await central(world, "Best", cost="4000000.00")
    await central(world, "Not scored")
    await score(world.office, best, {benefit: 5, risk: 2})
    ranking = (await world.office.get(f"/portfolios/{world.portfolio_id}/scores")).json()["items"]

    rows = await drawn(world, f"{charts(world, 'bubbles')}?criterion={risk}", language)

    (row,) = rows
    assert (row["name"], row["value"], row["cost"]) == ("Best", ranking[0]["total"]["points"], 4_000_000.0)
    assert row["feasibility"] == 75.0


async def test_without_a_criterion_bubbles_stand_by_the_weakest_feasibility(world: World) -> None:
    """P9: of the recommended concept; and a project without one is named in the table only."""
    said = (await model(world, BENEFIT))["criteria"]
    best = await central(world, "Best")
    other = await central(world, "Without concept")
    for one in (best, other):
        await score(world.office, one, {said[0]["id"]: 5})
    levels = [("technical", 4), ("organisational", 2)]
    feasibility = [{"dimension": one, "level": level, "reason": "So"} for one, level in levels]
    body = {"name": "Buy", "is_recommended": True, "feasibility": feasibility}
    made = await world.office.post(f"/projects/{best['id']}/concepts", json=body)
    assert made.status_code == 201, made.text

    rows = await drawn(world, charts(world, "bubbles"))
    page = await world.office.get(charts(world, "bubbles"), headers={"Accept": "text/html"})

    assert [(row["name"], row["feasibility"]) for row in rows] == [("Best", 2.0)]
    assert "Without concept" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_load_map_is_that_of_the_storms(world: World, language: str) -> None:
    """P3, P4."""
    resource = await developers(world)
    needs = [{"resource_id": resource["id"], "amounts": [3, 3, 5]}]
    await propose(world, "Both", needs=needs)
    storms = await read(world.office, f"/portfolios/{world.portfolio_id}/storms")
    known = {one["quarter"]: one for one in storms["resources"][0]["quarters"]}

    rows = await drawn(world, charts(world, "load-map"), language)

    assert rows
    for row in rows:
        assert row["load"] == known[row["quarter"]]["load"]
        assert row.get("capacity") == known[row["quarter"]].get("capacity")
    assert {row["quarter"] for row in rows if row["band"] == "over"} == {
        quarter for quarter, one in known.items() if "overload" in one
    }


@pytest.mark.slow
async def test_the_frontier_and_a_scenarios_charts_are_those_of_its_plan(world: World) -> None:
    """P7: points and values of the analysis, starts of the plan."""
    for name, benefit in (("Best", "30000000.00"), ("Good", "20000000.00"), ("Poor", "5000000.00")):
        await propose(world, name, benefit=benefit)
    plan = await solved(world)
    found = await analysed(world, plan["id"], "frontier", points=4)
    selected = (await read(world.office, f"/scenarios/{plan['id']}/plan"))["selected"]

    for language in LANGUAGES:
        points = await drawn(world, f"/analyses/{found['id']}/charts/efficient-frontier", language)
        starts = await drawn(world, f"/scenarios/{plan['id']}/charts/roadmap", language)

        assert [(row["money"], row["value"]) for row in points] == [
            (float(one["money"]["amount"]), one["value"]) for one in found["frontier"]["points"]
        ]
        assert {(row["name"], row["start"]) for row in starts} == {
            (one["project_name"], one["starts_on"]) for one in selected
        }
    load = await world.office.get(f"/scenarios/{plan['id']}/charts/load-map")
    assert load.status_code == 200


async def test_what_is_nobodys_here_is_not_drawn(world: World) -> None:
    await propose(world, "Ours")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    names = ("bubbles", "roadmap", "load-map")

    strange = [(await stranger.get(charts(world, name))).status_code for name in names]
    unknown = await world.office.get(f"{charts(world, 'bubbles')}?criterion={new_id()}")
    odd = await world.office.get(f"{charts(world, 'roadmap')}?criterion={new_id()}")
    anybody = await world.desk.with_headers().get(f"{charts(world, 'roadmap')}?width=1")

    assert strange == [404, 404, 404]
    assert [one.status_code for one in (unknown, odd, anybody)] == [404, 400, 401]


async def test_a_portfolio_without_projects_says_so(world: World) -> None:
    """Missing is not zero: there are no axes without marks."""
    for name, said in (("bubbles", "Inget av 0"), ("roadmap", "Inget av 0"), ("load-map", "Inget projekt")):
        page = await world.office.get(
            charts(world, name), headers={"Accept": "text/html", "Accept-Language": "sv"}
        )
        assert said in page.text, page.text


async def test_who_comes_when_too_many_pictures_are_asked_for_is_told_when_to_come_again(
    world: World, portfolio: Desk
) -> None:
    """503 with Retry-After; the table needs no drawing, and is there."""
    await propose(world, "Ours")
    house = portfolio.app.state.house
    full = Pictures(Renderer(processes=1, most_waiting=0), room=0)
    portfolio.app.state.house = replace(house, pictures=full)
    try:
        picture = await world.office.get(charts(world, "roadmap"), headers={"Accept": "image/png"})
        table = await world.office.get(charts(world, "roadmap"), headers={"Accept": "text/html"})
    finally:
        portfolio.app.state.house = house

    assert (picture.status_code, table.status_code) == (503, 200)
    assert problem(picture)["type"].endswith("#pictures-busy")
    assert int(picture.headers["retry-after"]) > 0
