"""B3: technology → change → benefit → (end benefit →) goal, as its nodes and the edges between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from gevinst_benefits.domain.plan.benefits import BenefitState, RealisationMode
from gevinst_benefits.domain.plan.goals import DELIVERING, GoalState

MOST_NODES = 500
MOST_EDGES = 2000


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
    state: BenefitState = BenefitState.PROPOSED


@dataclass(frozen=True, slots=True)
class Node:
    """`key` is its name inside the tree; a disbenefit counts against what it leads to."""

    key: str
    kind: NodeKind
    name: str
    is_disbenefit: bool = False
    benefit: PlannedBenefit | None = None
    goal_id: UUID | None = None
    goal_state: GoalState | None = None

    @property
    def is_ended(self) -> bool:
        """G6: the benefit that it is was closed, or goes on in another plan: here it brings nothing more."""
        return self.benefit is not None and self.benefit.state not in DELIVERING

    @property
    def is_gain(self) -> bool:
        return self.kind in BENEFITS and not self.is_disbenefit and not self.is_ended


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


def as_it_counts(tree: BenefitTree) -> BenefitTree:
    """The tree in which what has ended brings nothing of what it leads to (G6)."""
    ended = {node.key for node in tree.nodes if node.is_ended}
    if not ended:
        return tree
    edges = (replace(edge, share=Decimal(0)) if edge.cause in ended else edge for edge in tree.edges)
    return BenefitTree(tree.nodes, tuple(edges))


def cycle_text(names: tuple[str, ...]) -> str:
    """A → B → A."""
    return " → ".join((*names, names[0]))
