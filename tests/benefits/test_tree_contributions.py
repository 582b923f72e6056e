"""How much of a goal the nodes of a tree carry: worked by hand, bounded where unknown, and path by path."""

import random
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gevinst_benefits.domain.benefit_tree.checks import counts_against, share_totals
from gevinst_benefits.domain.benefit_tree.contributions import (
    Contribution,
    GoesRound,
    SharesExceedWhole,
    contributions,
)
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge
from gevinst_benefits.domain.decimals import decimal_text
from tests.benefits.trees import onward_trees, telemedicine, tree


def shares(one: BenefitTree, effect: str) -> dict[str, tuple[str | None, str, str]]:
    return {
        c.key: (
            None if c.share is None else decimal_text(c.share),
            decimal_text(c.at_least),
            decimal_text(c.at_most),
        )
        for c in contributions(one, effect)
    }


def known(text: str) -> tuple[str, str, str]:
    return (text, text, text)


def test_shares_multiply_along_a_path_and_add_over_paths() -> None:
    """0.5 × 0.8 + 0.1 = 0.5."""
    one = tree("T1 C1 B1", "T1>C1=0.5", "C1>B1=0.8", "T1>B1=0.1")

    assert shares(one, "B1") == {"T1": known("0.5"), "C1": known("0.8")}


def test_a_share_that_is_missing_is_unknown_and_not_zero() -> None:
    """B6. B1 gets 0.7 from C1, so T1 brings it at most the 0.3 that are left, and 0.35 through C1."""
    one = tree("T1 C1 B1", "T1>C1=0.5", "C1>B1=0.7", "T1>B1")

    assert shares(one, "B1") == {"T1": (None, "0.35", "0.65"), "C1": known("0.7")}


def test_a_share_of_zero_is_known() -> None:
    assert shares(tree("C1 B1", "C1>B1=0"), "B1") == {"C1": known("0")}


def test_shares_that_are_missing_divide_what_is_left_between_them() -> None:
    """Each of two may bring all of the 0.4 that the third leaves, but not both: upstream at most 0.4 too."""
    one = tree("T1 C1 C2 C3 B1", "T1>C1=1", "T1>C2=1", "C1>B1", "C2>B1", "C3>B1=0.6")

    assert shares(one, "B1")["T1"] == (None, "0", "0.4")


def test_a_disbenefit_takes_away() -> None:
    """C1 brings 0.9 of the goal through B1 and takes 0.5 × 0.2 of it through D1."""
    one = tree("C1 B1 D1 G1", "C1>B1=1", "C1>D1=0.5", "B1>G1=0.9", "D1>G1=0.2")

    assert shares(one, "G1") == {"C1": known("0.8"), "B1": known("0.9"), "D1": known("-0.2")}


def test_what_does_not_lead_to_the_effect_is_not_listed() -> None:
    one = tree("T1 C1 C2 B1 B2", "T1>C1=1", "C1>B1=1", "C2>B2=1")

    assert set(shares(one, "B1")) == {"T1", "C1"}


def test_telemedicine_says_how_much_of_living_longer_at_home_each_carries() -> None:
    """Worked case 4: measuring at home gives 0.8 of mastering the illness, which gives 0.4 directly and
    0.6 × 0.5 through fewer admissions: 0.8 × 0.7 = 0.56."""
    assert shares(telemedicine(), "G1") == {
        "T1": (None, "0", "0.56"),
        "T2": (None, "0", "0.56"),
        "C1": known("0.56"),
        "B3": known("0.7"),
        "E2": known("0.5"),
    }


def test_a_cycle_on_the_way_is_refused_and_named() -> None:
    one = tree("C1 C2 B1", "C1>C2=1", "C2>C1=1", "C2>B1=1")

    with pytest.raises(GoesRound) as refused:
        contributions(one, "B1")

    assert refused.value.values == {"cycle": "C1 → C2 → C1"}


def test_shares_that_exceed_the_whole_are_refused_and_named() -> None:
    one = tree("C1 C2 B1 E1", "C1>B1=0.7", "C2>B1=0.7", "B1>E1=1")

    with pytest.raises(SharesExceedWhole) as refused:
        contributions(one, "E1")

    assert refused.value.values == {"node": "B1 name", "total": "1.4"}


def test_a_cycle_elsewhere_does_not_matter() -> None:
    one = tree("C1 C2 C3 B1", "C1>C2=1", "C2>C1=1", "C3>B1=0.5")

    assert shares(one, "B1") == {"C3": known("0.5")}


@given(onward_trees(with_disbenefits=True))
def test_every_path_on_its_own_comes_to_the_same(one: BenefitTree) -> None:
    assume(all(total <= 1 for total in share_totals(one).values()))
    goal = one.nodes[-1].key

    for part in contributions(one, goal):
        paths = list(every_path(one, part.key, goal))
        if any(edge.share is None for path in paths for edge in path):
            assert part.share is None
        else:
            assert part.share == sum((worth(one, path) for path in paths), Decimal(0))


@given(onward_trees(6), st.integers(0, 2**32))
def test_whatever_the_missing_shares_turn_out_to_be_the_bounds_hold_and_are_met(
    one: BenefitTree, seed: int
) -> None:
    """Without disbenefits both bounds can be reached: by giving what is left to nobody, or to one cause."""
    assume(all(total <= 1 for total in share_totals(one).values()))
    goal = one.nodes[-1].key
    bounds = {part.key: part for part in contributions(one, goal)}
    tried: dict[str, list[Decimal]] = {key: [] for key in bounds}
    for filled in (*extremes(one), by_lot(one, random.Random(seed))):
        for part in contributions(filled, goal):
            assert part.share is not None
            tried[part.key].append(part.share)

    for key, part in bounds.items():
        assert all(part.at_least - EPSILON <= share <= part.at_most + EPSILON for share in tried[key])
        assert min(tried[key]) == pytest.approx(part.at_least)
        assert max(tried[key]) == pytest.approx(part.at_most)


@given(onward_trees(6, with_disbenefits=True), st.integers(0, 2**32))
def test_with_disbenefits_the_bounds_hold(one: BenefitTree, seed: int) -> None:
    assume(all(total <= 1 for total in share_totals(one).values()))
    goal = one.nodes[-1].key
    bounds = {part.key: part for part in contributions(one, goal)}

    for part in contributions(by_lot(one, random.Random(seed)), goal):
        assert within(part, bounds[part.key])


@given(onward_trees())
def test_nobody_carries_more_than_the_whole(one: BenefitTree) -> None:
    assume(all(total <= 1 for total in share_totals(one).values()))

    for part in contributions(one, one.nodes[-1].key):
        assert Decimal(0) <= part.at_least <= part.at_most <= Decimal(1)


EPSILON = Decimal("1e-20")


def within(part: Contribution, bounds: Contribution) -> bool:
    assert part.share is not None
    return bounds.at_least - EPSILON <= part.share <= bounds.at_most + EPSILON


def every_path(one: BenefitTree, start: str, end: str) -> list[list[Edge]]:
    """Brute force: each way from start to end, as its edges."""
    if start == end:
        return [[]]
    onward = [edge for edge in one.edges if edge.cause == start]
    return [[edge, *rest] for edge in onward for rest in every_path(one, edge.effect, end)]


def worth(one: BenefitTree, path: list[Edge]) -> Decimal:
    whole = Decimal(1)
    for edge in path:
        assert edge.share is not None
        whole *= -edge.share if counts_against(one, edge) else edge.share
    return whole


def gaps(one: BenefitTree) -> dict[tuple[str, bool], list[Edge]]:
    found: dict[tuple[str, bool], list[Edge]] = {}
    for edge in one.edges:
        if edge.share is None:
            found.setdefault((edge.effect, counts_against(one, edge)), []).append(edge)
    return found


def extremes(one: BenefitTree) -> list[BenefitTree]:
    """What is left of each effect goes to none of its unknown causes, or all of it to one."""
    open_ends = gaps(one)
    totals = share_totals(one)
    choices = [[None, *edges] for edges in open_ends.values()]
    filled = []
    for chosen in list(product(*choices))[:400]:
        given_to = {
            (edge.cause, edge.effect): 1 - totals.get(place, Decimal(0))
            for place, edge in zip(open_ends, chosen, strict=True)
            if edge is not None
        }
        filled.append(with_shares(one, given_to))
    return filled


def by_lot(one: BenefitTree, rng: random.Random) -> BenefitTree:
    totals = share_totals(one)
    given_to = {}
    for place, edges in gaps(one).items():
        left = 1 - totals.get(place, Decimal(0))
        for edge in edges:
            part = left * Decimal(rng.random())
            given_to[edge.cause, edge.effect] = part
            left -= part
    return with_shares(one, given_to)


def with_shares(one: BenefitTree, given_to: dict[tuple[str, str], Decimal]) -> BenefitTree:
    edges = tuple(
        Edge(e.cause, e.effect, given_to.get((e.cause, e.effect), Decimal(0)) if e.share is None else e.share)
        for e in one.edges
    )
    return BenefitTree(one.nodes, edges)
