"""A tree as somebody writes it: whole, with keys for its nodes, and not yet checked against the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.tree import BENEFITS, Edge, NodeKind
from gevinst_shared.values.refusal import Refusal


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


class BenefitNotKnown(Refusal):
    code = "tree-benefit-not-known"
    title = "The benefit is not known"
    detail = "There is no benefit {benefit} in any plan of your organisation."


class GoalNotKnown(Refusal):
    code = "tree-goal-not-known"
    title = "The goal is not known"
    detail = "There is no goal {goal} in your organisation."


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """A node that points at a benefit of a plan, or at a goal, may leave its name to that."""

    key: str
    kind: NodeKind
    name: str | None = None
    description: str | None = None
    is_disbenefit: bool = False
    receiving_unit_id: UUID | None = None
    benefit_id: UUID | None = None
    goal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TreeDraft:
    nodes: Sequence[NodeDraft]
    edges: Sequence[Edge]


def refuse_odd_tree(draft: TreeDraft) -> None:
    """Refuse what is no tree at all. What is only wrong in a tree is saved and found (B3)."""
    known: set[str] = set()
    for place, node in enumerate(draft.nodes):
        if node.key in known:
            raise NodeTwice(key=node.key, pointer=f"/body/nodes/{place}/key")
        known.add(node.key)
        _refuse_odd_node(node, place)
    seen: set[tuple[str, str]] = set()
    for place, edge in enumerate(draft.edges):
        for member, key in (("cause", edge.cause), ("effect", edge.effect)):
            if key not in known:
                raise EdgeToNowhere(key=key, pointer=f"/body/edges/{place}/{member}")
        if (edge.cause, edge.effect) in seen:
            raise EdgeTwice(cause=edge.cause, effect=edge.effect, pointer=f"/body/edges/{place}")
        seen.add((edge.cause, edge.effect))


def _refuse_odd_node(node: NodeDraft, place: int) -> None:
    is_benefit, is_goal = node.kind in BENEFITS, node.kind is NodeKind.GOAL
    odd = {
        "is_disbenefit": node.is_disbenefit and not is_benefit,
        "benefit_id": node.benefit_id is not None and not is_benefit,
        "goal_id": node.goal_id is not None and not is_goal,
        "receiving_unit_id": node.receiving_unit_id is not None and node.kind is not NodeKind.CHANGE,
    }
    for member, is_odd in odd.items():
        if is_odd:
            raise OddNode(
                key=node.key, kind=node.kind.value, member=member, pointer=f"/body/nodes/{place}/{member}"
            )
    if node.name is None and node.benefit_id is None and node.goal_id is None:
        raise NodeWithoutName(key=node.key, pointer=f"/body/nodes/{place}/name")
