"""B3: technology → change → benefit → (end benefit →) goal, built from either end and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class NodeKind(StrEnum):
    TECHNOLOGY = "technology"
    CHANGE = "change"
    BENEFIT = "benefit"
    END_BENEFIT = "end-benefit"
    GOAL = "goal"


class Finding(StrEnum):
    CYCLE = "cycle"
    WRONG_DIRECTION = "wrong-direction"
    BENEFIT_WITHOUT_CHANGE = "benefit-without-change"
    TECHNOLOGY_WITHOUT_BENEFIT = "technology-without-benefit"
    GOAL_WITHOUT_PATH = "goal-without-path"


@dataclass(frozen=True, slots=True)
class Node:
    id: UUID
    kind: NodeKind
    name: str


@dataclass(frozen=True, slots=True)
class TreeFinding:
    """What is wrong, and with which node."""

    finding: Finding
    node_id: UUID


_BENEFITS = frozenset({NodeKind.BENEFIT, NodeKind.END_BENEFIT})
_ORDER = tuple(NodeKind)


def tree_findings(nodes: Sequence[Node], edges: Sequence[tuple[UUID, UUID]]) -> tuple[TreeFinding, ...]:
    """Everything that does not hold in a tree whose edges go from cause to effect, in the order of nodes.

    A tree under construction has findings and may be saved; a plan that is put to a gate should have none.
    Every edge joins two of `nodes`.
    """
    kinds = {node.id: node.kind for node in nodes}
    effects: dict[UUID, list[UUID]] = {node.id: [] for node in nodes}
    causes: dict[UUID, list[UUID]] = {node.id: [] for node in nodes}
    for cause, effect in edges:
        effects[cause].append(effect)
        causes[effect].append(cause)
    return tuple(
        TreeFinding(finding, node.id)
        for node in nodes
        for finding in _node_findings(node, kinds, effects, causes)
    )


def _node_findings(
    node: Node,
    kinds: Mapping[UUID, NodeKind],
    effects: Mapping[UUID, Sequence[UUID]],
    causes: Mapping[UUID, Sequence[UUID]],
) -> list[Finding]:
    after = _reachable(node.id, effects)
    before_kinds = {kinds[other] for other in _reachable(node.id, causes)}
    findings = {
        Finding.CYCLE: node.id in after,
        Finding.WRONG_DIRECTION: any(
            _ORDER.index(kinds[effect]) < _ORDER.index(node.kind) for effect in effects[node.id]
        ),
        Finding.BENEFIT_WITHOUT_CHANGE: node.kind in _BENEFITS and NodeKind.CHANGE not in before_kinds,
        Finding.TECHNOLOGY_WITHOUT_BENEFIT: node.kind is NodeKind.TECHNOLOGY
        and not any(kinds[other] in _BENEFITS for other in after),
        Finding.GOAL_WITHOUT_PATH: node.kind is NodeKind.GOAL and not before_kinds & _BENEFITS,
    }
    return [finding for finding, holds in findings.items() if holds]


def _reachable(start: UUID, steps: Mapping[UUID, Sequence[UUID]]) -> set[UUID]:
    seen: set[UUID] = set()
    waiting = list(steps[start])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(steps[node])
    return seen
