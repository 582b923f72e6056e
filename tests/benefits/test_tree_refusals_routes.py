"""What is no benefit tree at all is refused, with its place (B3)."""

from typing import Any

import pytest

from gevinst_shared.values.ids import new_id
from tests.benefits.tree_desk import drawn_up, node, path, put, refused
from tests.benefits.world import World
from tests.support.callers import problem


async def test_a_key_twice_is_refused_with_its_place(world: World) -> None:
    found = await refused(world, node("T1", "technology"), node("T1", "change"))

    assert (found["status"], found["errors"][0]["pointer"]) == (400, "/body/nodes/1/key")


async def test_an_edge_to_nowhere_or_twice_is_refused_with_its_place(world: World) -> None:
    nodes = (node("T1", "technology"), node("C1", "change"))
    edge = {"cause": "T1", "effect": "C1"}

    nowhere = await refused(world, *nodes, edges=[{"cause": "T1", "effect": "C9"}])
    twice = await refused(world, *nodes, edges=[edge, edge])

    assert (nowhere["status"], nowhere["errors"][0]["pointer"]) == (400, "/body/edges/0/effect")
    assert (twice["status"], twice["errors"][0]["pointer"]) == (400, "/body/edges/1")


@pytest.mark.parametrize(
    ("kind", "member", "value"),
    [
        ("technology", "benefit_id", "019a0000-0000-7000-8000-0000000000a1"),
        ("benefit", "goal_id", "019a0000-0000-7000-8000-0000000000a1"),
        ("goal", "receiving_unit_id", "019a0000-0000-7000-8000-0000000000a1"),
        ("goal", "is_disbenefit", True),
    ],
)
async def test_what_belongs_to_another_kind_of_node_is_refused(
    world: World, kind: str, member: str, value: Any
) -> None:
    found = await refused(world, node("X", kind, **{member: value}))

    assert (found["status"], found["errors"][0]["pointer"]) == (400, f"/body/nodes/0/{member}")


async def test_a_node_without_any_name_is_refused(world: World) -> None:
    found = await refused(world, {"key": "T1", "kind": "technology"})

    assert (found["status"], found["errors"][0]["pointer"]) == (400, "/body/nodes/0/name")


@pytest.mark.parametrize(
    ("kind", "member"),
    [("benefit", "benefit_id"), ("goal", "goal_id"), ("change", "receiving_unit_id")],
)
async def test_what_nobody_knows_is_refused(world: World, kind: str, member: str) -> None:
    found = await refused(world, node("X", kind, **{member: str(new_id())}))

    assert found["status"] == 409


@pytest.mark.parametrize(
    "edge",
    [
        {"share": "1.1"},
        {"share": "-0.1"},
        {"share": 0.5},
        {"share": "0.1234567"},
        {"share": None},
        {"share": "NaN"},
        {"weight": "0.5"},
    ],
)
async def test_an_odd_share_is_malformed(world: World, edge: dict[str, Any]) -> None:
    nodes = [node("T1", "technology"), node("C1", "change")]

    answer = await put(world, {"nodes": nodes, "edges": [{"cause": "T1", "effect": "C1"} | edge]})

    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["pointer"].startswith("/body/edges/0")


async def test_more_than_five_hundred_nodes_are_malformed(world: World) -> None:
    nodes = [node(f"T{number}", "technology") for number in range(501)]

    answer = await put(world, {"nodes": nodes, "edges": []})

    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["pointer"] == "/body/nodes"


@pytest.mark.slow
async def test_a_tree_of_the_largest_size_is_saved_and_drawn(world: World) -> None:
    kinds = ("technology", "change", "benefit", "end-benefit", "goal")
    nodes = [node(f"N{number}", kinds[number // 100]) for number in range(500)]
    pairs = [(a, a + 100 + (a * step) % 100 - a % 100) for a in range(400) for step in (1, 3, 7, 9, 11)]
    edges = [{"cause": f"N{a}", "effect": f"N{b}"} for a, b in sorted(set(pairs))]

    tree = await drawn_up(world, {"nodes": nodes, "edges": edges})
    picture = await world.office.get(path(world), headers={"Accept": "image/svg+xml"})

    assert len(tree["edges"]) > 1000
    assert picture.status_code == 200
