"""B12, G8: the trees of several projects as one; what is shared stands, and counts, once."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.benefit_tree.checks import Finding
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Node, NodeKind, PlannedBenefit
from gevinst_benefits.domain.benefit_tree.unions import (
    Appearance,
    Carried,
    ProjectTree,
    TooManyToUnite,
    carried_by_project,
    towards,
    united,
    united_findings,
)
from gevinst_benefits.domain.plan.benefits import RealisationMode
from tests.benefits.trees import onward_trees, tree

A, B = UUID(int=1), UUID(int=2)
SHARED = PlannedBenefit(UUID(int=11), A, RealisationMode.REDEPLOYED)
GOAL = Node("G1", NodeKind.GOAL, "Longer at home", goal_id=UUID(int=21))
HOURS = Node("B1", NodeKind.BENEFIT, "Saved hours", benefit=SHARED)


def two(*edges_of_b: str, edges_of_a: tuple[str, ...] = ("C1>B1", "B1>G1=0.5")) -> list[ProjectTree]:
    """Two projects that lead to one goal; both trees have A's benefit."""
    first = tree("C1 B1 G1", *edges_of_a, B1=HOURS, G1=GOAL)
    second = tree("C1 B1 B2 G9", *edges_of_b, B1=HOURS, G9=replace(GOAL, key="G9"))
    return [ProjectTree(A, "Post", first), ProjectTree(B, "Care", second)]


def test_shared_goals_and_benefits_stand_once_and_the_rest_by_its_project() -> None:
    whole = united(two("C1>B2", "B2>G9"))

    assert [node.key for node in whole.tree.nodes] == ["1.C1", "1.B1", "1.G1", "2.C1", "2.B2"]
    assert whole.appearances["1.G1"] == (Appearance(A, "G1"), Appearance(B, "G9"))
    assert [(edge.cause, edge.effect) for edge in whole.tree.edges] == [
        ("1.C1", "1.B1"),
        ("1.B1", "1.G1"),
        ("2.C1", "2.B2"),
        ("2.B2", "1.G1"),
    ]


def test_a_benefit_in_two_trees_is_found_and_counts_for_its_plans_project() -> None:
    """B12."""
    whole = united(two("C1>B1", "B1>G9"))

    assert (Finding.COUNTED_TWICE, ("1.B1",)) in [(f.finding, f.keys) for f in united_findings(whole)]
    assert (whole.counted_in("1.B1"), whole.counted_in("2.C1")) == (A, B)


def test_an_edge_in_two_trees_counts_once_with_the_share_of_the_plans_project() -> None:
    """B12: two trees that tell the same are not two effects."""
    whole = united(two("C1>B1", "B1>G9=0.3")[::-1])

    shares = {(e.cause, e.effect): e.share for e in whole.tree.edges}
    assert shares["1.B1", "1.G9"] == Decimal("0.5")
    assert (Finding.SHARES_DIFFER, ("1.B1", "1.G9")) in [(f.finding, f.keys) for f in united_findings(whole)]


def test_projects_that_together_claim_more_than_the_goal_are_found() -> None:
    whole = united(two("C1>B2", "B2>G9=0.7"))

    assert [(f.keys, f.total) for f in united_findings(whole) if f.total is not None] == [
        (("1.G1",), Decimal("1.2"))
    ]


def test_each_project_carries_what_counts_for_it() -> None:
    """A's benefit brings 0.5 though B's tree leads to the goal with it too; B's own brings 0.2."""
    whole = united(two("C1>B1", "B1>G9=0.5", "C1>B2", "B2>G9=0.2"))

    assert carried_by_project(whole, "1.G1") == (
        Carried(A, Decimal("0.5"), Decimal("0.5"), Decimal("0.5")),
        Carried(B, Decimal("0.2"), Decimal("0.2"), Decimal("0.2")),
    )


def test_what_a_project_carries_is_unknown_when_a_share_is() -> None:
    """B6: at most what the others leave."""
    whole = united(two("C1>B2", "B2>G9"))

    assert carried_by_project(whole, "1.G1")[1] == Carried(B, None, Decimal(0), Decimal("0.5"))


def test_only_what_leads_to_the_goal_is_kept() -> None:
    whole = towards(united(two("C1>B1")), "1.G1")

    assert [node.key for node in whole.tree.nodes] == ["1.C1", "1.B1", "1.G1", "2.C1"]
    assert set(whole.appearances) == {"1.C1", "1.B1", "1.G1", "2.C1"}


def test_more_than_a_picture_takes_is_refused() -> None:
    large = BenefitTree(tuple(Node(f"T{n}", NodeKind.TECHNOLOGY, "T") for n in range(500)), ())

    with pytest.raises(TooManyToUnite):
        united([ProjectTree(UUID(int=number), "P", large) for number in range(5)])


@given(st.lists(onward_trees(), max_size=4))
def test_trees_that_share_nothing_stand_side_by_side(trees: list[BenefitTree]) -> None:
    whole = united([ProjectTree(UUID(int=n), str(n), one) for n, one in enumerate(trees)])

    assert len(whole.tree.nodes) == sum(len(one.nodes) for one in trees)
    assert len(whole.tree.edges) == sum(len(one.edges) for one in trees)
    assert sum(len(found) for found in whole.appearances.values()) == len(whole.tree.nodes)
