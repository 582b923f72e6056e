"""Charts of what people also type, and of what nobody should ask: readable pictures or a clear refusal."""

from html import unescape
from xml.etree.ElementTree import fromstring

import pytest

from gevinst_shared.charts.themes import DARK, LIGHT, contrast
from tests.portfolio.planned import open_world, propose
from tests.portfolio.scoring_world import BENEFIT, model, score
from tests.portfolio.world import World, made, make_world
from tests.support.callers import Desk, problem

SVG = "{http://www.w3.org/2000/svg}"
TURNED = "\u202eevig redlos\u202c"
NAMES = (
    '</text><script>alert("x")</script>',
    'O\'Brien & «Sønn» "quoted" {name} %s \\n',
    "שלום עולם",
    TURNED,
    "👩‍👩‍👧 🏥 漢字",
    "W" * 200,
    "-",
    "0",
)
CHARTS = ("bubbles", "roadmap", "load-map")


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def path(world: World, name: str, query: str = "") -> str:
    return f"/portfolios/{world.portfolio_id}/charts/{name}{query}"


async def furnished(world: World) -> str:
    """A project of each name, with the largest amounts there are, over the ends of years; the criterion."""
    criterion = {**BENEFIT, "name": "C" * 200}
    resource = await made(world.office, "/resources", {"name": NAMES[0], "kind": "role"})
    (found,) = (await model(world, criterion))["criteria"]
    for at, name in enumerate(NAMES):
        needs = [{"resource_id": resource["id"], "amounts": [999_999]}]
        money = {"cost": "999999999999999.99" if at else "0.00", "benefit": "0.01"}
        days = {"start": f"{2026 + at}-12-31", "end": f"{2027 + at}-01-01"}
        project = await propose(world, name, needs=needs, **money, **days)
        answer = await score(world.office, project, {found["id"]: 1 + at % 5})
        assert answer.status_code in {200, 201}, answer.text
    return str(found["id"])


@pytest.mark.parametrize("width", [280, 1600])
@pytest.mark.parametrize("name", CHARTS)
async def test_a_picture_is_as_wide_as_asked_and_runs_nothing_whatever_names_are(
    world: World, name: str, width: int
) -> None:
    criterion = await furnished(world)
    query = f"?width={width}" + (f"&criterion={criterion}" if name == "bubbles" else "")
    asked = path(world, name, query)

    picture = await world.office.get(asked, headers={"Accept": "image/svg+xml"})
    page = await world.office.get(asked, headers={"Accept": "text/html"})
    png = await world.office.get(asked, headers={"Accept": "image/png"})

    assert (picture.status_code, page.status_code, png.status_code) == (200, 200, 200), picture.text
    root = fromstring(picture.text)
    assert float(root.get("width", "0")) <= width + 1
    assert not {one.tag.removeprefix(SVG) for one in root.iter()} & {"script", "style", "foreignObject"}
    assert "<script" not in page.text
    named = NAMES[:1] if name == "load-map" else NAMES
    assert all(one in unescape(page.text) for one in named)
    # What turns the direction stays with the name, and turns no sentence.
    head = page.text[: page.text.index("<table")]
    assert not {"\u202e", "\u202c"} & set(head + picture.text)


@pytest.mark.parametrize(
    "query",
    [
        *(
            f"width={one}"
            for one in ("0", "-1", "1000000000", "NaN", "1e3", "320.5", "", "٣٢٠", "279", "1601")
        ),
        *(f"scheme={one}" for one in ("", "Dark", "sepia", "light,dark", "%00")),
        "criterion=1",
        "criterion=",
        "language=nb",
        "width=320&width=640&scheme=neon",
    ],
)
async def test_what_no_chart_can_be_is_refused(world: World, query: str) -> None:
    for media in ("image/svg+xml", "text/html", "application/json"):
        answer = await world.office.get(path(world, "bubbles", f"?{query}"), headers={"Accept": media})

        assert answer.status_code == 400, answer.text
        assert problem(answer)["errors"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("image/*;q=0.2, text/html;q=0.1", "image/svg+xml"),
        ("image/svg+xml;q=0, image/*", "image/png"),
        ("text/html;q=0.9, image/png;q=0.90, */*;q=0.1", "image/png"),
        ("*/*;q=0.001", "application/json"),
        ("IMAGE/PNG", "image/png"),
        ("image/png;q=nan, text/html;q=0.1", "text/html"),
        ("text/html;level=1", "text/html"),
        ("", "application/json"),
        ("application/vnd.vegalite.v6+json", "application/vnd.vegalite.v6+json"),
    ],
)
async def test_what_is_wanted_most_is_answered(world: World, accept: str, media: str) -> None:
    answer = await world.office.get(path(world, "roadmap"), headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media)


@pytest.mark.parametrize(
    "accept", ["*/*;q=0", "image/png;q=2", "image/png;q=-1", "nonsense", "image/gif", ",,;;", "image/*;q=x"]
)
async def test_what_cannot_be_is_not_acceptable(world: World, accept: str) -> None:
    answer = await world.office.get(path(world, "roadmap"), headers={"Accept": accept})

    assert answer.status_code == 406, answer.text
    assert "image/svg+xml" in problem(answer)["detail"]


async def test_a_name_with_a_nul_never_comes_in(world: World) -> None:
    answer = await world.office.post("/projects", json=world.proposal(name="A\u0000B"))

    assert answer.status_code == 400


async def test_colours_at_the_limit_are_taken_and_just_below_it_refused(world: World) -> None:
    """3:1, and a typeface that nobody has: the house's own stands behind it."""
    greys = [f"#{grey:02x}{grey:02x}{grey:02x}" for grey in range(256)]
    on_light = [one for one in greys if contrast(one, LIGHT.surface) >= 3]
    on_dark = [one for one in greys if contrast(one, DARK.surface) >= 3]
    good = {"light": [on_light[-1]] * 2, "dark": [on_dark[0]], "font": "Nobody Has This"}
    pale = {"light": [greys[len(on_light)]]}

    refused = await world.administrator.put("/theme", json=pale, headers={"If-Match": '"0"'})
    taken = await world.administrator.put("/theme", json=good, headers={"If-Match": '"0"'})
    await propose(world, "Ours")
    pictures = [
        await world.office.get(path(world, "roadmap"), headers={"Accept": media})
        for media in ("image/svg+xml", "image/png")
    ]

    assert (refused.status_code, taken.status_code) == (400, 200), taken.text
    assert [one.status_code for one in pictures] == [200, 200]
    assert "Nobody Has This" in pictures[0].text
    assert on_light[-1] in pictures[0].text
