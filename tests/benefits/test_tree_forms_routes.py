"""The forms in which a benefit tree is answered: layout, picture, text for other programs (B3)."""

from xml.etree import ElementTree

import pytest

from gevinst_benefits.routes.representations import wanted_form
from tests.benefits.tree_desk import drawn_up, node, path
from tests.benefits.world import World

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
    assert described.startswith("13 noder og 18 kanter fra årsak til virkning. Teknologi: 2, Endring: 3")
    assert "Ingen svarer for ulempen «Mer arbeid i svarsenteret»" in described
    titles = [one.text or "" for one in picture.iter(f"{SVG}title")]
    assert "Endring: Innbyggeren måler blodtrykket selv." in titles


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
    assert name in (picture.findtext(f".//{SVG}g/{SVG}g/{SVG}title") or "")


@pytest.mark.parametrize(
    ("media", "begins"), [("text/vnd.mermaid", "flowchart LR"), ("text/vnd.graphviz", "digraph benefits {")]
)
async def test_a_tree_goes_out_for_other_programs(world: World, media: str, begins: str) -> None:
    await drawn_up(world)

    answer = await world.office.get(path(world), headers={"Accept": media})

    assert answer.headers["content-type"].startswith(media)
    assert answer.text.startswith(begins)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "a/json"),
        ("*/*", "a/json"),
        ("text/html", "a/json"),
        ("b/svg, a/json", "b/svg"),
        ("a/json;q=0.1, b/*;q=0.5", "b/svg"),
        ("b/svg;q=0", "a/json"),
        ("b/svg;q=x, ;;,,q=", "a/json"),
    ],
)
def test_the_form_is_the_one_that_the_caller_likes_best(accept: str | None, form: str) -> None:
    assert wanted_form(accept, ("a/json", "b/svg")) == form
