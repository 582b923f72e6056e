"""Charts look as the organisation chose at the portfolio service, from the moment that the feed tells it."""

from tests.benefits.tree_desk import drawn_up
from tests.benefits.world import World


async def test_what_the_feed_tells_is_how_charts_look(world: World) -> None:
    await drawn_up(world)
    path = f"/projects/{world.project_id}/charts/benefit-tree"
    before = await world.office.get(path)

    await world.tell("theme-chosen", light=["#7a0019"], dark=[], font="Oslo Sans", logo=None)
    after = await world.office.get(path)
    await world.tell("theme-chosen", light=[], dark=[], font=None, logo=None)
    back = await world.office.get(path)

    assert after.json()["config"]["font"].startswith("Oslo Sans, ")
    assert "#7a0019" in after.text
    assert back.json() == before.json()
    assert back.headers["etag"] == before.headers["etag"]


async def test_what_could_not_be_drawn_is_passed_over(world: World) -> None:
    """An event that is not understood must not stop those behind it."""
    await drawn_up(world)

    await world.tell("theme-chosen", light=["url(x)"], dark=[], font=None, logo=None)
    await world.tell("theme-chosen", light=[], dark=[], font=None, logo="PHN2Zy8+")

    picture = await world.office.get(
        f"/projects/{world.project_id}/charts/benefit-tree", headers={"Accept": "image/png"}
    )
    assert picture.content.startswith(b"\x89PNG")
