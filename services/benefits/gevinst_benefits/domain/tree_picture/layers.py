"""The columns of a benefit tree: kinds from left to right, and a place in every column that an edge passes.

Vertices are counted from 0: first the nodes of the tree, then the bends that long edges get in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gevinst_benefits.domain.benefit_tree.ordering import Steps, finished
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, NodeKind
from gevinst_shared.values.refusal import Refusal

MOST_VERTICES = 10_000


class TooDeepToDraw(Refusal):
    code = "tree-too-deep-to-draw"
    title = "The tree is too deep to draw"
    detail = (
        "A picture would need more than {most} bends, because long edges pass very many columns. "
        "Shorten the chains within one kind of node, or read the tree as JSON."
    )


@dataclass(frozen=True, slots=True)
class Lanes:
    """`layers[c]` are the vertices of column `c`; `chains[e]` those that edge `e` passes, left to right.

    An edge that leads back, or closes a circle, is in `turned` and passes its chain from right to left; an
    edge from a node to itself has no chain. `kinds[c]` is what stands in the column.
    """

    layers: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]
    turned: frozenset[int]
    kinds: tuple[NodeKind, ...]
    node_count: int

    @property
    def vertex_count(self) -> int:
        return sum(map(len, self.layers))


def lanes(tree: BenefitTree) -> Lanes:
    """The tree in columns: each kind has as many as its longest chain of nodes of that kind."""
    rank = _ranks(tree)
    column, kinds = _columns(tree, rank)
    layers: list[list[int]] = [[] for _ in kinds]
    for place in range(len(tree.nodes)):
        layers[column[place]].append(place)
    turned = set()
    chains = []
    count = len(tree.nodes)
    for number, edge in enumerate(tree.edges):
        left, right = tree.place_of[edge.cause], tree.place_of[edge.effect]
        if column[left] > column[right]:
            turned.add(number)
            left, right = right, left
        between = range(column[left] + 1, column[right])
        if count + len(between) > MOST_VERTICES:
            raise TooDeepToDraw(most=MOST_VERTICES)
        bends = list(range(count, count + len(between)))
        for bend, passed in zip(bends, between, strict=True):
            layers[passed].append(bend)
        count += len(bends)
        chains.append((left, *bends, right) if left != right else ())
    return Lanes(tuple(map(tuple, layers)), tuple(chains), frozenset(turned), tuple(kinds), len(tree.nodes))


def neighbours(found: Lanes) -> tuple[list[list[int]], list[list[int]]]:
    """For each vertex those to its left and those to its right that an edge joins it with."""
    left: list[list[int]] = [[] for _ in range(found.vertex_count)]
    right: list[list[int]] = [[] for _ in range(found.vertex_count)]
    for chain in found.chains:
        for here, there in pairwise(chain):
            right[here].append(there)
            left[there].append(here)
    return left, right


def _ranks(tree: BenefitTree) -> list[int]:
    """How far each node stands behind the first of its kind: the longest chain of its kind before it."""
    steps = _steps_within_kinds(tree)
    order = finished(steps, range(len(steps)))[::-1]
    at = {place: number for number, place in enumerate(order)}
    rank = [0] * len(steps)
    has_cause = [False] * len(steps)
    for place in order:
        for other in steps[place]:
            # A step back in this order closes a circle and is drawn turned.
            if at[other] > at[place]:
                rank[other] = max(rank[other], rank[place] + 1)
                has_cause[other] = True
    for place in reversed(order):
        onward = [rank[other] for other in steps[place] if at[other] > at[place]]
        if onward and not has_cause[place]:
            rank[place] = min(onward) - 1
    return rank


def _steps_within_kinds(tree: BenefitTree) -> Steps:
    return [
        [other for other in onward if tree.nodes[other].kind is tree.nodes[place].kind]
        for place, onward in enumerate(tree.effects)
    ]


def _columns(tree: BenefitTree, rank: Sequence[int]) -> tuple[list[int], list[NodeKind]]:
    """The column of each node, and the kind of each column; a kind without nodes has none."""
    first: dict[NodeKind, int] = {}
    kinds: list[NodeKind] = []
    for kind in NodeKind:
        depths = [rank[place] for place, node in enumerate(tree.nodes) if node.kind is kind]
        first[kind] = len(kinds)
        kinds += [kind] * (max(depths, default=-1) + 1)
    return [first[node.kind] + rank[place] for place, node in enumerate(tree.nodes)], kinds
