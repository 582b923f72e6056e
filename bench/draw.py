"""`python -m bench.draw`: how long benefit trees take to check, weigh and draw, and how many lines cross.

Crossings stand beside those of the order in which the nodes were given, and of one sweep of barycentres.
"""

import random
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from rich.console import Console
from rich.table import Table

from gevinst_benefits.domain.benefit_tree.checks import tree_findings
from gevinst_benefits.domain.benefit_tree.contributions import contributions
from gevinst_benefits.domain.benefit_tree.tree import PLACE, BenefitTree, Edge, Node, NodeKind
from gevinst_benefits.domain.tree_picture.crossings import count_crossings
from gevinst_benefits.domain.tree_picture.layers import lanes, neighbours
from gevinst_benefits.domain.tree_picture.layout import layout_of

SIZES = ((13, 18), (60, 80), (200, 300), (500, 700), (500, 2000), (2000, 2800), (2000, 8000))


def main() -> None:
    table = Table(title="Benefit trees")
    for column in (
        "nodes",
        "edges",
        "check s",
        "weigh s",
        "draw s",
        "crossings",
        "one sweep",
        "as given",
    ):
        table.add_column(column, justify="right")
    for nodes, edges in SIZES:
        tree = made_up(nodes, edges, seed=1)
        goal = next(node.key for node in reversed(tree.nodes) if node.kind is NodeKind.GOAL)
        found = lanes(tree)
        left, right = neighbours(found)
        given = [list(layer) for layer in found.layers]
        table.add_row(
            str(nodes),
            str(edges),
            f"{seconds(partial(tree_findings, tree)):.4f}",
            f"{seconds(partial(contributions, tree, goal)):.4f}",
            f"{seconds(partial(layout_of, tree)):.2f}",
            f"{layout_of(tree).crossings:,}",
            f"{count_crossings(swept(given, left), right):,}",
            f"{count_crossings(given, right):,}",
        )
    Console().print(table)


def made_up(count: int, edge_count: int, *, seed: int) -> BenefitTree:
    """A tree as plans have them: most edges go to the next kind and to somewhere near."""
    rng = random.Random(seed)
    kinds = sorted((rng.choice(tuple(NodeKind)) for _ in range(count)), key=PLACE.__getitem__)
    nodes = [Node(f"N{n}", kind, f"Node {n} of a tree that is made up") for n, kind in enumerate(kinds)]
    of_kind = {kind: [n for n in range(count) if kinds[n] is kind] for kind in NodeKind}
    order = [kind for kind in NodeKind if of_kind[kind]]
    edges: dict[tuple[int, int], None] = {}
    while len(edges) < edge_count:
        at = rng.randrange(len(order) - 1)
        here = of_kind[order[at]]
        there = of_kind[order[min(at + rng.choice((1, 1, 1, 2)), len(order) - 1)]]
        place = rng.random()
        far = min(max(place + rng.gauss(0, 0.08), 0.0), 0.999)
        edges[here[int(place * len(here))], there[int(far * len(there))]] = None
    rng.shuffle(nodes)
    shares = (None, Decimal("0.1"), Decimal("0.2"))
    return BenefitTree(tuple(nodes), tuple(Edge(f"N{a}", f"N{b}", rng.choice(shares)) for a, b in edges))


def swept(order: list[list[int]], left: list[list[int]]) -> list[list[int]]:
    """The columns after one sweep of barycentres from left to right."""
    found = order[:1]
    for layer in order[1:]:
        place = {vertex: number for number, vertex in enumerate(found[-1])}
        means = {v: sum(place[o] for o in left[v]) / len(left[v]) for v in layer if left[v]}
        ranked = iter(sorted(means, key=means.__getitem__))
        found.append([next(ranked) if vertex in means else vertex for vertex in layer])
    return found


def seconds(work: Callable[[], object]) -> float:
    """Processor time, the shorter of two runs."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
