"""The tree of units over HTTP."""

from uuid import uuid4

from gevinst_portfolio.schemas.units import UnitOut
from gevinst_shared.values.actor import Role
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem


async def test_a_unit_knows_its_path_from_the_root(world: World) -> None:
    top = await world.unit("Oslo")
    below = await world.unit("Health", top["id"])

    assert top["path"] == [top["id"]]
    assert below["path"] == [top["id"], below["id"]]
    assert obeys(UnitOut, below)
    assert (await world.office.get(f"/units/{below['id']}")).json() == below


async def test_moving_a_unit_takes_everything_below_it_along(world: World) -> None:
    old, new = await world.unit("Old"), await world.unit("New")
    moved = await world.unit("Health", old["id"])
    below = await world.unit("Home care", moved["id"])

    answer = await put(
        world.administrator, f"/units/{moved['id']}", {"name": "Health", "parent_id": new["id"]}
    )

    assert answer.json()["path"] == [new["id"], moved["id"]]
    followed = (await world.office.get(f"/units/{below['id']}")).json()
    assert followed["path"] == [new["id"], moved["id"], below["id"]]
    assert followed["revision"] == 2
    told = [e["data"] for e in await world.events() if e["type"] == "gevinst.portfolio.unit-changed.v1"]
    assert told[-1] == {
        "unit_id": below["id"],
        "name": "Home care",
        "parent_id": moved["id"],
        "path": followed["path"],
    }


async def test_a_unit_can_be_moved_to_the_top(world: World) -> None:
    top = await world.unit("Top")
    moved = await world.unit("Health", top["id"])
    below = await world.unit("Home care", moved["id"])

    await put(world.administrator, f"/units/{moved['id']}", {"name": "Health"})

    assert (await world.office.get(f"/units/{moved['id']}")).json()["path"] == [moved["id"]]
    assert (await world.office.get(f"/units/{below['id']}")).json()["path"] == [moved["id"], below["id"]]


async def test_a_unit_cannot_stand_below_itself(world: World) -> None:
    top = await world.unit("Top")
    below = await world.unit("Below", top["id"])

    answer = await put(world.administrator, f"/units/{top['id']}", {"name": "Top", "parent_id": below["id"]})

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#unit-below-itself")
    assert (await world.office.get(f"/units/{top['id']}")).json() == top


async def test_a_change_of_a_revision_that_is_gone_is_refused(world: World) -> None:
    unit = await world.unit("Health")
    await put(world.administrator, f"/units/{unit['id']}", {"name": "Care"})

    stale = await put(world.administrator, f"/units/{unit['id']}", {"name": "Wellness"})
    blind = await world.administrator.put(f"/units/{unit['id']}", json={"name": "Wellness"})

    assert (stale.status_code, blind.status_code) == (412, 428)


async def test_a_parent_that_is_not_there_is_not_found(world: World) -> None:
    answer = await world.administrator.post("/units", json={"name": "X", "parent_id": str(uuid4())})

    assert answer.status_code == 404


async def test_who_administers_one_unit_arranges_only_what_is_below_it(world: World) -> None:
    own, other = await world.unit("Own"), await world.unit("Other")
    person = await world.person("ola")
    await made(
        world.administrator,
        "/role-assignments",
        {"person_id": person["id"], "role": "administrator", "scope": "unit", "scope_id": own["id"]},
    )
    ola = world.desk.caller(Role.READER, subject="ola")

    below = await ola.post("/units", json={"name": "Below", "parent_id": own["id"]})
    elsewhere = await ola.post("/units", json={"name": "X", "parent_id": other["id"]})
    colleague = await ola.post("/people", json={"subject": "x", "name": "X"})

    assert (below.status_code, elsewhere.status_code, colleague.status_code) == (201, 403, 403)


async def test_units_are_listed_below_a_parent(world: World) -> None:
    top = await world.unit("Top")
    await world.unit("B", top["id"])
    await world.unit("A", top["id"])

    answer = await world.office.get("/units", params={"parent": top["id"], "sort": "name"})

    assert [unit["name"] for unit in answer.json()["items"]] == ["A", "B"]


async def test_a_tree_does_not_grow_too_deep_by_a_move(world: World) -> None:
    above = None
    for level in range(15):
        above = (await world.unit(f"Level {level}", above))["id"]
    top = await world.unit("Top")
    below = top["id"]
    for level in range(8):
        below = (await world.unit(f"Below {level}", below))["id"]

    answer = await put(world.administrator, f"/units/{top['id']}", {"name": "Top", "parent_id": above})

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#tree-too-deep")
    assert (await world.office.get(f"/units/{top['id']}")).json() == top
