"""B3, B4: what does not hold in a benefit tree. Linear in its nodes and edges."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gevinst_benefits.domain.benefit_tree.ordering import connected_parts, is_cyclic, shortest_cycle
from gevinst_benefits.domain.benefit_tree.tree import PLACE, BenefitTree, Edge, Node, NodeKind, as_it_counts
from gevinst_benefits.domain.plan.benefits import RealisationMode
from gevinst_benefits.domain.plan.goals import GoalState


class Finding(StrEnum):
    CYCLE = "cycle"
    WRONG_DIRECTION = "wrong-direction"
    BENEFIT_WITHOUT_CHANGE = "benefit-without-change"
    TECHNOLOGY_WITHOUT_BENEFIT = "technology-without-benefit"
    GOAL_WITHOUT_PATH = "goal-without-path"
    BUDGET_WITHOUT_CHANGE = "budget-without-change"
    CHANGE_WITHOUT_GOAL = "change-without-goal"
    DISBENEFIT_WITHOUT_OWNER = "disbenefit-without-owner"
    SHARES_EXCEED_WHOLE = "shares-exceed-whole"
    TWICE = "twice"
    NOT_CONNECTED = "not-connected"
    BENEFIT_ENDED = "benefit-ended"
    GOAL_WITHDRAWN = "goal-withdrawn"
    # Across the trees of several projects (B12).
    COUNTED_TWICE = "counted-twice"
    SHARES_DIFFER = "shares-differ"


@dataclass(frozen=True, slots=True)
class TreeFinding:
    """What is wrong and with which nodes, by key; `total` is what shares come to that exceed the whole."""

    finding: Finding
    keys: tuple[str, ...]
    total: Decimal | None = None


# What stands before or after a node.
_CHANGE, _GAIN, _AIM = 1, 2, 4


def tree_findings(tree: BenefitTree) -> tuple[TreeFinding, ...]:
    """Everything that does not hold: cycles, then edges, then nodes in their order.

    A tree under construction has findings and may be saved; a plan that is put to a gate should have none.
    """
    parts = connected_parts(tree.effects)
    return (
        *_cycles(tree, parts),
        *_wrong_directions(tree),
        *_shares_that_exceed(tree),
        *_twice(tree),
        *_node_findings(tree, parts),
    )


def _cycles(tree: BenefitTree, parts: Sequence[list[int]]) -> Iterator[TreeFinding]:
    for part in sorted(parts):
        if is_cyclic(part, tree.effects):
            cycle = shortest_cycle(part, tree.effects)
            yield TreeFinding(Finding.CYCLE, tuple(tree.nodes[place].key for place in cycle))


def _wrong_directions(tree: BenefitTree) -> Iterator[TreeFinding]:
    for edge in tree.edges:
        if leads_back(tree, edge):
            yield TreeFinding(Finding.WRONG_DIRECTION, (edge.cause, edge.effect))


def leads_back(tree: BenefitTree, edge: Edge) -> bool:
    """Whether the effect stands before its cause in the order of kinds, such as a goal's before a change."""
    cause, effect = (tree.nodes[tree.place_of[key]] for key in (edge.cause, edge.effect))
    return PLACE[effect.kind] < PLACE[cause.kind]


def _shares_that_exceed(tree: BenefitTree) -> Iterator[TreeFinding]:
    for (effect, _), total in share_totals(as_it_counts(tree)).items():
        if total > 1:
            yield TreeFinding(Finding.SHARES_EXCEED_WHOLE, (effect,), total)


def share_totals(tree: BenefitTree) -> dict[tuple[str, bool], Decimal]:
    """What the known shares into each effect come to, by the effect's key and whether they count against it.

    What disbenefits take is no part of the whole that others bring, and is summed apart.
    """
    totals: dict[tuple[str, bool], Decimal] = defaultdict(Decimal)
    for edge in tree.edges:
        if edge.share is not None:
            totals[edge.effect, counts_against(tree, edge)] += edge.share
    return totals


def counts_against(tree: BenefitTree, edge: Edge) -> bool:
    """A disbenefit takes from what it leads to, unless that is a disbenefit as well."""
    cause, effect = (tree.nodes[tree.place_of[key]] for key in (edge.cause, edge.effect))
    return cause.is_disbenefit and not effect.is_disbenefit


def _twice(tree: BenefitTree) -> Iterator[TreeFinding]:
    alike: dict[object, list[str]] = defaultdict(list)
    for node in tree.nodes:
        alike[_sameness(node)].append(node.key)
    for keys in alike.values():
        if len(keys) > 1:
            yield TreeFinding(Finding.TWICE, tuple(keys))


def _sameness(node: Node) -> object:
    """Two nodes with the same are one: the same benefit of the plan, the same goal, the same name."""
    if node.benefit is not None:
        return node.benefit.id
    return node.goal_id or (node.kind, " ".join(node.name.casefold().split()))


def _node_findings(tree: BenefitTree, parts: Sequence[list[int]]) -> Iterator[TreeFinding]:
    before = _gathered(tree, parts, tree.causes, [_mark(node) for node in tree.nodes])
    after = _gathered(tree, parts[::-1], tree.effects, [_mark(node) for node in tree.nodes])
    for place, node in enumerate(tree.nodes):
        is_alone = not tree.causes[place] and not tree.effects[place]
        holds = {
            Finding.BENEFIT_WITHOUT_CHANGE: node.is_gain and not before[place] & _CHANGE,
            Finding.TECHNOLOGY_WITHOUT_BENEFIT: (
                node.kind is NodeKind.TECHNOLOGY and not after[place] & _GAIN
            ),
            Finding.GOAL_WITHOUT_PATH: node.kind is NodeKind.GOAL and not before[place] & _GAIN,
            # B4: less money and the same work is stress and slipping service.
            Finding.BUDGET_WITHOUT_CHANGE: _is_budget(node) and not before[place] & _CHANGE,
            # B4: and a change that is for nothing is stress as well.
            Finding.CHANGE_WITHOUT_GOAL: node.kind is NodeKind.CHANGE and not after[place] & _AIM,
            Finding.DISBENEFIT_WITHOUT_OWNER: node.is_disbenefit
            and (node.benefit is None or not node.benefit.has_owner),
            Finding.NOT_CONNECTED: is_alone and len(tree.nodes) > 1,
            Finding.BENEFIT_ENDED: node.is_ended,
            Finding.GOAL_WITHDRAWN: node.goal_state is GoalState.WITHDRAWN,
        }
        for finding, is_found in holds.items():
            if is_found:
                yield TreeFinding(finding, (node.key,))


def _mark(node: Node) -> int:
    is_aim = node.kind is NodeKind.GOAL or _is_budget(node)
    is_change = node.kind is NodeKind.CHANGE
    return _CHANGE * is_change | _GAIN * node.is_gain | _AIM * is_aim


def _is_budget(node: Node) -> bool:
    return node.benefit is not None and node.benefit.mode is RealisationMode.BUDGET_REDUCTION


def _gathered(
    tree: BenefitTree,
    parts: Sequence[list[int]],
    neighbours: Sequence[Sequence[int]],
    marks: Sequence[int],
) -> list[int]:
    """The marks of all that each node can be reached from over `neighbours`, whose parts come first."""
    found = [0] * len(marks)
    for part in parts:
        within = 0
        for place in part:
            for other in neighbours[place]:
                within |= marks[other] | found[other]
        # On a cycle every node stands before, and after, every other.
        if is_cyclic(part, tree.effects):
            for place in part:
                within |= marks[place]
        for place in part:
            found[place] = within
    return found
