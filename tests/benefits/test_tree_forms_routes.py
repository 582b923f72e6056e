"""The forms in which a benefit tree is answered: layout, picture, text for other programs (B3)."""

from xml.etree import ElementTree

import pytest

from tests.benefits.tree_desk import drawn_up, node, path
from tests.benefits.world import World
from tests.support.callers import problem

SVG = "{http://www.w3.org/2000/svg}"


async def test_the_layout_has_a_box_for_every_node_and_a_way_for_every_edge(world: World) -> None:
    tree = await drawn_up(world)

    layout = (await world.office.get(path(world, "layout"))).json()

    assert [box["key"] for box in layout["boxes"]] == [one["key"] for one in tree["nodes"]]
    assert [(way["cause"], way["effect"]) for way in layout["ways"]] == [
        (edge["cause"], edge["effect"]) for edge in tree["edges"]
    ]
    assert layout["crossings"] == 2


async def test_the_picture_says_in_words_what_it_shows(world: World) -> None:
    await drawn_up(world)

    answer = await world.office.get(
        path(world), headers={"Accept": "image/avif,image/*,*/*;q=0.8", "Accept-Language": "nb"}
    )

    picture = ElementTree.fromstring(answer.text)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-language"] == "nb"
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Gevinstkart: Digital post"
    described = picture.findtext(f"{SVG}desc") or ""
    assert described.startswith("Fra årsak til virkning: teknologi 2, endring 3")
    assert "18 forbindelser" in described
    lacking = "Ingen svarer for ulempen «Mer arbeid i svarsenteret»"
    assert lacking in described
    titles = [one.text or "" for one in picture.iter(f"{SVG}title")]
    assert "Endring: Innbyggeren måler blodtrykket selv." in titles
    (wrong,) = [one for one in titles if lacking in one]
    assert wrong.startswith("Gevinst: Mer arbeid i svarsenteret (ulempe). ")
    # A mark stands on each node about which something does not hold.
    marks = [one.text for one in picture.iter(f"{SVG}text") if one.text == "!"]
    assert len(marks) == len([one for one in titles[1:] if one.count(". ")])


async def test_a_picture_holds_no_script_or_style_whatever_the_names_are(world: World) -> None:
    name = '</text><script>alert("1")</script>&amp;'
    await drawn_up(world, {"nodes": [node("T1", "technology", name=name)], "edges": []})

    answer = await world.office.get(path(world), headers={"Accept": "image/svg+xml"})

    picture = ElementTree.fromstring(answer.text)
    assert {one.tag.removeprefix(SVG) for one in picture.iter()} & {
        "script",
        "style",
        "foreignObject",
    } == set()
    assert any(name in (one.text or "") for one in picture.iter(f"{SVG}title"))


async def test_a_trees_picture_is_its_chart(world: World) -> None:
    """One drawing: what the tree's own operation answers as SVG is the chart of that name."""
    await drawn_up(world)
    headers = {"Accept": "image/svg+xml", "Accept-Language": "nn"}

    picture = await world.office.get(path(world), headers=headers)
    chart = await world.office.get(f"/projects/{world.project_id}/charts/benefit-tree", headers=headers)

    assert picture.text == chart.text


@pytest.mark.parametrize(
    ("media", "begins"), [("text/vnd.mermaid", "flowchart LR"), ("text/vnd.graphviz", "digraph benefits {")]
)
async def test_a_tree_goes_out_for_other_programs(world: World, media: str, begins: str) -> None:
    await drawn_up(world)

    answer = await world.office.get(path(world), headers={"Accept": media})

    assert answer.headers["content-type"].startswith(media)
    assert answer.text.startswith(begins)


@pytest.mark.parametrize("accept", ["text/html", "image/svg+xml;q=0", "image/png, text/vnd.mermaid;q=0"])
async def test_a_form_that_there_is_not_is_refused_with_those_there_are(world: World, accept: str) -> None:
    await drawn_up(world)

    answer = await world.office.get(path(world), headers={"Accept": accept})

    assert answer.status_code == 406
    assert "image/svg+xml" in problem(answer)["detail"]


async def test_a_browser_that_takes_anything_gets_the_tree_as_json(world: World) -> None:
    await drawn_up(world)

    answer = await world.office.get(path(world), headers={"Accept": "text/html,*/*;q=0.8"})

    assert answer.headers["content-type"].startswith("application/json")
