"""The trees of several projects as one: shared goals, and benefits that several trees count on (B12)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.checks import Finding, TreeFinding, counts_against, tree_findings
from gevinst_benefits.domain.benefit_tree.ordering import reached
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, as_it_counts
from gevinst_shared.values.refusal import Refusal

MOST_UNITED, MOST_UNITED_EDGES = 2000, 8000
ZERO, ONE = Decimal(0), Decimal(1)


class TooManyToUnite(Refusal):
    code = "trees-too-many-to-unite"
    title = "The trees are too large together"
    detail = (
        "Together the trees have {count} nodes and {edges} edges; taken as one they may have {most} and "
        "{most_edges}. Ask for fewer projects."
    )


@dataclass(frozen=True, slots=True)
class ProjectTree:
    project_id: UUID
    name: str
    tree: BenefitTree


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a node of a united tree stands: in which project's tree, under which key."""

    project_id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class UnitedTrees:
    """`tree` has a goal or a benefit of the plan once, whichever trees it is in; `appearances` by key.

    `disputed` are edges to which trees give different shares.
    """

    tree: BenefitTree
    appearances: Mapping[str, tuple[Appearance, ...]]
    disputed: tuple[tuple[str, str], ...]

    def counted_in(self, key: str) -> UUID:
        """B12: the one project whose node this is: for a benefit of a plan, the project of that plan."""
        node = self.tree.nodes[self.tree.place_of[key]]
        return self.appearances[key][0].project_id if node.benefit is None else node.benefit.project_id

    def project_ids(self, key: str) -> frozenset[UUID]:
        return frozenset(appearance.project_id for appearance in self.appearances[key])


@dataclass(frozen=True, slots=True)
class Carried:
    """How much of a goal the nodes of one project bring that lead to it directly; `share` is None when one
    of them is not known."""

    project_id: UUID
    share: Decimal | None
    at_least: Decimal
    at_most: Decimal


def united(trees: Sequence[ProjectTree]) -> UnitedTrees:
    """All trees as one. Keys become `1.T1`, by the number of the first tree that a node is in.

    An edge that stands in several trees counts once: with the share that the plan's own project gives it, or
    else with the first that is known.
    """
    _refuse_many(trees)
    nodes: dict[object, Node] = {}
    appearances: dict[str, list[Appearance]] = defaultdict(list)
    new_key: dict[tuple[UUID, str], str] = {}
    for number, one in enumerate(trees, start=1):
        for node in one.tree.nodes:
            same = _sameness(node) or (number, node.key)
            known = nodes.setdefault(same, replace(node, key=f"{number}.{node.key}"))
            appearances[known.key].append(Appearance(one.project_id, node.key))
            new_key[one.project_id, node.key] = known.key
    edges, disputed = _united_edges(trees, nodes, new_key)
    tree = BenefitTree(tuple(nodes.values()), edges)
    return UnitedTrees(tree, {key: tuple(found) for key, found in appearances.items()}, disputed)


def towards(whole: UnitedTrees, key: str) -> UnitedTrees:
    """Only what leads to the node."""
    kept = reached([whole.tree.place_of[key]], whole.tree.causes)
    keys = {whole.tree.nodes[place].key for place in kept}
    tree = BenefitTree(
        tuple(node for node in whole.tree.nodes if node.key in keys),
        tuple(edge for edge in whole.tree.edges if edge.effect in keys),
    )
    return UnitedTrees(
        tree,
        {name: found for name, found in whole.appearances.items() if name in keys},
        tuple(edge for edge in whole.disputed if edge[1] in keys),
    )


def united_findings(whole: UnitedTrees) -> tuple[TreeFinding, ...]:
    """What does not hold in the united tree, and what stands in it more than once (B12)."""
    several = [
        TreeFinding(Finding.COUNTED_TWICE, (node.key,))
        for node in whole.tree.nodes
        if node.benefit is not None and len(whole.project_ids(node.key)) > 1
    ]
    disputed = [TreeFinding(Finding.SHARES_DIFFER, edge) for edge in whole.disputed]
    return (*several, *disputed, *tree_findings(whole.tree))


def carried_by_project(whole: UnitedTrees, goal: str) -> tuple[Carried, ...]:
    """How much of the goal each project carries; a benefit in several trees counts for its plan's project.

    Check: of a goal that A's benefit brings 0.5 of and B's 0.2, A carries 0.5 and B 0.2.
    """
    arriving: dict[UUID, list[tuple[int, Decimal | None]]] = defaultdict(list)
    known: dict[int, Decimal] = defaultdict(Decimal)
    for edge in as_it_counts(whole.tree).edges:
        if edge.effect == goal:
            sign = -1 if counts_against(whole.tree, edge) else 1
            arriving[whole.counted_in(edge.cause)].append((sign, edge.share))
            known[sign] += edge.share or ZERO
    left = {sign: max(ZERO, ONE - known[sign]) for sign in (1, -1)}
    return tuple(_carried(project_id, shares, left) for project_id, shares in arriving.items())


def _carried(
    project_id: UUID, shares: Sequence[tuple[int, Decimal | None]], left: Mapping[int, Decimal]
) -> Carried:
    sure = sum((sign * share for sign, share in shares if share is not None), ZERO)
    unknown = {sign for sign, share in shares if share is None}
    least = sure - (left[-1] if -1 in unknown else ZERO)
    most = sure + (left[1] if 1 in unknown else ZERO)
    return Carried(project_id, None if unknown else sure, least, most)


def _refuse_many(trees: Sequence[ProjectTree]) -> None:
    count = sum(len(one.tree.nodes) for one in trees)
    edges = sum(len(one.tree.edges) for one in trees)
    if count > MOST_UNITED or edges > MOST_UNITED_EDGES:
        raise TooManyToUnite(count=count, edges=edges, most=MOST_UNITED, most_edges=MOST_UNITED_EDGES)


def _sameness(node: Node) -> UUID | None:
    """The goal or the benefit of a plan that the node is, in whichever tree."""
    return node.goal_id if node.benefit is None else node.benefit.id


def _united_edges(
    trees: Sequence[ProjectTree], nodes: Mapping[object, Node], new_key: Mapping[tuple[UUID, str], str]
) -> tuple[tuple[Edge, ...], tuple[tuple[str, str], ...]]:
    owner = {node.key: node.benefit.project_id for node in nodes.values() if node.benefit is not None}
    said: dict[tuple[str, str], list[tuple[bool, Decimal]]] = {}
    for one in trees:
        for edge in one.tree.edges:
            ends = (new_key[one.project_id, edge.cause], new_key[one.project_id, edge.effect])
            shares = said.setdefault(ends, [])
            if edge.share is not None:
                # The plan's own project first.
                shares.append((owner.get(ends[0]) != one.project_id, edge.share))
    edges = tuple(
        Edge(cause, effect, min(shares, key=lambda said: said[0])[1] if shares else None)
        for (cause, effect), shares in said.items()
    )
    disputed = tuple(ends for ends, shares in said.items() if len({share for _, share in shares}) > 1)
    return edges, disputed
