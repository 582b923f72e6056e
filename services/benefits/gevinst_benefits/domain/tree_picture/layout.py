"""A benefit tree laid out from left to right: boxes with their lines of text, and the way of each edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, NodeKind
from gevinst_benefits.domain.tree_picture.coordinates import level_bends, spacing_of, vertical_places
from gevinst_benefits.domain.tree_picture.crossings import count_crossings, few_crossings
from gevinst_benefits.domain.tree_picture.layers import Lanes, lanes, neighbours
from gevinst_shared.charts.labels import text_width, wrapped

TEXT_SIZE, LINE_HEIGHT, PADDING = 13.0, 17.0, 10.0
NARROWEST, WIDEST = 96.0, 190.0
# Between columns: wide enough for the curves, wider where many edges pass.
_GAP, _GAP_PER_EDGE, _WIDEST_GAP = 64.0, 2.2, 190.0
_PORT_GAP, _MOST_PORTS = 13.0, 12

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its left upper corner, its size, and its name in lines."""

    key: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """An edge from cause to effect. Points come in pairs: within a pair the line is level, between two
    pairs it may rise or fall. An edge from a node to itself has none."""

    cause: str
    effect: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Column:
    kind: NodeKind
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """In units of a pixel at ordinary size; x from left to right, y downwards, both from 0."""

    width: float
    height: float
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    crossings: int


def layout_of(tree: BenefitTree) -> Layout:
    """The tree in columns by kind, with few crossings and without overlaps; the same tree, the same picture.

    Refuses what cannot be drawn with a bounded number of bends (`TooDeepToDraw`).
    """
    found = lanes(tree)
    order = few_crossings(found)
    labels = [wrapped(node.name, WIDEST - 2 * PADDING, TEXT_SIZE) for node in tree.nodes]
    heights = _heights(found, labels)
    columns = _columns(found, labels)
    middles = _middles(found, order, heights)
    boxes = _boxes(tree, found, columns, (labels, heights), middles)
    return Layout(
        width=_round(columns[-1].x + columns[-1].width) if columns else 0.0,
        height=_round(max((*(box.y + box.height for box in boxes), *middles.values()), default=0.0)),
        columns=columns,
        boxes=boxes,
        ways=_ways(tree, found, columns, middles, heights),
        crossings=count_crossings(order, neighbours(found)[1]),
    )


def _middles(found: Lanes, order: Sequence[Sequence[int]], heights: Sequence[float]) -> Mapping[int, float]:
    spacing = spacing_of(found, order, heights)
    places = vertical_places(found, spacing)
    leaving, arriving = (_ports(found, places, heights, is_leaving=side) for side in (True, False))
    ends = {number: (leaving[number], arriving[number]) for number in leaving}
    places = level_bends(found, spacing, places, ends)
    tall = dict(enumerate(heights))
    top = min((place - tall.get(vertex, 0.0) / 2 for vertex, place in places.items()), default=0.0)
    return {vertex: place - top for vertex, place in places.items()}


def _heights(found: Lanes, labels: Sequence[Sequence[str]]) -> list[float]:
    """As high as its lines of text, and as many edges on one side as have room there."""
    sides = [[0, 0] for _ in labels]
    for chain in found.chains:
        if chain:
            sides[chain[0]][0] += 1
            sides[chain[-1]][1] += 1
    return [
        max(len(lines) * LINE_HEIGHT + 2 * PADDING, min(max(ends), _MOST_PORTS) * _PORT_GAP + 8)
        for lines, ends in zip(labels, sides, strict=True)
    ]


def _columns(found: Lanes, labels: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Each column as wide as its longest line."""
    passing = [0] * len(found.layers)
    column_of = _column_of(found)
    for chain in found.chains:
        for vertex in chain[:-1]:
            passing[column_of[vertex]] += 1
    columns, x = [], 0.0
    for kind, layer, edges in zip(found.kinds, found.layers, passing, strict=True):
        lines = [line for vertex in layer if vertex < found.node_count for line in labels[vertex]]
        longest = max(text_width(line, TEXT_SIZE) for line in lines)
        width = min(max(longest + 2 * PADDING, NARROWEST), WIDEST)
        columns.append(Column(kind, _round(x), _round(width)))
        x += width + min(_GAP + _GAP_PER_EDGE * edges, _WIDEST_GAP)
    return tuple(columns)


def _column_of(found: Lanes) -> Mapping[int, int]:
    return {vertex: column for column, layer in enumerate(found.layers) for vertex in layer}


def _boxes(
    tree: BenefitTree,
    found: Lanes,
    columns: Sequence[Column],
    sized: tuple[Sequence[tuple[str, ...]], Sequence[float]],
    middles: Mapping[int, float],
) -> tuple[Box, ...]:
    column_of = _column_of(found)
    boxes = []
    for place, (node, lines, height) in enumerate(zip(tree.nodes, *sized, strict=True)):
        column = columns[column_of[place]]
        y = _round(middles[place] - height / 2)
        boxes.append(Box(node.key, column.x, y, column.width, height, lines))
    return tuple(boxes)


def _ways(
    tree: BenefitTree,
    found: Lanes,
    columns: Sequence[Column],
    middles: Mapping[int, float],
    heights: Sequence[float],
) -> tuple[Way, ...]:
    column_of = _column_of(found)
    leaving = _ports(found, middles, heights, is_leaving=True)
    arriving = _ports(found, middles, heights, is_leaving=False)
    ways = []
    for number, (edge, chain) in enumerate(zip(tree.edges, found.chains, strict=True)):
        points: list[Point] = []
        for step, vertex in enumerate(chain):
            column = columns[column_of[vertex]]
            y = middles[vertex]
            if step == 0:
                points.append((_round(column.x + column.width), _round(leaving[number])))
            elif step == len(chain) - 1:
                points.append((column.x, _round(arriving[number])))
            else:
                points += [(column.x, _round(y)), (_round(column.x + column.width), _round(y))]
        if number in found.turned:
            points.reverse()
        ways.append(Way(edge.cause, edge.effect, tuple(points)))
    return tuple(ways)


def _ports(
    found: Lanes, middles: Mapping[int, float], heights: Sequence[float], *, is_leaving: bool
) -> dict[int, float]:
    """Where on its box's side each edge begins, or ends: in the order of where it goes, so none cross."""
    at: dict[int, list[tuple[float, int]]] = {}
    for number, chain in enumerate(found.chains):
        if chain:
            box, other = (chain[0], chain[1]) if is_leaving else (chain[-1], chain[-2])
            at.setdefault(box, []).append((middles[other], number))
    ports = {}
    for box, ends in at.items():
        gap = min(_PORT_GAP, (heights[box] - 8) / len(ends))
        for place, (_, number) in enumerate(sorted(ends)):
            ports[number] = middles[box] + (place - (len(ends) - 1) / 2) * gap
    return ports


def _round(value: float) -> float:
    return round(value, 1)
