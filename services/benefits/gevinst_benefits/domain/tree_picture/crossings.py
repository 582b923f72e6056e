"""Few crossings: the order of the vertices within each column.

Finding the fewest is NP-hard; this sweeps over the columns from several starts, improves each result by
swapping neighbours, and keeps the best. The same lanes give the same order, always.

Source: Sugiyama, Tagawa and Toda 1981 (sweeps by barycentre); Gansner, Koutsofios, North and Vo 1993
(medians, transposing); Barth, Jünger and Mutzel 2002 (counting).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from gevinst_benefits.domain.tree_picture.layers import Lanes, neighbours

Order = list[list[int]]
Near = Sequence[Sequence[int]]
# How much is tried: more starts for small trees, where each is cheap, and always the first two. Swapping
# neighbours costs more than a sweep: in a large tree it is done once, at the end of the sweeps.
_WORK, _MOST_STARTS, _LEAST_STARTS = 24_000, 40, 2
_SWEEPS, _PATIENCE, _SMALL = 24, 4, 600


def count_crossings(order: Sequence[Sequence[int]], right: Near) -> int:
    """How many pairs of edges cross between neighbouring columns; `right[v]` are the vertices that `v` is
    joined with in the next column.

    Check: a over b joined with d and c of c over d cross once.
    """
    total = 0
    for here, there in pairwise(order):
        place = {vertex: number for number, vertex in enumerate(there)}
        ends = [end for vertex in here for end in sorted(place[other] for other in right[vertex])]
        total += _inversions(ends, len(there))
    return total


def few_crossings(lanes: Lanes) -> Order:
    """The columns of `lanes`, each in an order that makes few edges cross.

    Never more crossings than sweeping by barycentre from the order that is given.
    """
    left, right = neighbours(lanes)
    joints = sum(map(len, right))
    starts = max(_LEAST_STARTS, min(_MOST_STARTS, _WORK // (lanes.vertex_count + joints + 1)))
    best: Order = [list(layer) for layer in lanes.layers]
    fewest = count_crossings(best, right)
    for start in _starts(lanes, left, right, starts):
        order, crossings = _improved(start, left, right)
        if crossings < fewest:
            best, fewest = order, crossings
        if not fewest:
            break
    return best


def _starts(lanes: Lanes, left: Near, right: Near, count: int) -> Iterator[Order]:
    """Orders to begin with: as given, as a walk from the left and from the right meets them, and by lot."""
    given = [list(layer) for layer in lanes.layers]
    yield [list(layer) for layer in given]
    yield _walked(given, [*given[0]] if given else [], right, left)
    rng = random.Random(1)  # noqa: S311 - a different start, not a secret
    for number in range(count - 2):
        if number == 0:
            yield _walked(given, [*given[-1]] if given else [], left, right)
        else:
            yield [rng.sample(layer, len(layer)) for layer in given]


def _walked(given: Order, roots: list[int], first: Near, second: Near) -> Order:
    """Each column in the order in which a walk in depth meets its vertices."""
    met: dict[int, None] = {}
    rest = [vertex for layer in given for vertex in layer]
    for root in (*roots, *rest):
        waiting = [root]
        while waiting:
            vertex = waiting.pop()
            if vertex not in met:
                met[vertex] = None
                waiting += [*reversed(second[vertex]), *reversed(first[vertex])]
    number = {vertex: place for place, vertex in enumerate(met)}
    return [sorted(layer, key=number.__getitem__) for layer in given]


def _improved(order: Order, left: Near, right: Near) -> tuple[Order, int]:
    """Sweeps to and fro, by mean and by median in turn, until they no longer help."""
    is_small = len(left) + sum(map(len, right)) <= _SMALL
    best, fewest, since = [list(layer) for layer in order], count_crossings(order, right), 0
    for sweep in range(_SWEEPS):
        _sweep(order, left, right, centre=_median if sweep % 4 >= 2 else _mean, is_forward=sweep % 2 == 0)
        if is_small:
            _transpose(order, left, right)
        crossings = count_crossings(order, right)
        since += 1
        if crossings < fewest:
            best, fewest, since = [list(layer) for layer in order], crossings, 0
        if not fewest or since == _PATIENCE:
            break
    if not is_small:
        _transpose(best, left, right)
        fewest = count_crossings(best, right)
    return best, fewest


def _sweep(
    order: Order, left: Near, right: Near, *, centre: Callable[[list[int]], float], is_forward: bool
) -> None:
    """Put each column in the order of its neighbours' centres in the column just passed."""
    columns = range(1, len(order)) if is_forward else range(len(order) - 2, -1, -1)
    near = left if is_forward else right
    for column in columns:
        passed = order[column - 1 if is_forward else column + 1]
        place = {vertex: number for number, vertex in enumerate(passed)}
        wanted = {
            vertex: centre(sorted(place[other] for other in near[vertex]))
            for vertex in order[column]
            if near[vertex]
        }
        # Those without neighbours there stay where they are; the others share the places that are left.
        sorted_ones = iter(sorted(wanted, key=wanted.__getitem__))
        order[column] = [next(sorted_ones) if vertex in wanted else vertex for vertex in order[column]]


def _mean(places: list[int]) -> float:
    return sum(places) / len(places)


def _median(places: list[int]) -> float:
    return (places[(len(places) - 1) // 2] + places[len(places) // 2]) / 2


def _transpose(order: Order, left: Near, right: Near) -> None:
    """Swap neighbours in a column as long as that takes crossings away."""
    place = {vertex: number for layer in order for number, vertex in enumerate(layer)}
    ends = [
        [sorted(place[other] for other in near[vertex]) for near in (left, right)]
        for vertex in range(len(left))
    ]
    waiting = set(range(len(order)))
    while waiting:
        column = min(waiting)
        waiting.discard(column)
        if _transposed(order[column], ends):
            place |= {vertex: number for number, vertex in enumerate(order[column])}
            for other in (column - 1, column + 1):
                if 0 <= other < len(order):
                    waiting.add(other)
                    for vertex in order[other]:
                        ends[vertex] = [sorted(place[end] for end in near[vertex]) for near in (left, right)]


def _transposed(layer: list[int], ends: Sequence[Sequence[list[int]]]) -> bool:
    has_changed = False
    is_improving = True
    while is_improving:
        is_improving = False
        for at in range(len(layer) - 1):
            above, below = ends[layer[at]], ends[layer[at + 1]]
            if _gain(above[0], below[0]) + _gain(above[1], below[1]) > 0:
                layer[at], layer[at + 1] = layer[at + 1], layer[at]
                has_changed = is_improving = True
    return has_changed


def _gain(above: list[int], below: list[int]) -> int:
    """How many crossings go away when the vertex below comes first; both ends in order."""
    if not above or not below:
        return 0
    if above[-1] < below[0]:
        # Nothing crosses as it is, and everything would.
        return -len(above) * len(below)
    return _crossed(above, below) - _crossed(below, above)


def _crossed(above: list[int], below: list[int]) -> int:
    """How many edges of the vertex above cross those of the vertex below; both ends in order."""
    total = passed = 0
    for end in above:
        while passed < len(below) and below[passed] < end:
            passed += 1
        total += passed
    return total


def _inversions(ends: Sequence[int], size: int) -> int:
    """How many pairs stand in the wrong order, by a tree of counts."""
    counts = [0] * (size + 1)
    total = 0
    for seen, end in enumerate(ends):
        at = end + 1
        not_after = 0
        while at:
            not_after += counts[at]
            at &= at - 1
        total += seen - not_after
        at = end + 1
        while at <= size:
            counts[at] += 1
            at += at & -at
    return total
