"""Where each vertex stands in its column: near those it is joined with, long edges straight, none too close.

Each column in turn moves to where its neighbours pull it, as far as order and distances allow: a least
squares problem per column, solved exactly by pooling (isotonic regression).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gevinst_benefits.domain.tree_picture.layers import Lanes, neighbours

NODE_GAP, BEND_GAP = 18.0, 12.0
# How strongly an edge pulls: the bends of one edge hold together, so that it is straight.
_PULL = {0: 1.0, 1: 3.0, 2: 10.0}
_ROUNDS = 24
_SNAP = 14.0


@dataclass(frozen=True, slots=True)
class Spacing:
    """The columns from top to bottom: `apart[c][i]` is how far the middles of the vertices `i` and `i + 1`
    of column `c` must be from each other."""

    order: Sequence[Sequence[int]]
    apart: Sequence[Sequence[float]]


def spacing_of(lanes: Lanes, order: Sequence[Sequence[int]], heights: Sequence[float]) -> Spacing:
    """`heights` are those of the nodes; a bend has none."""
    tall = [*heights, *(0.0 for _ in range(lanes.vertex_count - lanes.node_count))]
    return Spacing(order, [_distances(layer, tall, lanes.node_count) for layer in order])


def vertical_places(lanes: Lanes, spacing: Spacing) -> Mapping[int, float]:
    """The middle of each vertex, downwards. Those of a column keep their order and their distances."""
    places = _packed(spacing)
    left, right = neighbours(lanes)
    for turn in range(_ROUNDS):
        is_forward = turn % 2 == 0
        count = len(spacing.order)
        for column in range(count) if is_forward else range(count - 1, -1, -1):
            sides = (left, right) if turn >= _ROUNDS // 2 else ((left,) if is_forward else (right,))
            _settle(column, spacing, places, sides, lanes.node_count)
    _snap(spacing, places, (left, right))
    return places


def level_bends(
    lanes: Lanes, spacing: Spacing, places: Mapping[int, float], ends: Mapping[int, tuple[float, float]]
) -> Mapping[int, float]:
    """The places with all bends of an edge at one height where there is room for that.

    At the height of one of the edge's `ends` when possible: then the line bends once instead of twice.
    """
    levelled = dict(places)
    room = _room(spacing)
    for number, chain in enumerate(lanes.chains):
        bends = chain[1:-1]
        if bends:
            low = max(_lowest(bend, room, levelled) for bend in bends)
            high = min(_highest(bend, room, levelled) for bend in bends)
            middle = sorted(levelled[bend] for bend in bends)[len(bends) // 2]
            within = [end for end in ends[number] if low <= end <= high]
            if low <= high:
                nearest = min(within, key=lambda end: abs(end - middle), default=middle)
                levelled |= dict.fromkeys(bends, min(max(nearest, low), high))
    return levelled


def spread(wanted: Sequence[float], weights: Sequence[float], apart: Sequence[float]) -> list[float]:
    """The places nearest to `wanted` (least weighted squares) with `apart[i]` or more from `i` to `i + 1`.

    Check: both wanted at 0 with equal weights and 10 apart stand at −5 and 5.
    """
    offset, offsets = 0.0, [0.0]
    for distance in apart:
        offset += distance
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for want, weight, shift in zip(wanted, weights, offsets, strict=False):
        block = (want - shift, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, heavy, count = blocks.pop()
            both = heavy + block[1]
            block = ((mean * heavy + block[0] * block[1]) / both, both, count + block[2])
        blocks.append(block)
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + shift for mean, shift in zip(means, offsets, strict=False)]


def _distances(layer: Sequence[int], tall: Sequence[float], node_count: int) -> list[float]:
    """How far apart the middles of neighbours in a column must be."""
    return [
        (tall[above] + tall[below]) / 2
        + (NODE_GAP if above < node_count and below < node_count else BEND_GAP)
        for above, below in pairwise(layer)
    ]


def _packed(spacing: Spacing) -> dict[int, float]:
    """Every column as close together as can be, around 0."""
    places: dict[int, float] = {}
    for layer, distances in zip(spacing.order, spacing.apart, strict=True):
        at = -sum(distances) / 2
        for vertex, distance in zip(layer, [*distances, 0.0], strict=True):
            places[vertex] = at
            at += distance
    return places


def _settle(
    column: int,
    spacing: Spacing,
    places: dict[int, float],
    sides: Sequence[Sequence[Sequence[int]]],
    node_count: int,
) -> None:
    layer = spacing.order[column]
    wanted, weights = [], []
    for vertex in layer:
        weight, pull = 0.01, 0.01 * places[vertex]
        for near in sides:
            for other in near[vertex]:
                strength = _PULL[(vertex >= node_count) + (other >= node_count)]
                weight += strength
                pull += strength * places[other]
        wanted.append(pull / weight)
        weights.append(weight)
    places |= zip(layer, spread(wanted, weights, spacing.apart[column]), strict=True)


def _snap(spacing: Spacing, places: dict[int, float], sides: Sequence[Sequence[Sequence[int]]]) -> None:
    """Take the last small step to the height of the nearest neighbour, so that a line is quite level."""
    room = _room(spacing)
    for layer in spacing.order:
        for vertex in layer:
            near = [places[other] for side in sides for other in side[vertex]]
            nearest = min(near, key=lambda place: abs(place - places[vertex]), default=places[vertex])
            if abs(nearest - places[vertex]) < _SNAP and (
                _lowest(vertex, room, places) <= nearest <= _highest(vertex, room, places)
            ):
                places[vertex] = nearest


Room = Mapping[int, tuple[int | None, float, int | None, float]]


def _room(spacing: Spacing) -> Room:
    """For each vertex the one above and the one below it, with the distances to keep."""
    found: dict[int, tuple[int | None, float, int | None, float]] = {}
    for layer, distances in zip(spacing.order, spacing.apart, strict=True):
        for at, vertex in enumerate(layer):
            above, below = (layer[at - 1] if at else None), (layer[at + 1] if at + 1 < len(layer) else None)
            found[vertex] = (
                above,
                distances[at - 1] if at else 0.0,
                below,
                distances[at] if below is not None else 0.0,
            )
    return found


def _lowest(vertex: int, room: Room, places: Mapping[int, float]) -> float:
    above, distance, _, _ = room[vertex]
    return float("-inf") if above is None else places[above] + distance


def _highest(vertex: int, room: Room, places: Mapping[int, float]) -> float:
    _, _, below, distance = room[vertex]
    return float("inf") if below is None else places[below] - distance
