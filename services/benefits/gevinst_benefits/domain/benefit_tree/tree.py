"""B3: technology → change → benefit → (end benefit →) goal, as its nodes and the edges between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from gevinst_benefits.domain.benefits import RealisationMode
from gevinst_shared.values.refusal import Refusal

MOST_NODES = 500
MOST_EDGES = 2000


class NodeTwice(Refusal):
    code = "tree-node-twice"
    title = "Two nodes have the same key"
    detail = "The key {key} is used for more than one node. Give each node a key of its own."


class EdgeToNowhere(Refusal):
    code = "tree-edge-to-nowhere"
    title = "An edge leads to a node that is not there"
    detail = "The tree has no node with the key {key}. Add the node, or take the edge out."


class EdgeTwice(Refusal):
    code = "tree-edge-twice"
    title = "An edge stands twice"
    detail = "There is more than one edge from {cause} to {effect}. Keep one."


class OddNode(Refusal):
    code = "tree-node-odd"
    title = "The node cannot have this"
    detail = "{key} is a {kind}; `{member}` belongs to another kind of node. Take it out, or change the kind."


class NodeWithoutName(Refusal):
    code = "tree-node-without-name"
    title = "The node has no name"
    detail = "{key} has no name. Name it, or let it point at a benefit or a goal, whose name it then has."


class NodeKind(StrEnum):
    TECHNOLOGY = "technology"
    CHANGE = "change"
    BENEFIT = "benefit"
    END_BENEFIT = "end-benefit"
    GOAL = "goal"


BENEFITS = frozenset({NodeKind.BENEFIT, NodeKind.END_BENEFIT})
PLACE: Mapping[NodeKind, int] = {kind: place for place, kind in enumerate(NodeKind)}


@dataclass(frozen=True, slots=True)
class PlannedBenefit:
    """What a tree needs to know of a benefit of a plan. `has_owner`: somebody holds its owner's role (B2)."""

    id: UUID
    project_id: UUID
    mode: RealisationMode
    has_owner: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """`key` is its name inside the tree; a disbenefit counts against what it leads to."""

    key: str
    kind: NodeKind
    name: str
    is_disbenefit: bool = False
    benefit: PlannedBenefit | None = None
    goal_id: UUID | None = None

    @property
    def is_gain(self) -> bool:
        return self.kind in BENEFITS and not self.is_disbenefit


@dataclass(frozen=True, slots=True)
class Edge:
    """From cause to effect. `share` is how much of the effect the cause brings, 0 to 1; None: not known."""

    cause: str
    effect: str
    share: Decimal | None = None


@dataclass(frozen=True)
class BenefitTree:
    """Keys are unique and every edge joins two nodes; everything else may be wrong while it is built."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        return {node.key: place for place, node in enumerate(self.nodes)}

    @cached_property
    def effects(self) -> tuple[tuple[int, ...], ...]:
        """Where the edges of each node lead: `effects[i]` are places in `nodes`."""
        return self._neighbours([(edge.cause, edge.effect) for edge in self.edges])

    @cached_property
    def causes(self) -> tuple[tuple[int, ...], ...]:
        return self._neighbours([(edge.effect, edge.cause) for edge in self.edges])

    def _neighbours(self, pairs: list[tuple[str, str]]) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for here, there in pairs:
            found[self.place_of[here]].append(self.place_of[there])
        return tuple(map(tuple, found))


def refuse_odd_keys(keys: list[str], edges: list[tuple[str, str]]) -> None:
    """Refuse what is no graph at all: two nodes of one key, an edge without its node, an edge twice."""
    known: set[str] = set()
    for place, key in enumerate(keys):
        if key in known:
            raise NodeTwice(key=key, pointer=f"/body/nodes/{place}/key")
        known.add(key)
    seen: set[tuple[str, str]] = set()
    for place, (cause, effect) in enumerate(edges):
        for member, key in (("cause", cause), ("effect", effect)):
            if key not in known:
                raise EdgeToNowhere(key=key, pointer=f"/body/edges/{place}/{member}")
        if (cause, effect) in seen:
            raise EdgeTwice(cause=cause, effect=effect, pointer=f"/body/edges/{place}")
        seen.add((cause, effect))


def cycle_text(names: tuple[str, ...]) -> str:
    """A → B → A."""
    return " → ".join((*names, names[0]))
