"""Benefit trees for the tests."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind
from tests.support.tree import ROOT

EXAMPLE = ROOT / "examples" / "benefit-trees" / "telemedicine.json"
KINDS = {
    "T": NodeKind.TECHNOLOGY,
    "C": NodeKind.CHANGE,
    "B": NodeKind.BENEFIT,
    "E": NodeKind.END_BENEFIT,
    "G": NodeKind.GOAL,
}


def example() -> dict[str, Any]:
    """Worked case 4 as it is sent."""
    found: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    return found


def telemedicine() -> BenefitTree:
    """Worked case 4."""
    told = example()
    nodes = [
        Node(node["key"], NodeKind(node["kind"]), node["name"], node.get("is_disbenefit", False))
        for node in told["nodes"]
    ]
    edges = [
        Edge(edge["cause"], edge["effect"], Decimal(edge["share"]) if "share" in edge else None)
        for edge in told["edges"]
    ]
    return BenefitTree(tuple(nodes), tuple(edges))


def tree(keys: str, *edges: str, **changed: Node) -> BenefitTree:
    """A tree of nodes such as `T1 C1 D1`, whose letter is their kind (D: a disbenefit), and of edges such as
    `T1>C1` or `C1>B1=0.5`."""
    nodes = [
        changed.get(key)
        or Node(key, KINDS.get(key[0], NodeKind.BENEFIT), f"{key} name", is_disbenefit=key[0] == "D")
        for key in keys.split()
    ]
    return BenefitTree(tuple(nodes), tuple(_edges(edges)))


def _edges(texts: Iterable[str]) -> Iterable[Edge]:
    for text in texts:
        ends, _, share = text.partition("=")
        cause, _, effect = ends.partition(">")
        yield Edge(cause, effect, Decimal(share) if share else None)


@st.composite
def onward_trees(draw: st.DrawFn, most: int = 7, *, with_disbenefits: bool = False) -> BenefitTree:
    """Trees whose edges all go onward, with shares that are known, or not."""
    count = draw(st.integers(2, most))
    letters = sorted(
        draw(st.lists(st.sampled_from("TCBEG"), min_size=count, max_size=count)), key=list(KINDS).index
    )
    nodes = [
        Node(
            f"{letter}{number}",
            KINDS[letter],
            f"Node {number}",
            is_disbenefit=with_disbenefits and letter in "BE" and draw(st.booleans()),
        )
        for number, letter in enumerate(letters)
    ]
    pairs = draw(
        st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] < p[1]))
    )
    share = st.none() | st.sampled_from(["0", "0.1", "0.25", "0.5"]).map(Decimal)
    edges = [Edge(nodes[a].key, nodes[b].key, draw(share)) for a, b in sorted(pairs)]
    return BenefitTree(tuple(nodes), tuple(edges))


@st.composite
def any_trees(draw: st.DrawFn, most: int = 9) -> BenefitTree:
    """Trees whose edges go anywhere, also in circles and from a node to itself."""
    count = draw(st.integers(1, most))
    nodes = [
        Node(f"N{number}", draw(st.sampled_from(NodeKind)), f"Node {number} of the tree")
        for number in range(count)
    ]
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20))
    return BenefitTree(tuple(nodes), tuple(Edge(f"N{a}", f"N{b}") for a, b in sorted(pairs)))
