"""How much of an effect each node of a tree carries along the paths to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_benefits.domain.benefit_tree.checks import counts_against, share_totals
from gevinst_benefits.domain.benefit_tree.ordering import (
    connected_parts,
    is_cyclic,
    reached,
    shortest_cycle,
)
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, as_it_counts, cycle_text
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_shared.values.refusal import Refusal

ZERO, ONE = Decimal(0), Decimal(1)


class GoesRound(Refusal):
    code = "tree-goes-round"
    title = "The tree goes round"
    detail = "A share along a cycle has no meaning: {cycle}. Take one of these edges out first."


class SharesExceedWhole(Refusal):
    code = "tree-shares-exceed-whole"
    title = "Shares come to more than the whole"
    detail = (
        "The shares of what leads to {node} come to {total}, more than the whole. Lower some of them first."
    )


@dataclass(frozen=True, slots=True)
class Contribution:
    """`share` of the effect, 0 to 1, below 0 for what works against it; None as soon as one is not known.

    `at_least` and `at_most` hold whatever the shares that are not known turn out to be. `is_ended`: it is a
    benefit that was closed or moved, through which nothing counts any more.
    """

    key: str
    share: Decimal | None
    at_least: Decimal
    at_most: Decimal
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class _Arrow:
    """An edge into a node; `sign` is −1 for what a disbenefit takes, `share` None when not known."""

    cause: int
    sign: int
    share: Decimal | None


def contributions(tree: BenefitTree, effect: str) -> tuple[Contribution, ...]:
    """What each node that leads to `effect` carries of it, in the order of the nodes.

    The sum over all paths of the product of the shares on each. Shares that are missing are not zero (B6):
    those into one node, together, are at most what the known ones leave of the whole, so there are bounds.
    Without disbenefits both bounds can be reached; with them they hold and may be wide.

    Check: T → C at 0.5, C → B at 0.8, T → B at 0.1: T carries 0.5 × 0.8 + 0.1 = 0.5 of B.
    Refuses a tree that goes round on the way to the effect (`GoesRound`), and one where shares into a node
    exceed the whole (`SharesExceedWhole`).
    """
    tree = as_it_counts(tree)
    goal = tree.place_of[effect]
    on_the_way = reached([goal], tree.causes)
    order = _in_order(tree, on_the_way)
    _refuse_excess(tree, on_the_way)
    arrows = _arrows(tree, on_the_way)
    left = _left(tree)
    shares = _known_shares(order, arrows, goal)
    found = []
    for place in sorted(on_the_way - {goal}):
        node, share = tree.nodes[place], shares[place]
        low, high = (share, share) if share is not None else _bounds(place, goal, order, arrows, left)
        found.append(Contribution(node.key, share, low, high, node.is_ended))
    return tuple(found)


def _in_order(tree: BenefitTree, on_the_way: set[int]) -> list[int]:
    """The nodes on the way, causes before effects."""
    order = []
    for part in connected_parts(tree.effects):
        if part[0] in on_the_way:
            if is_cyclic(part, tree.effects):
                cycle = shortest_cycle(part, tree.effects)
                raise GoesRound(cycle=cycle_text(tuple(tree.nodes[place].key for place in cycle))[:1000])
            order.append(part[0])
    return order


def _refuse_excess(tree: BenefitTree, on_the_way: set[int]) -> None:
    for (key, _), total in share_totals(tree).items():
        place = tree.place_of[key]
        if total > 1 and place in on_the_way:
            raise SharesExceedWhole(node=tree.nodes[place].name, total=decimal_text(total))


def _arrows(tree: BenefitTree, on_the_way: set[int]) -> Mapping[int, list[_Arrow]]:
    found: dict[int, list[_Arrow]] = {place: [] for place in on_the_way}
    for edge in tree.edges:
        cause, effect = tree.place_of[edge.cause], tree.place_of[edge.effect]
        if effect in on_the_way:
            found[effect].append(_Arrow(cause, -1 if counts_against(tree, edge) else 1, edge.share))
    return found


def _left(tree: BenefitTree) -> Mapping[tuple[int, int], Decimal]:
    """What the known shares leave of the whole, by node and sign."""
    totals = share_totals(tree)
    return {
        (place, sign): max(ZERO, ONE - totals.get((node.key, sign < 0), ZERO))
        for place, node in enumerate(tree.nodes)
        for sign in (1, -1)
    }


def _known_shares(
    order: Sequence[int], arrows: Mapping[int, Sequence[_Arrow]], goal: int
) -> dict[int, Decimal | None]:
    """Backwards from the goal: what each node carries of it; None when a share on the way is missing."""
    found: dict[int, Decimal | None] = dict.fromkeys(order, ZERO)
    found[goal] = ONE
    for place in reversed(order):
        whole = found[place]
        for arrow in arrows[place]:
            so_far = found[arrow.cause]
            if whole is None or arrow.share is None or so_far is None:
                found[arrow.cause] = None
            else:
                found[arrow.cause] = so_far + arrow.sign * arrow.share * whole
    return found


def _bounds(
    start: int,
    goal: int,
    order: Sequence[int],
    arrows: Mapping[int, Sequence[_Arrow]],
    left: Mapping[tuple[int, int], Decimal],
) -> tuple[Decimal, Decimal]:
    """Forwards from `start`: the least and the most of each node after it that comes from it."""
    found = {start: (ONE, ONE)}
    for place in order[order.index(start) + 1 :]:
        incoming = [arrow for arrow in arrows[place] if arrow.cause in found]
        if incoming:
            found[place] = _bounds_here(place, incoming, found, left)
    return found[goal]


def _bounds_here(
    place: int,
    incoming: Sequence[_Arrow],
    found: Mapping[int, tuple[Decimal, Decimal]],
    left: Mapping[tuple[int, int], Decimal],
) -> tuple[Decimal, Decimal]:
    low = high = ZERO
    for sign in (1, -1):
        mine = [arrow for arrow in incoming if arrow.sign == sign]
        lows, highs = [], []
        for arrow in mine:
            ends = [sign * end for end in found[arrow.cause]]
            if arrow.share is None:
                lows.append(min(ends))
                highs.append(max(ends))
            else:
                low += arrow.share * min(ends)
                high += arrow.share * max(ends)
        # The unknown shares divide what is left between them, or take none of it.
        low += left[place, sign] * min([ZERO, *lows])
        high += left[place, sign] * max([ZERO, *highs])
    return low, high
