"""B3, B4: a benefit tree and what does not hold in it."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given

from gevinst_benefits.domain.benefit_tree.checks import Finding, TreeFinding, tree_findings
from gevinst_benefits.domain.benefit_tree.ordering import connected_parts, shortest_cycle
from gevinst_benefits.domain.benefit_tree.tree import (
    BENEFITS,
    BenefitTree,
    Edge,
    Node,
    NodeKind,
    PlannedBenefit,
)
from gevinst_benefits.domain.plan.benefits import RealisationMode
from tests.benefits.trees import any_trees, onward_trees, telemedicine, tree

WHOLE = ("T1>C1", "C1>B1", "B1>E1", "E1>G1")
ALL = "T1 C1 B1 E1 G1"


def found(one: BenefitTree) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.finding.value, finding.keys) for finding in tree_findings(one)]


def planned(key: str, mode: RealisationMode, *, has_owner: bool = True, is_disbenefit: bool = False) -> Node:
    benefit = PlannedBenefit(UUID(int=1), UUID(int=2), mode, has_owner)
    return Node(key, NodeKind.BENEFIT, key, is_disbenefit, benefit)


def test_telemedicine_holds_but_for_a_disbenefit_that_nobody_answers_for() -> None:
    """Worked case 4."""
    assert tree_findings(telemedicine()) == (TreeFinding(Finding.DISBENEFIT_WITHOUT_OWNER, ("D1",)),)


def test_a_whole_path_from_technology_to_goal_holds() -> None:
    """B3."""
    assert found(tree(ALL, *WHOLE)) == []


def test_a_tree_can_be_built_from_the_goal() -> None:
    """B3."""
    assert found(tree("G1")) == [("goal-without-path", ("G1",))]


def test_a_tree_can_be_built_from_the_technology() -> None:
    """B3."""
    assert found(tree("T1")) == [("technology-without-benefit", ("T1",))]


def test_a_benefit_needs_a_change_that_produces_it() -> None:
    """B3."""
    assert found(tree("T1 B1 E1 G1", "T1>B1", "B1>E1", "E1>G1")) == [
        ("benefit-without-change", ("B1",)),
        ("benefit-without-change", ("E1",)),
    ]


def test_a_technology_that_only_leads_to_a_disbenefit_is_without_benefit() -> None:
    """B3."""
    one = tree("T1 T2 C1 B1 D1 G1", "T1>D1", "D1>G1", "T2>C1", "C1>B1", "B1>G1")

    assert ("technology-without-benefit", ("T1",)) in found(one)
    assert ("technology-without-benefit", ("T2",)) not in found(one)


def test_a_goal_that_no_benefit_reaches_is_found() -> None:
    """B3."""
    one = tree(ALL, *WHOLE[:3], "C1>G1")

    assert found(one) == [("goal-without-path", ("G1",))]


def test_a_cycle_is_named_in_the_order_of_its_edges() -> None:
    """B3."""
    one = tree("T1 C1 C2 C3 B1 G1", "T1>C2", "C2>C3", "C3>C1", "C1>C2", "C1>B1", "B1>G1")

    assert found(one) == [("cycle", ("C1", "C2", "C3"))]


def test_a_node_that_leads_to_itself_is_a_cycle() -> None:
    assert found(tree(ALL, *WHOLE, "C1>C1")) == [("cycle", ("C1",))]


def test_an_edge_back_closes_a_cycle_and_points_the_wrong_way() -> None:
    """B3."""
    assert found(tree(ALL, *WHOLE, "E1>C1")) == [
        ("cycle", ("C1", "B1", "E1")),
        ("wrong-direction", ("E1", "C1")),
    ]


def test_a_budget_reduction_without_a_change_in_the_work_is_found() -> None:
    """B4: less money and the same work."""
    one = tree("T1 B1 G1", "T1>B1", "B1>G1", B1=planned("B1", RealisationMode.BUDGET_REDUCTION))

    assert found(one) == [("benefit-without-change", ("B1",)), ("budget-without-change", ("B1",))]


@pytest.mark.parametrize(
    ("mode", "is_for_something"),
    [(RealisationMode.BUDGET_REDUCTION, True), (RealisationMode.REDEPLOYED, False)],
)
def test_a_change_leads_to_a_budget_or_to_a_goal(mode: RealisationMode, *, is_for_something: bool) -> None:
    """B4."""
    one = tree("T1 C1 B1", "T1>C1", "C1>B1", B1=planned("B1", mode))

    assert (("change-without-goal", ("C1",)) not in found(one)) is is_for_something


@pytest.mark.parametrize("has_owner", [True, False])
def test_a_disbenefit_needs_somebody_who_holds_its_owners_role(*, has_owner: bool) -> None:
    """B2: planned is not enough when the role is vacant."""
    node = planned("D1", RealisationMode.NON_PRICED, has_owner=has_owner, is_disbenefit=True)
    one = tree("T1 C1 B1 D1 G1", "T1>C1", "C1>B1", "B1>G1", "T1>D1", "D1>G1", D1=node)

    assert (found(one) == []) is has_owner


def test_shares_that_exceed_the_whole_are_found_with_their_sum() -> None:
    one = tree("T1 T2 C1 B1 G1", "T1>C1=0.7", "T2>C1=0.4", "C1>B1=1", "B1>G1=1")

    assert tree_findings(one) == (TreeFinding(Finding.SHARES_EXCEED_WHOLE, ("C1",), Decimal("1.1")),)


def test_what_a_disbenefit_takes_is_no_part_of_the_whole_that_others_bring() -> None:
    one = tree("T1 C1 B1 D1 G1", "T1>C1", "C1>B1", "B1>G1=0.9", "C1>D1", "D1>G1=0.3")

    assert found(one) == [("disbenefit-without-owner", ("D1",))]


def test_the_same_benefit_goal_or_name_twice_is_found() -> None:
    alike = planned("B1", RealisationMode.REDEPLOYED)
    nodes = {
        "B1": alike,
        "B2": replace(alike, key="B2", name="Other"),
        "G1": Node("G1", NodeKind.GOAL, "One", goal_id=UUID(int=9)),
        "G2": Node("G2", NodeKind.GOAL, "Two", goal_id=UUID(int=9)),
        "C1": Node("C1", NodeKind.CHANGE, "Measures  at home"),
        "C2": Node("C2", NodeKind.CHANGE, "measures at Home"),
    }
    one = tree("C1 C2 B1 B2 G1 G2", "C1>B1", "C2>B2", "B1>G1", "B2>G2", **nodes)

    assert [keys for code, keys in found(one) if code == "twice"] == [
        ("C1", "C2"),
        ("B1", "B2"),
        ("G1", "G2"),
    ]


def test_a_node_beside_the_tree_is_found() -> None:
    assert ("not-connected", ("E2",)) in found(tree(f"{ALL} E2", *WHOLE))


def test_a_chain_of_the_largest_size_is_checked_without_recursion() -> None:
    keys = [f"C{number}" for number in range(500)]
    edges = tuple(Edge(here, there) for here, there in pairwise(keys))
    nodes = tuple(Node(key, NodeKind.CHANGE, key) for key in keys)

    findings = tree_findings(BenefitTree(nodes, (*edges, Edge(keys[-1], keys[0]))))

    assert findings[0] == TreeFinding(Finding.CYCLE, tuple(keys))
    assert len(findings) == 501


@given(onward_trees())
def test_edges_that_all_go_onward_make_no_cycle(one: BenefitTree) -> None:
    assert not {code for code, _ in found(one)} & {"cycle", "wrong-direction"}


@given(any_trees())
def test_the_findings_are_those_of_a_search_from_every_node(one: BenefitTree) -> None:
    """An oracle that walks from each node on its own, as slowly as that is."""
    expected = set()
    for place, node in enumerate(one.nodes):
        after, before = beyond(place, one.effects), beyond(place, one.causes)
        kinds = {one.nodes[other].kind for other in before}
        ahead = {one.nodes[other].kind for other in after}
        expected |= {("on-cycle", node.key)} if place in after else set()
        if node.kind in BENEFITS and NodeKind.CHANGE not in kinds:
            expected.add(("benefit-without-change", node.key))
        if node.kind is NodeKind.TECHNOLOGY and not ahead & BENEFITS:
            expected.add(("technology-without-benefit", node.key))
        if node.kind is NodeKind.GOAL and not kinds & BENEFITS:
            expected.add(("goal-without-path", node.key))
        if node.kind is NodeKind.CHANGE and NodeKind.GOAL not in ahead:
            expected.add(("change-without-goal", node.key))

    on_cycles = {("on-cycle", key) for key in keys_on_cycles(one)}
    single = {(code, keys[0]) for code, keys in found(one) if code in CODES}

    assert single | on_cycles == expected


@given(any_trees())
def test_a_cycle_that_is_named_is_one(one: BenefitTree) -> None:
    edges = {(edge.cause, edge.effect) for edge in one.edges}

    for code, keys in found(one):
        if code == "cycle":
            assert set(zip(keys, (*keys[1:], keys[0]), strict=True)) <= edges
            assert len(set(keys)) == len(keys)


CODES = {"benefit-without-change", "technology-without-benefit", "goal-without-path", "change-without-goal"}


def beyond(start: int, steps: tuple[tuple[int, ...], ...]) -> set[int]:
    seen: set[int] = set()
    waiting = list(steps[start])
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting += steps[place]
    return seen


def keys_on_cycles(one: BenefitTree) -> set[str]:
    parts = [
        part for part in connected_parts(one.effects) if len(part) > 1 or part[0] in one.effects[part[0]]
    ]
    assert all(shortest_cycle(part, one.effects)[0] == part[0] for part in parts)
    return {one.nodes[place].key for part in parts for place in part}
