"""Places in the tree, dots of the distribution, and what charts say of what is not there yet."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from tests.benefits.living_cases import digital_post
from tests.benefits.tree_desk import drawn_up
from tests.benefits.world import World, made

LANGUAGES = ("en", "nb", "nn", "da", "sv")
SVG, HTML = "image/svg+xml", "text/html"


async def specification(world: World, path: str, language: str = "en") -> dict[str, Any]:
    """The specification; on the way, every other form is asked for too, and tells the same story."""
    headers = {"Accept-Language": language}
    answer = await world.office.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    picture = await world.office.get(path, headers=headers | {"Accept": SVG})
    page = await world.office.get(path, headers=headers | {"Accept": HTML})
    assert (picture.status_code, page.status_code) == (200, 200), picture.text
    root = fromstring(picture.text)
    assert (root.get("role"), root.get("{http://www.w3.org/XML/1998/namespace}lang")) == ("img", language)
    title, description = (element.text or "" for element in root[:2])
    assert title in page.text.replace("&#x27;", "'").replace("&quot;", '"')
    assert any(character.isdigit() for character in description), description
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
async def case(world: World) -> Mapping[str, Any]:
    """A version with ranges, so that it has a tornado and a distribution."""
    units = {"digital-office": world.top, "citizens-centre": world.unit, "technical-centre": world.unit}
    body = digital_post(units)
    return dict(await made(world.office, f"/projects/{world.project_id}/business-cases", body))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_distribution_has_the_percentiles_of_the_simulation(
    world: World, case: Mapping[str, Any], language: str
) -> None:
    """C5: half of the twenty outcomes lie below P50, two below P10."""
    said = (await world.office.get(f"/business-cases/{case['id']}/simulation")).json()

    drawn = await specification(world, f"/business-cases/{case['id']}/charts/npv-distribution", language)

    outcomes = [row["outcome"] for row in drawn["data"]["values"]]
    p10, p50, p90 = (float(said[name]["value"]) for name in ("p10", "p50", "p90"))
    assert len(outcomes) == 20
    assert [sum(one < mark for one in outcomes) for mark in (p10, p50, p90)] == [2, 10, 18]
    marks = [layer["encoding"]["x"].get("datum") for layer in drawn["layer"]]
    assert {p10, p50, p90} <= set(marks)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_tree_is_laid_out_as_its_layout_says(world: World, language: str) -> None:
    """B3: nodes, connections and shares are those of the tree, places those of the layout."""
    tree = await drawn_up(world)
    layout = (await world.office.get(f"/projects/{world.project_id}/benefit-tree/layout")).json()

    drawn = await specification(world, f"/projects/{world.project_id}/charts/benefit-tree", language)

    data = {one["name"]: one["values"] for one in drawn["data"]}
    assert [(one["key"], one["name"]) for one in data["nodes"]] == [
        (one["key"], one["name"]) for one in tree["nodes"]
    ]
    assert [(one["x"], one["width"]) for one in data["nodes"]] == [
        (box["x"], box["width"]) for box in layout["boxes"]
    ]
    shares = {(one["cause"], one["effect"]): float(one["share"]) for one in tree["edges"] if "share" in one}
    assert shares == {(one["cause"], one["effect"]): one["share"] for one in data["edges"] if "share" in one}


async def test_what_is_not_there_yet_is_said(world: World) -> None:
    """An empty tree is a picture that says so; a project on no model has no strip."""
    path = f"/projects/{world.project_id}/charts"

    tree = await world.office.get(f"{path}/benefit-tree", headers={"Accept": HTML, "Accept-Language": "nb"})
    strip = await world.office.get(f"{path}/gate-strip")

    assert "Ingen har satt opp dette kartet" in tree.text
    assert strip.status_code == 404


async def test_a_version_in_which_nothing_varies_says_so(world: World) -> None:
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())

    pages = [
        (await world.office.get(f"/business-cases/{case['id']}/charts/{name}", headers={"Accept": HTML})).text
        for name in ("tornado", "npv-distribution")
    ]

    assert "No assumption of this version has a range" in pages[0]
    assert "Nothing in this version varies" in pages[1]
